/** Requests about people reach into files: E6, E7, E9, E14, E21. */

import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DeleteEndpointCommand, UpdateEndpointCommand } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Subject } from '../../src/database/index.ts';
import { subjectAddress } from '../../src/domains/audience/index.ts';
import { find } from '../../src/domains/erasure/engine/find.ts';
import { readIdentities } from '../../src/domains/erasure/identities/identity.ts';
import { fileLocations } from '../../src/domains/erasure/index.ts';
import { bucketOf } from '../../src/kernel/bucket.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { StoredObject } from '../../src/object-store/index.ts';
import { LocalObjectStore } from '../../src/object-store/local.ts';
import { erase, identity, importRows, newestRequest, newProject, numberOf } from '../support/erasure.ts';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const client = server.client();
const { database } = server;
const objectStore = new LocalObjectStore(join(server.dataDirectory, 'buckets'));
const [transferred, streamed] = fileLocations({ database, clock: systemClock, objectStore });
const signal = new AbortController().signal;

let ApplicationId: string;
let projectNumber: number;
let made = 0;
beforeEach(async () => {
  ApplicationId = await newProject(server);
  projectNumber = await numberOf(server, ApplicationId);
  made += 1;
});

const lines = (...each: object[]) => each.map((row) => `${JSON.stringify(row)}\n`).join('');
const person = (Id: string, more: object = {}) => ({ Id, ChannelType: 'EMAIL', Address: `${Id}@example.com`, ...more });
const fileOf = (key: string) => join(server.dataDirectory, 'buckets', 'people', `t${made}`, key);
const urlOf = (key: string) => `s3://people/t${made}/${key}`;
function put(key: string, content: string | Buffer): void {
  mkdirSync(dirname(fileOf(key)), { recursive: true });
  writeFileSync(fileOf(key), content);
}
const read = (key: string) => readFileSync(fileOf(key)).toString();

/** As a job notes it. */
async function note(
  key: string,
  job: { id: string; kind?: string; begunAt?: Date; direction?: string; checksum?: string },
) {
  const { id, kind = 'IMPORT', begunAt = new Date(), direction = 'read', checksum = null } = job;
  await sql`
    insert into transfer_jobs (project_number, id, kind, account_id, status, definition, updates_segment, created_at,
                               begun_at, completed_at)
    values (${projectNumber}, ${id}, ${kind}, ${server.administrator.accountId}, 'COMPLETED', '{}', false, ${begunAt},
            ${begunAt}, ${kind === 'EXPORT' ? null : new Date()})`.execute(database.query);
  await sql`
    insert into transfer_files (project_number, job_id, url, direction, checksum, recorded_at)
    values (${projectNumber}, ${id}, ${urlOf(key)}, ${direction}, ${checksum}, ${begunAt})`.execute(database.query);
}

const subjectOf = (id: string, at?: Date): Subject => ({
  ...{ accountId: server.administrator.accountId, projectNumber, users: [] },
  endpoints: [{ id, bucket: bucketOf(id) }],
  addresses: [subjectAddress(`${id}@example.com`)],
  through: at && { generation: 1_000_000, at },
});

/** Of one request. */
async function forget(subject: Subject) {
  let erased = 0;
  const forgotten = await transferred?.forget([[subject]], signal, async (_request, rows) => {
    erased += rows;
  });
  return { erased, ...forgotten };
}

