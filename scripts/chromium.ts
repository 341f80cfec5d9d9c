/** The browser of the browser tests: one that is installed, or Debian's package where that may be installed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const candidates = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Path of an installed Chromium; `REPOINT_TEST_BROWSER` names another. */
export function findChromium(): string | undefined {
  return [process.env['REPOINT_TEST_BROWSER'], ...candidates].find((path) => path !== undefined && existsSync(path));
}

/**
 * Installs Chromium through apt when it is missing and we may.
 * @returns whether there is one now; when not, a sentence on standard error says what to do
 */
export function ensureChromium(): boolean {
  if (findChromium() !== undefined) return true;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Chromium is missing: installing the package `chromium` with apt-get.');
    runAptGet('update');
    // Also when that failed: the lists on this machine may be good enough.
    runAptGet('install', '--yes', '--no-install-recommends', 'chromium');
  }
  if (findChromium() !== undefined) return true;
  console.error(
    'The browser tests need Chromium. Install it (Debian and Ubuntu: `apt-get install chromium`), ' +
      'or set REPOINT_TEST_BROWSER to the path of a Chromium or Chrome, and run the tests again.',
  );
  return false;
}

/** Asks nothing, waits for another apt-get, and gives up soon where there is no network. */
function runAptGet(...words: readonly string[]): void {
  const options = [
    '-q',
    '-o',
    'DPkg::Lock::Timeout=120',
    '-o',
    'Acquire::Retries=1',
    '-o',
    'Acquire::http::Timeout=30',
  ];
  spawnSync('/usr/bin/apt-get', [...options, ...words], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
