/**
 * `npm run generate`: makes server/src/contract/ out of model/. With `--check` it writes nothing and fails when the
 * files on disk are not what it would write.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type PinpointModel, readPinpoint } from './contract/read-pinpoint.ts';
import { readRepoint } from './contract/read-repoint.ts';
import { writeOperations } from './contract/write-operations.ts';
import { writeTypes } from './contract/write-types.ts';
import { writeValidators, writeValidatorTypes } from './contract/write-validators.ts';

const root = resolve(import.meta.dirname, '..');
const target = join(root, 'server/src/contract');

function generate(): ReadonlyMap<string, string> {
  const read = (name: string) => readFileSync(join(root, 'model', name), 'utf8');
  const model = JSON.parse(read('pinpoint-2016-12-01.json')) as PinpointModel;
  const pinpoint = readPinpoint(model, read('pinpoint-overlay.yaml'));
  const repoint = readRepoint(read('repoint-v1.yaml'));
  return new Map([
    ['pinpoint-types.ts', writeTypes(pinpoint, 'model/pinpoint-2016-12-01.json')],
    ['repoint-types.ts', writeTypes(repoint, 'model/repoint-v1.yaml')],
    ['operations.ts', writeOperations([pinpoint, repoint])],
    ['validators.js', writeValidators([pinpoint, repoint])],
    ['validators.d.ts', writeValidatorTypes([pinpoint, repoint])],
  ]);
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Names of files that differ from what would be generated, are missing, or have no business there. */
function outdated(files: ReadonlyMap<string, string>): string[] {
  const strangers = readdirSync(target).filter((name) => !files.has(name));
  const changed = [...files].filter(([name, text]) => readOrNothing(join(target, name)) !== text);
  return [...changed.map(([name]) => name), ...strangers];
}

const files = generate();
mkdirSync(target, { recursive: true });
if (process.argv.includes('--check')) {
  const names = outdated(files);
  if (names.length > 0) {
    console.error(`server/src/contract/ is not what model/ says (${names.join(', ')}): run npm run generate`);
    process.exitCode = 1;
  }
} else {
  for (const [name, text] of files) writeFileSync(join(target, name), text);
}
