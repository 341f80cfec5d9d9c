/** The browser of the browser tests: one that is installed, or Debian's package where that may be installed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const candidates = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
];

/** Path of an installed Chromium; `REPOINT_TEST_BROWSER` names another. */
export function findChromium(): string | undefined {
  return [process.env['REPOINT_TEST_BROWSER'], ...candidates].find((path) => path !== undefined && existsSync(path));
}

/** Installs Chromium through apt when it is missing; ends the process with a sentence when that cannot be done. */
export function ensureChromium(): void {
  if (findChromium() !== undefined) return;
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (mayInstall) {
    console.log('Chromium is missing: installing the package `chromium` with apt-get.');
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const parameters of [
      ['update', '-q'],
      ['install', '-y', '-q', '--no-install-recommends', 'chromium'],
    ]) {
      spawnSync('apt-get', parameters, { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
    }
  }
  if (findChromium() !== undefined) return;
  console.error(
    'The browser tests need Chromium. Install it (Debian and Ubuntu: `apt-get install chromium`), ' +
      'or set REPOINT_TEST_BROWSER to the path of a Chromium or Chrome, and run the tests again.',
  );
  process.exit(1);
}