describe('a request', { timeout: 60_000 }, () => {
  it('E9 takes the person out of the files of imports, and counts them', async () => {
    put('in.json', lines(person('lea'), person('tom')));
    await importRows(server, ApplicationId, urlOf('in.json'));
    const request = await erase(server, ApplicationId, { Identities: [identity('EMAIL', 'LEA@example.com')] });
    expect(request.State).toBe('COMPLETED');
    expect(request.Locations).toContainEqual(
      expect.objectContaining({ Name: 'import and export files', Found: 1, Erased: 1 }),
    );
    expect(read('in.json')).toBe(lines(person('tom')));
  });

  it('E4 is shown beforehand without waiting for a store that is silent, which the preview says', async () => {
    put('in.json', lines(person('lea'), person('tom')));
    await note('in.json', { id: 'silent' });
    class SilentStore extends LocalObjectStore {
      override async *read(_object: StoredObject, asked?: AbortSignal): AsyncGenerator<Buffer> {
        await once(asked as AbortSignal, 'abort');
        yield* [];
        asked?.throwIfAborted();
      }
    }
    const silent = new SilentStore(join(server.dataDirectory, 'buckets'));
    const look = (store: LocalObjectStore) => {
      const files = fileLocations({ database, clock: systemClock, objectStore: store });
      const project = { accountId: server.administrator.accountId, projectNumber };
      const parts = { database, locations: { rows: [], files } };
      return find(parts, project, readIdentities([{ Type: 'ENDPOINT_ID', Value: 'lea' }], 1), {
        signal,
        filesMilliseconds: 500,
      });
    };
    expect((await look(silent)).unfinished).toEqual(new Set(['import and export files']));
    const { unfinished, counts } = await look(objectStore);
    expect(unfinished.size).toBe(0);
    expect(counts.get('import and export files')).toBe(1);
  });

  it('E14 is not complete while a file cannot be looked through, which it names', async () => {
    await client.send(
      new UpdateEndpointCommand({
        ...{ ApplicationId, EndpointId: 'lea' },
        EndpointRequest: { ChannelType: 'EMAIL', Address: 'lea@example.com' },
      }),
    );
    put('archive.json', Buffer.from('PK\u{3}\u{4}'));
    await note('archive.json', { id: 'archive' });
    const requests = `/repoint/v1/apps/${ApplicationId}/erasure-requests`;
    const body = { Identities: [identity('ENDPOINT_ID', 'lea')] };
    const { body: asked } = await callApi(server, `POST ${requests}`, { body });
    const inState = (State: string) =>
      vi.waitFor(
        async () => {
          const { body: request } = await callApi(server, `GET ${requests}/${asked.Id}`);
          expect(request.State).toBe(State);
          return request;
        },
        { timeout: 50_000, interval: 50 },
      );
    const { Skipped } = await inState('PARTIALLY_COMPLETED');
    expect(Skipped).toEqual([{ What: urlOf('archive.json'), Why: 'The file is a ZIP archive' }]);
    // Whoever deletes the file has the request completed: it is tried again.
    rmSync(fileOf('archive.json'));
    expect((await inState('COMPLETED')).Skipped).toEqual([]);
  });

  it('E23 DeleteEndpoint takes the person out of files too', async () => {
    put('a.json', lines(person('lea'), person('tom')));
    await note('a.json', { id: 'a' });
    for (const EndpointId of ['lea', 'tom']) {
      await client.send(
        new UpdateEndpointCommand({
          ...{ ApplicationId, EndpointId },
          EndpointRequest: { ChannelType: 'EMAIL', Address: `${EndpointId}@example.com` },
        }),
      );
    }
    await client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: 'LEA' }));
    expect(await newestRequest(server, ApplicationId)).toMatchObject({ State: 'COMPLETED' });
    expect(read('a.json')).toBe(lines(person('tom')));
  });
});

