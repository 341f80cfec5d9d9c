/** A process that is killed again and again while it sends: no message is lost, few are sent twice. */
import { spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { SMTPServer } from 'smtp-server';
import { afterAll, expect, it } from 'vitest';
import { bucketOf } from '../../src/kernel/bucket.ts';
import { openTestDatabase } from '../support/test-database.ts';

const recipients = Number(process.env['REPOINT_TEST_SENDS'] ?? 5_000);
const kills = Number(process.env['REPOINT_TEST_KILLS'] ?? 3);
const connections = 10;
/** dossier: DESIGN decision 6, provider concurrency + 32 */
const twiceAKill = connections + 32;

const { database, connection } = await openTestDatabase();
const projectNumber = 77;
const { query } = database;

/** How often a mail of each Message-ID arrived. */
const arrived = new Map<string, number>();
const sink = new SMTPServer({
  ...{ disabledCommands: ['AUTH', 'STARTTLS'], logger: false },
  onData(stream, _session, done) {
    let text = '';
    stream.on('data', (chunk) => (text += chunk));
    stream.on('end', () => {
      const id = /^Message-ID: <([^>]+)>/im.exec(text)?.[1] ?? 'none';
      arrived.set(id, (arrived.get(id) ?? 0) + 1);
      done();
    });
  },
});
// Whoever is killed breaks off its connections.
sink.on('error', () => {});
await new Promise<void>((listening) => sink.listen(0, '127.0.0.1', listening));
afterAll(() => new Promise<void>((closed) => sink.close(() => closed())));

function start() {
  const { port } = sink.server.address() as AddressInfo;
  const words = [
    ...[connection.url, `smtp://127.0.0.1:${port}`, 'app', String(projectNumber), 'run-1', '2026-11-26T12:00:00.000Z'],
  ];
  const child = spawn(process.execPath, [resolve(import.meta.dirname, '../support/send-process.ts'), ...words], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return { child, ended: new Promise<number | null>((settle) => child.once('exit', settle)) };
}

it(`sends to everybody, killed ${kills} times`, { timeout: 600_000 }, async () => {
  const ids = Array.from({ length: recipients }, (_, number) => `person-${number}`);
  await sql`
    insert into endpoints (project_number, bucket, id, channel_type, address, opt_out, status, cohort, attributes, metrics,
                           demographic, location, user_attributes, created_at, effective_at, request_id)
    select ${projectNumber}, bucket, id, 'EMAIL', id || '@example.com', 'NONE', 'ACTIVE', 0, '{}', '{}', '{}', '{}', '{}',
           now(), now(), ''
    from unnest(${ids}::text[], ${ids.map(bucketOf)}::int[]) as given (id, bucket)`.execute(query);
  for (let kill = 0; kill < kills; kill += 1) {
    const { child, ended } = start();
    const before = arrived.size;
    while (arrived.size === before && child.exitCode === null) await pause(5);
    await pause(Math.random() * 300);
    child.kill('SIGKILL');
    await ended;
  }
  expect(await start().ended).toBe(0);
  const doubled = [...arrived.values()].reduce((sum, times) => sum + times - 1, 0);
  console.log(`${recipients} recipients, ${kills} kills: ${recipients - arrived.size} lost, ${doubled} sent twice`);
  expect(arrived.size).toBe(recipients);
  expect(doubled).toBeLessThanOrEqual(kills * twiceAKill);
  const { rows } = await sql<{ status: string; count: number }>`
    select status, count(*)::int as count from sends where run_id = 'run-1' group by status`.execute(query);
  expect(rows).toEqual([{ status: 'SUCCESSFUL', count: recipients }]);
});
