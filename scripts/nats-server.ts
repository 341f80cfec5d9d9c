/** The NATS server of the tests of event streams: one that is installed, or Debian's package where that may be installed. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installDebianPackage } from './debian-package.ts';

/** Path of an installed nats-server; `REPOINT_TEST_NATS_SERVER` names another. */
export function findNatsServer(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin'];
  const paths = [process.env['REPOINT_TEST_NATS_SERVER'], ...folders.map((folder) => join(folder, 'nats-server'))];
  return paths.find((path) => path !== undefined && existsSync(path));
}

/** @returns whether there is one now; when not, a sentence on standard error says what to do */
export function ensureNatsServer(): boolean {
  if (findNatsServer() !== undefined) return true;
  installDebianPackage('nats-server');
  if (findNatsServer() !== undefined) return true;
  console.error(
    'The tests of event streams need nats-server. Install it (Debian and Ubuntu: `apt-get install nats-server`), ' +
      'or set REPOINT_TEST_NATS_SERVER to its path, and run the tests again.',
  );
  return false;
}
