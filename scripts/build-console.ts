/**
 * Builds the console into console/dist, and only when its sources are others than those of the build that is there.
 * Part of `npm start`, so it does nothing as fast as it can, and never replaces a good build by half a one.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = resolve(import.meta.dirname, '..');
const consoleDirectory = join(root, 'console');
const dist = join(consoleDirectory, 'dist');
/** Beside the files that are served, and not one of them: the server hides names that begin with a dot. */
const stampName = '.sources';
const compressible = /\.(?:js|css|html|svg|json)$/;

/** A digest of everything the build is made of. */
function hashSources(): string {
  const files = [
    'package-lock.json',
    'scripts/build-console.ts',
    'console/index.html',
    ...globSync(['console/*.json', 'console/*.ts', 'console/src/**/*'], { cwd: root }).sort(),
  ].filter((file) => statSync(join(root, file)).isFile());
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

function builtFrom(): string | undefined {
  const stamp = join(dist, stampName);
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
}

function hasVite(): boolean {
  try {
    createRequire(join(consoleDirectory, 'package.json')).resolve('vite');
    return true;
  } catch {
    return false;
  }
}

/**
 * A signal that reaches only the shell of `npm start` would leave this process behind: it ends when its parent is
 * gone. A signal that reaches this process ends it the usual way, and the shell then starts no server.
 */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, 200).unref();
}

/** Compressed once here instead of with every answer. */
function compress(directory: string): void {
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const file = join(directory, name);
    if (!compressible.test(name) || statSync(file).size < 1024) continue;
    const source = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(source, { level: 9 }));
    writeFileSync(`${file}.br`, brotliCompressSync(source, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
  }
}

/** Moves, so that a server that runs meanwhile is without files for a moment only. */
function replaceBuild(next: string, old: string, stamp: string): void {
  try {
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(next, dist);
  } catch (error) {
    // Another start came to the end of the same build between these lines.
    if (builtFrom() !== stamp) throw error;
  }
}

async function build(stamp: string): Promise<void> {
  endWithParent();
  const begun = performance.now();
  // Whoever calls may have another one, such as a test runner: Vite would put React's development build in.
  process.env['NODE_ENV'] = 'production';
  const { build: viteBuild } = (await import(
    createRequire(join(consoleDirectory, 'package.json')).resolve('vite')
  )) as typeof import('vite');
  // A place of its own: two starts at the same time do not write into each other's build.
  const workshop = join(consoleDirectory, `.build-${process.pid}`);
  const next = join(workshop, 'dist');
  try {
    await viteBuild({
      root: consoleDirectory,
      configFile: join(consoleDirectory, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: next, emptyOutDir: true },
    });
    compress(next);
    writeFileSync(join(next, stampName), stamp);
    replaceBuild(next, join(workshop, 'old'), stamp);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
  console.log(`Console built in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
}

const stamp = hashSources();
if (builtFrom() !== stamp) {
  if (hasVite()) await build(stamp);
  else if (!existsSync(join(dist, 'index.html'))) {
    console.log(
      'The console is not built, and its build tools are not installed (npm ci without --omit=dev): serving the API alone.',
    );
  }
}
