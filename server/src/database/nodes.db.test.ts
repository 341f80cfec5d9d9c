import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, expect, it } from 'vitest';
import { openTestDatabase } from '../../tests/support/test-database.ts';
import { claimRange, createWork } from './leases.ts';
import { NodeRegister, readNodeId } from './nodes.ts';

const { database, logger } = await openTestDatabase();
const directory = mkdtempSync(join(tmpdir(), 'repoint-nodes-'));
afterAll(() => rmSync(directory, { recursive: true }));

const register = (nodeId: string, roles: string[] = ['api']) =>
  new NodeRegister(database, { nodeId, roles, version: '0.0.0' }, logger);

it('gives a data directory one identity for ever, and its processes a number each', () => {
  const first = readNodeId(directory, 0);
  expect(first).toMatch(/^[0-9a-f-]{36}\/0$/);
  expect(readNodeId(directory, 0)).toBe(first);
  expect(readNodeId(directory, 3)).toBe(first.replace('/0', '/3'));
  expect(readFileSync(join(directory, 'node-id'), 'utf8').trim()).toBe(first.slice(0, -2));
});

it('counts living processes, nodes and API processes, itself included', async () => {
  const [first, second, third] = [register('a/1'), register('a/2'), register('b/0', ['worker'])];
  await first.run();
  expect(first.population).toEqual({ nodes: 1, processes: 1, apiProcesses: 1 });
  await second.run();
  expect(second.population).toEqual({ nodes: 1, processes: 2, apiProcesses: 2 });
  await third.run();
  expect(third.population).toEqual({ nodes: 2, processes: 3, apiProcesses: 2 });
  await second.drain();
  await third.drain();
  await first.run();
  expect(first.population).toEqual({ nodes: 1, processes: 1, apiProcesses: 1 });
  await first.drain();
});

it('forgets a process that was killed', async () => {
  const killed = register('killed/0');
  await killed.run();
  await killed.stop();
  await sql`update nodes set heartbeat_at = heartbeat_at - interval '31 seconds'`.execute(database.query);
  const other = register('other/0');
  await other.run();
  expect(other.population.nodes).toBe(1);
  await other.drain();
});

it('frees at once what the process held in its former life', async () => {
  const work = { kind: 'test', workId: 'former life' };
  await database.transaction((tx) => createWork(tx, work, 1));
  await claimRange(database.query, work, 'a/1');
  expect(await claimRange(database.query, work, 'b/1')).toBeUndefined();
  const restarted = register('a/1');
  await restarted.run();
  expect(await claimRange(database.query, work, 'b/1')).toMatchObject({ epoch: 2, holder: 'b/1' });
  await restarted.drain();
});
