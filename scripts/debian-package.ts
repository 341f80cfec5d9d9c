/** Installs a Debian package that tests need, where that may be done. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export function installDebianPackage(name: string): void {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  console.log(`Installing the package \`${name}\` with apt-get.`);
  runAptGet('update');
  // Also when that failed: the lists on this machine may be good enough.
  runAptGet('install', '--yes', '--no-install-recommends', name);
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
