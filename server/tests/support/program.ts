/** `repoint` as operators run it: a process of its own, with settings in its environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';
import type { Credentials } from './test-server.ts';

const program = resolve(import.meta.dirname, '../../src/main.ts');
const patienceMilliseconds = 60_000;

export type Settings = Readonly<Record<string, string>>;

export interface Outcome {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs a command to its end. */
export async function runProgram(words: readonly string[], settings: Settings): Promise<Outcome> {
  const { child, text } = start(words, settings);
  const exitCode = await new Promise<number | null>((settle) => child.once('close', settle));
  return { exitCode, ...text() };
}

export interface RunningProgram {
  readonly child: ChildProcess;
  readonly origin: string;
  text(): { output: string; errors: string };
  /** Ends it, cleanly unless another signal is given. */
  end(signal?: NodeJS.Signals): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts `repoint serve` on a free port; resolves when it says that it is ready. */
export async function startServer(settings: Settings): Promise<RunningProgram> {
  const { child, text } = start(['serve'], { REPOINT_PORT: '0', ...settings });
  const ended = new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>((settle) =>
    child.once('close', (exitCode, signal) => settle({ exitCode, signal })),
  );
  const origin = await new Promise<string>((settle, fail) => {
    const timer = setTimeout(() => fail(new Error(`not ready: ${JSON.stringify(text())}`)), patienceMilliseconds);
    child.stdout?.on('data', () => {
      const url = /API: (http:\S+)/.exec(text().output)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      settle(url);
    });
    void ended.then(() => {
      clearTimeout(timer);
      fail(new Error(`it ended: ${JSON.stringify(text())}`));
    });
  });
  const end = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    return ended;
  };
  return { child, origin, text, end };
}

function start(words: readonly string[], settings: Settings) {
  const child = spawn(process.execPath, [program, ...words], {
    env: { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Of a test that ended early nothing may stay behind.
    detached: false,
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (errors += chunk));
  running.add(child);
  child.once('close', () => running.delete(child));
  return { child, text: () => ({ output, errors }) };
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A data directory, removed after the tests of the file. */
export function makeDataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'repoint-data-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** The profile that the first start wrote. */
export function readCredentials(dataDirectory: string): Credentials {
  const text = readFileSync(join(dataDirectory, 'credentials'), 'utf8');
  const value = (name: string) => new RegExp(`^${name} = (.+)$`, 'm').exec(text)?.[1] ?? '';
  return { accessKeyId: value('aws_access_key_id'), secretAccessKey: value('aws_secret_access_key') };
}