describe('the files as places', { timeout: 60_000 }, () => {
  it('E6 waits until an export has written what it began before the acceptance', async () => {
    put('part.json', lines(person('lea'), person('tom')));
    await note('part.json', { id: 'x', kind: 'EXPORT', direction: 'written' });
    let found: number | undefined;
    const finding = transferred?.find([subjectOf('lea', new Date())], signal).then((count) => {
      found = count;
    });
    await pause(700);
    expect(found).toBeUndefined();
    await sql`update transfer_files set checksum = 'x' where project_number = ${projectNumber}`.execute(database.query);
    await finding;
    expect(found).toBe(1);
  });

  it('E6 does not take a file away from an import that reads it', async () => {
    put('a.json', lines(person('lea'), person('tom')));
    await note('a.json', { id: 'a' });
    await sql`update transfer_jobs set completed_at = null where project_number = ${projectNumber}`.execute(
      database.query,
    );
    await sql`
      insert into transfer_pieces (project_number, job_id, piece, url)
      values (${projectNumber}, 'a', 1, ${urlOf('a.json')})`.execute(database.query);
    const forgetting = forget(subjectOf('lea', new Date()));
    await pause(700);
    expect(read('a.json')).toContain('lea');
    await sql`
      update transfer_pieces set finished_at = clock_timestamp() where project_number = ${projectNumber}`.execute(
      database.query,
    );
    expect(await forgetting).toEqual({ erased: 1, skipped: [] });
    expect(read('a.json')).toBe(lines(person('tom')));
  });

  it('E24 are gone through once for all requests that wait, each with its own count', async () => {
    put('a.json', lines(person('lea'), person('tom'), person('lea'), person('ann')));
    await note('a.json', { id: 'a' });
    const accepted = new Date();
    const erased = new Map<number, number>();
    const forgotten = await transferred?.forget(
      [[subjectOf('lea', accepted)], [subjectOf('nobody', accepted)], [subjectOf('tom', accepted)]],
      signal,
      async (request, rows) => {
        erased.set(request, (erased.get(request) ?? 0) + rows);
      },
    );
    expect(forgotten).toEqual({ skipped: [] });
    expect([...erased].sort()).toEqual([
      [0, 2],
      [2, 1],
    ]);
    expect(read('a.json')).toBe(lines(person('ann')));
  });

  it('E7 leaves files alone that were read or written in a later life', async () => {
    const accepted = new Date();
    put('before.json', lines(person('lea')));
    put('after.json', lines(person('lea')));
    await note('before.json', { id: 'before', begunAt: new Date(accepted.getTime() - 1000) });
    await note('after.json', { id: 'after', begunAt: new Date(accepted.getTime() + 1000) });
    expect(await transferred?.find([subjectOf('lea', accepted)], signal)).toBe(1);
    expect(await forget(subjectOf('lea', accepted))).toEqual({ erased: 1, skipped: [] });
    expect(await transferred?.find([subjectOf('lea', accepted)], signal)).toBe(0);
    expect([read('before.json'), read('after.json')]).toEqual(['', lines(person('lea'))]);
  });

  it('E2 leaves alone who has the same address, as requests do', async () => {
    await client.send(
      new UpdateEndpointCommand({
        ...{ ApplicationId, EndpointId: 'shared' },
        EndpointRequest: { ChannelType: 'EMAIL', Address: 'lea@example.com', User: { UserId: 'u-2' } },
      }),
    );
    const theirs = person('shared', { Address: 'lea@example.com', User: { UserId: 'u-2' } });
    put('a.json', lines(person('lea'), theirs));
    await note('a.json', { id: 'a' });
    expect(await forget(subjectOf('lea', new Date()))).toEqual({ erased: 1, skipped: [] });
    expect(read('a.json')).toBe(lines(theirs));
  });

  it('E3 find nothing for a subject that names nobody', async () => {
    put('a.json', lines({ Id: '', Address: '' }, person('tom')));
    await note('a.json', { id: 'a' });
    const nobody = { ...subjectOf('x'), endpoints: [], addresses: [] };
    expect(await transferred?.find([nobody], signal)).toBe(0);
    expect(await forget(nobody)).toEqual({ erased: 0, skipped: [] });
    expect(await streamed?.find([nobody], signal)).toBe(0);
  });

  it('E21 give back what they hold of a person', async () => {
    put('a.json', lines(person('lea', { Attributes: { n: ['1'] } }), person('tom')));
    put('b.csv', 'Id,Address\nlea,"x\ny"\n');
    await note('a.json', { id: 'a' });
    await note('b.csv', { id: 'b' });
    const rows: unknown[] = [];
    for await (const row of transferred?.read(subjectOf('lea'), signal) ?? []) rows.push(row);
    expect(rows).toEqual([
      { file: urlOf('a.json'), row: lines(person('lea', { Attributes: { n: ['1'] } })).trim() },
      { file: urlOf('b.csv'), row: 'lea,"x\ny"' },
    ]);
  });
});
