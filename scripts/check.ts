/**
 * `npm run check`: types, lint and formatting, import order, generated files. All at once; prints what fails, and ends
 * with an exit code other than 0 when something does.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

const checks: Record<string, readonly string[]> = {
  types: ['tsc', '--noEmit', '-p', '.'],
  'types of the console': ['tsc', '--noEmit', '-p', 'console'],
  'lint and formatting': ['biome', 'ci', '--colors=off', '.'],
  'import order': ['node', 'scripts/check-imports.ts'],
  'generated contract': ['node', 'scripts/generate-contract.ts', '--check'],
  'generated schema': ['node', 'scripts/dump-schema.ts', '--check'],
  'table of operations': ['node', 'scripts/operations.ts', '--check'],
};

interface Outcome {
  readonly name: string;
  readonly passed: boolean;
  readonly output: string;
  readonly seconds: number;
}

function run(name: string, [command, ...parameters]: readonly string[]): Promise<Outcome> {
  const begun = performance.now();
  const child = spawn(command as string, parameters, {
    cwd: root,
    env: { ...process.env, PATH: `${root}/node_modules/.bin:${process.env['PATH']}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((settle) => {
    const done = (passed: boolean) => settle({ name, passed, output, seconds: (performance.now() - begun) / 1000 });
    child.on('error', (error) => {
      output += error.message;
      done(false);
    });
    child.on('close', (code) => done(code === 0));
  });
}

const outcomes = await Promise.all(Object.entries(checks).map(([name, command]) => run(name, command)));
for (const { name, passed, output, seconds } of outcomes) {
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`);
  if (!passed) console.log(output.trimEnd().replaceAll(/^/gm, '       '));
}
process.exitCode = outcomes.every(({ passed }) => passed) ? 0 : 1;
