/** Starts what is measured as processes of its own, and reads what they use. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LoadResult, LoadTask } from './load.ts';

const root = resolve(import.meta.dirname, '..');

export interface RunningServer {
  readonly port: number;
  /** Of every process of the server, by name of what it is, in MB of resident memory. */
  memoryMegabytes(): number;
  stop(): Promise<void>;
}

export interface BenchServer extends RunningServer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly readyAfterMilliseconds: number;
}

/** A data directory below the system's temporary folder, removed by `remove`. */
export function temporaryDataDirectory(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'repoint-bench-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts `repoint serve` as users do and waits for `/readyz`. */
export async function startRepoint(dataDirectory: string, settings: Record<string, string> = {}): Promise<BenchServer> {
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const begun = performance.now();
  const child = spawn(process.execPath, ['server/src/main.ts', 'serve'], {
    cwd: root,
    env: {
      ...process.env,
      REPOINT_DATA_DIR: dataDirectory,
      REPOINT_PORT: String(port),
      REPOINT_LOG_LEVEL: 'warn',
      ...settings,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await waitUntilReady(port, child);
  const credentials = readFileSync(join(dataDirectory, 'credentials'), 'utf8');
  const value = (name: string) => new RegExp(`^${name} = (.+)$`, 'm').exec(credentials)?.[1] ?? '';
  return {
    port,
    accessKeyId: value('aws_access_key_id'),
    secretAccessKey: value('aws_secret_access_key'),
    readyAfterMilliseconds: performance.now() - begun,
    memoryMegabytes: () => residentMegabytes(child.pid as number),
    stop: () => end(child),
  };
}

/** Another process of a deployment that does background work: its part of what is under way. */
export async function startWorker({
  databaseUrl,
  masterKey,
}: {
  readonly databaseUrl: string;
  readonly masterKey: string;
}): Promise<{ stop(): Promise<void> }> {
  const data = temporaryDataDirectory();
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const child = spawn(process.execPath, ['server/src/main.ts', 'serve'], {
    cwd: root,
    env: {
      ...process.env,
      ...{ REPOINT_DATA_DIR: data.path, REPOINT_PORT: String(port), REPOINT_LOG_LEVEL: 'warn' },
      ...{ REPOINT_DATABASE_URL: databaseUrl, REPOINT_MASTER_KEY: masterKey, REPOINT_ROLES: 'worker,scheduler' },
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await waitUntilReady(port, child);
  return {
    async stop() {
      await end(child);
      data.remove();
    },
  };
}

/** Starts the bare server of `bare-server.ts`, the ceiling. */
export async function startBareServer(processes: number, body: string): Promise<RunningServer> {
  return startProgram('bare-server.ts', [String(processes), body]);
}

/** Starts the SMPP server of `smsc-server.ts`. */
export async function startSmscServer(): Promise<RunningServer> {
  return startProgram('smsc-server.ts', []);
}

/** A program of this folder that writes its port to standard output once it listens. */
async function startProgram(file: string, parameters: readonly string[]): Promise<RunningServer> {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<number>((settle, fail) => {
    child.stdout?.once('data', (chunk) => settle(Number(String(chunk).trim())));
    child.once('exit', () => fail(new Error(`${file} did not start`)));
  });
  return { port, memoryMegabytes: () => residentMegabytes(child.pid as number), stop: () => end(child) };
}

/** Runs the load generator as its own process. */
export async function runLoad(task: LoadTask): Promise<LoadResult> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'load.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(task));
  let output = '';
  for await (const chunk of child.stdout) output += chunk;
  return JSON.parse(output) as LoadResult;
}

async function waitUntilReady(port: number, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with exit code ${child.exitCode}`);
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resume) => setTimeout(resume, 10));
  }
}

function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+([0-9]+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((settle) => {
    child.once('exit', () => settle());
    child.kill('SIGTERM');
  });
}
