import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type ObjectStore, ObjectStoreError } from '../../../object-store/index.ts';
import { LocalObjectStore } from '../../../object-store/local.ts';
import { createMatcher } from './identities.ts';
import { type RewriteMeans, rewriteFile } from './rewrite.ts';
import { searchFile } from './search.ts';

const directory = mkdtempSync(join(tmpdir(), 'repoint-rewrite-'));
const path = join(directory, 'bucket/people.json');
const place = { bucket: 'bucket', key: 'people.json' };
const person = (id: string) => `${JSON.stringify({ Id: id, ChannelType: 'SMS', Address: '+15550100' })}\n`;
const others = { userIds: [], addresses: [], addressHashes: [] };
const matcher = createMatcher({ applicationId: 'app', endpointIds: ['lea'], ...others });
const { signal } = new AbortController();

/** The local store, with a fault before some of its steps. */
class FaultyStore extends LocalObjectStore {
  faults = 0;
  reads = 0;

  override async findVersions(...given: Parameters<ObjectStore['findVersions']>) {
    if (this.faults > 0) {
      this.faults -= 1;
      throw new ObjectStoreError('unavailable', 'The store is away.');
    }
    return super.findVersions(...given);
  }

  override read(...given: Parameters<LocalObjectStore['read']>) {
    this.reads += 1;
    return super.read(...given);
  }
}

let store: FaultyStore;
let means: RewriteMeans;

beforeEach(() => {
  mkdirSync(join(directory, 'bucket'), { recursive: true });
  writeFileSync(path, person('tom') + person('lea') + person('ada'));
  store = new FaultyStore(directory);
  means = { store, matcher, signal, awaitReaders: async () => undefined };
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('rewriting a file', () => {
  it('completes when the store is back for the last attempt', async () => {
    store.faults = 4;
    expect(await rewriteFile(means, place)).toMatchObject({ rows: 1, kept: [] });
    expect(readFileSync(path, 'utf8')).toBe(person('tom') + person('ada'));
  });

  it('is tried again later when the store stays away', async () => {
    store.faults = 5;
    await expect(rewriteFile(means, place)).rejects.toMatchObject({ passes: true });
  });

  it('leaves a file that is written all the time for later', async () => {
    const awaitReaders = async () => writeFileSync(path, person('lea'));
    const written = rewriteFile({ ...means, awaitReaders }, place);
    await expect(written).rejects.toMatchObject({ name: 'FileNotErasable', passes: true });
    expect(readFileSync(path, 'utf8')).toBe(person('lea'));
  });

  it('does not read again what was searched and is as it was', async () => {
    const earlier = await searchFile(store, place, matcher, signal);
    store.reads = 0;
    expect(await rewriteFile(means, place, earlier)).toMatchObject({ rows: 1 });
    // Once to write what is left, once to find nothing in it.
    expect(store.reads).toBe(2);
  });

  it('reads again what was written since it was searched', async () => {
    const earlier = await searchFile(store, place, matcher, signal);
    writeFileSync(path, person('lea') + person('eve') + person('lea'));
    expect(await rewriteFile(means, place, earlier)).toMatchObject({ rows: 2 });
    expect(readFileSync(path, 'utf8')).toBe(person('eve'));
  });
});
