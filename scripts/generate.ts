/**
 * `npm run generate` writes everything in the repository that is made from something else (contract, schema, coverage).
 * `npm run generate -- --endpoints 1000000 --out people.ndjson.gz [--seed 1]` writes people to import instead.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writePeople } from './people/write-people.ts';

const { values } = parseArgs({
  options: { endpoints: { type: 'string' }, out: { type: 'string' }, seed: { type: 'string', default: '1' } },
});

if (values.endpoints === undefined) generateFiles();
else await generatePeopleFile(values.endpoints, values.out, values.seed);

function generateFiles(): void {
  for (const script of ['generate-contract.ts', 'dump-schema.ts', 'operations.ts --quiet']) {
    const [name, ...words] = script.split(' ');
    const { status } = spawnSync(process.execPath, [join(import.meta.dirname, name as string), ...words], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exit(status ?? 1);
  }
}

async function generatePeopleFile(endpoints: string, out: string | undefined, seed: string): Promise<void> {
  if (out === undefined || !/^[1-9][0-9]{0,9}$/.test(endpoints) || !/^[0-9]{1,9}$/.test(seed)) {
    console.error('Usage: npm run generate -- --endpoints COUNT --out FILE.ndjson[.gz] [--seed NUMBER]');
    process.exitCode = 1;
    return;
  }
  await writePeople(out, { endpoints: Number(endpoints), seed: Number(seed) });
}
