/**
 * `npm test`: makes sure that what the tests need is there, then runs them all. Further words go to vitest
 * (`npm test -- server/src/http`).
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ensureChromium } from './chromium.ts';
import { ensureNatsServer } from './nats-server.ts';

const root = resolve(import.meta.dirname, '..');
/** Tests that need a program which npm does not bring, and what brings it. */
const needs: readonly { readonly tests: string; readonly ensure: () => boolean }[] = [
  { tests: resolve(root, 'server/tests/browser'), ensure: ensureChromium },
  { tests: resolve(root, 'server/tests/sdk/event-destinations.db.test.ts'), ensure: ensureNatsServer },
];

/** Only paths beside the tests were named. */
function leavesOut(tests: string, words: readonly string[]): boolean {
  const paths = words.filter((word) => !word.startsWith('-')).map((word) => resolve(root, word));
  const beside = (path: string) => existsSync(path) && !tests.startsWith(path) && !path.startsWith(tests);
  return paths.length > 0 && paths.every(beside);
}

const words = process.argv.slice(2);
if (needs.every(({ tests, ensure }) => leavesOut(tests, words) || ensure())) {
  const vitest = resolve(root, 'node_modules/vitest/vitest.mjs');
  const tests = spawn(process.execPath, [vitest, 'run', ...words], { cwd: root, stdio: 'inherit' });
  // A signal that reaches only this process must not leave the tests behind; Ctrl-C reaches them by itself.
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => tests.kill(signal));
  process.on('SIGINT', () => {});
  tests.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
} else {
  process.exitCode = 1;
}
