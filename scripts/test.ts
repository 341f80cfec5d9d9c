/**
 * `npm test`: makes sure that what the tests need is there, then runs them all. Further words go to vitest
 * (`npm test -- server/src/http`).
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { ensureChromium } from './chromium.ts';

const root = resolve(import.meta.dirname, '..');
ensureChromium();
const { status } = spawnSync(
  process.execPath,
  [resolve(root, 'node_modules/vitest/vitest.mjs'), 'run', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
process.exit(status ?? 1);
