/** E21: archives when something else happens while they are written: an erasure, another run, a place that cannot be read. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openEngine } from '../../../../tests/support/erasure-parts.ts';
import { openTestDatabase } from '../../../../tests/support/test-database.ts';
import type { FileLocation, LocatedRow } from '../../../database/index.ts';
import { type ObjectVersion, openObjectStore, type StoredObject } from '../../../object-store/index.ts';
import { readIdentities } from '../identities/identity.ts';
import { askContent } from './content.ts';
import { createAccess } from './create.ts';
import { archiveLocation } from './location.ts';
import { type AccessParts, runAccess } from './run.ts';
import { findAccess } from './store.ts';

const testDatabase = await openTestDatabase();
const { database } = testDatabase;
const engine = await openEngine(testDatabase);
const dataDirectory = mkdtempSync(join(tmpdir(), 'repoint-access-'));
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));
const objectStore = openObjectStore({ objectStore: 'local', dataDirectory, s3: { endpoint: undefined, region: '' } });
const folder = { bucket: 'repoint', key: 'access/test/' };
const { signal } = new AbortController();

/** A place of files whose reading a test can watch. */
function place(read: () => AsyncGenerator<LocatedRow>, found = 0): FileLocation {
  const none = { hasAny: async () => false, isBeingWritten: async () => false, forget: async () => ({ skipped: [] }) };
  return { name: 'test files', files: [], find: async () => found, read, ...none };
}

async function* nothing(): AsyncGenerator<LocatedRow> {}

const partsWith = (file: FileLocation): AccessParts => ({
  ...{ erasure: engine.with({ files: [file] }), inventory: [], objectStore, folder, ended: [] },
});

async function ask() {
  const project = await engine.newProject();
  await engine.write(project.projectNumber, ['somebody']);
  const identities = readIdentities([{ Type: 'ENDPOINT_ID', Value: 'somebody' }], 1);
  const asked = {
    ...project,
    identities,
    callerId: undefined,
    hours: undefined,
    origin: 'API',
    now: new Date(),
  } as const;
  const key = await database.transaction((tx) => createAccess(engine.parts, folder, tx, asked));
  const archives = async () => {
    const found: StoredObject[] = [];
    for await (const object of objectStore.list({ ...folder })) if (key.url.endsWith(object.key)) found.push(object);
    return found.length;
  };
  return { project, identities, key, archives };
}

it('an erasure while it is written ends it: no archive stays', async () => {
  const { project, identities, key, archives } = await ask();
  const location = archiveLocation({ database, objectStore, audience: engine.parts.audience });
  async function* erasing(): AsyncGenerator<LocatedRow> {
    const { subjects } = await askContent(engine.parts, project, identities);
    expect(await location.find(subjects, signal)).toBe(1);
    const told: number[][] = [];
    await location.forget([subjects], signal, async (...what) => void told.push(what));
    expect(told).toEqual([[0, 1]]);
    expect(await location.find(subjects, signal)).toBe(0);
    yield* nothing();
  }
  await runAccess(partsWith(place(erasing)), key, false, signal);
  expect(await findAccess(database.query, key)).toBeUndefined();
  expect(await archives()).toBe(0);
});

it('an archive that the store keeps is found again, and no link leads to it', async () => {
  const { project, identities, key, archives } = await ask();
  await runAccess(partsWith(place(nothing)), key, false, signal);
  const keeping = {
    ...{ find: objectStore.find.bind(objectStore), findVersions: objectStore.findVersions.bind(objectStore) },
    removeVersions: async (versions: readonly ObjectVersion[]) =>
      versions.map((version) => ({ version, reason: 'It is locked.' })),
  } as unknown as typeof objectStore;
  const location = archiveLocation({ database, objectStore: keeping, audience: engine.parts.audience });
  const { subjects } = await askContent(engine.parts, project, identities);
  const told: number[] = [];
  const { skipped } = await location.forget([subjects], signal, async (_request, rows) => void told.push(rows));
  expect([skipped, told]).toEqual([[{ what: key.url, why: 'It is locked.' }], []]);
  expect([await location.find(subjects, signal), await archives()]).toEqual([1, 1]);
  expect((await findAccess(database.query, key))?.state).toBe('EXPIRED');
});

it('another run that takes over has the archive to itself', async () => {
  const { key, archives } = await ask();
  async function* overtaken(): AsyncGenerator<LocatedRow> {
    await runAccess(partsWith(place(nothing)), key, false, signal);
    yield* nothing();
  }
  await runAccess(partsWith(place(overtaken)), key, false, signal);
  const request = await findAccess(database.query, key);
  expect([request?.state, request?.epoch, request?.sealedIdentities]).toEqual(['COMPLETED', 2, null]);
  expect(await archives()).toBe(1);
});

it('a place in which more is found than can be read keeps it from being finished', async () => {
  const { key, archives } = await ask();
  const parts = partsWith(place(nothing, 1));
  await expect(runAccess(parts, key, false, signal)).rejects.toThrow('test files');
  expect((await findAccess(database.query, key))?.state).toBe('READING');
  await expect(runAccess(parts, key, true, signal)).rejects.toThrow('test files');
  const request = await findAccess(database.query, key);
  expect([request?.state, request?.sealedIdentities, await archives()]).toEqual(['FAILED', null, 0]);
});
