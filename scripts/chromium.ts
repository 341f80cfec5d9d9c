/** The browser of the browser tests: one that is installed, or Debian's package where that may be installed. */
import { existsSync } from 'node:fs';
import { installDebianPackage } from './debian-package.ts';

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
  installDebianPackage('chromium');
  if (findChromium() !== undefined) return true;
  console.error(
    'The browser tests need Chromium. Install it (Debian and Ubuntu: `apt-get install chromium`), ' +
      'or set REPOINT_TEST_BROWSER to the path of a Chromium or Chrome, and run the tests again.',
  );
  return false;
}
