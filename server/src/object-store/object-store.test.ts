/** One contract for all stores; then what only one of them can get wrong. */
import { spawnSync } from 'node:child_process';
import { hash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { s3Credentials, startS3Server, startUnreliableWay } from '../../tests/support/s3-server.ts';
import { startVersionedS3Server } from '../../tests/support/versioned-s3-server.ts';
import { LocalObjectStore } from './local.ts';
import { type ObjectStore, type Place, parsePlace, type StoredObject } from './object-store.ts';
import { S3ObjectStore } from './s3.ts';

const root = mkdtempSync(join(tmpdir(), 'repoint-buckets-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const directory = join(root, 'buckets');
const s3Server = await startS3Server(['crm']);
const s3 = (endpoint: string, patienceMilliseconds = 20_000) =>
  new S3ObjectStore({ endpoint, region: 'us-east-1', credentials: s3Credentials, patienceMilliseconds });

const stores: Record<string, ObjectStore> = {
  local: new LocalObjectStore(directory),
  s3: s3(s3Server.endpoint),
  's3 with versions': s3((await startVersionedS3Server()).endpoint),
};

const at = (key: string): Place => ({ bucket: 'crm', key });
const signal = new AbortController().signal;
async function* content(...parts: (string | Buffer)[]) {
  for (const part of parts) yield Buffer.from(part);
}
async function readAll(store: ObjectStore, object: StoredObject): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of store.read(object, signal)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
async function gather<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
const find = async (store: ObjectStore, key: string) => (await store.find(at(key))) as StoredObject;
const keysOf = async (store: ObjectStore, key: string) =>
  (await gather(store.list(at(key)))).map((object) => object.key).toSorted();
const fault = (name: string) => expect.objectContaining({ name: 'ObjectStoreError', fault: name });

it.each([
  ['s3://crm/a/b.csv', { bucket: 'crm', key: 'a/b.csv' }],
  ['s3://crm', { bucket: 'crm', key: '' }],
  ['s3://crm/ä b+%20', { bucket: 'crm', key: 'ä b+%20' }],
  ['s3:///a', undefined],
  ['s3://../a', undefined],
  ['s3://.unfinished/a', undefined],
  ['https://crm/a', undefined],
  ['s3://crm/a\0b', undefined],
  [`s3://crm/${'k'.repeat(1025)}`, undefined],
])('reads %j as a place', (url, place) => {
  expect(parsePlace(url)).toEqual(place);
});

describe.each(Object.entries(stores))('%s', (_name, store) => {
  it('gives back what was written, and finds nothing where nothing is', async () => {
    await store.write(at('in/one file.csv'), content('Id\n', 'ä\n'));
    const object = await find(store, 'in/one file.csv');
    expect(object).toMatchObject({ ...at('in/one file.csv'), bytes: 6 });
    expect((await readAll(store, object)).toString()).toBe('Id\nä\n');
    expect(await store.find(at('in/other'))).toBeUndefined();
    expect(await store.find(at('in/'))).toBeUndefined();
    expect(await store.find(at('in'))).toBeUndefined();
  });

  it('lists by the beginning of the key, with subfolders', async () => {
    for (const key of ['list/b/2.csv', 'list/b.csv', 'list/a.csv', 'list/b/1.csv', 'list-2/c.csv']) {
      await store.write(at(key), content('x'));
    }
    expect(await keysOf(store, 'list/')).toEqual(['list/a.csv', 'list/b.csv', 'list/b/1.csv', 'list/b/2.csv']);
    expect(await keysOf(store, 'list/b/')).toEqual(['list/b/1.csv', 'list/b/2.csv']);
    expect(await keysOf(store, 'list')).toEqual([
      ...['list-2/c.csv', 'list/a.csv', 'list/b.csv', 'list/b/1.csv', 'list/b/2.csv'],
    ]);
    expect(await keysOf(store, 'nothing/')).toEqual([]);
  });

  it('writes empty objects, and large ones in parts', { timeout: 60_000 }, async () => {
    await store.write(at('empty.gz'), content());
    expect(await readAll(store, await find(store, 'empty.gz'))).toHaveLength(0);
    const parts = Array.from({ length: 40 }, () => randomBytes(1_000_000));
    await store.write(at('large.gz'), content(...parts));
    expect((await readAll(store, await find(store, 'large.gz'))).equals(Buffer.concat(parts))).toBe(true);
  });

  it('leaves what was there when writing fails', async () => {
    await store.write(at('kept'), content('old'));
    const broken = (async function* () {
      yield randomBytes(17 * 1024 * 1024);
      throw new RangeError('no more');
    })();
    await expect(store.write(at('kept'), broken)).rejects.toThrow('no more');
    expect((await readAll(store, await find(store, 'kept'))).toString()).toBe('old');
    await store.write(at('kept'), content('new'));
    expect((await readAll(store, await find(store, 'kept'))).toString()).toBe('new');
  });

  it('removes, twice too', async () => {
    await store.write(at('removed'), content('x'));
    for (const _time of [1, 2]) await store.remove(at('removed'));
    expect(await store.find(at('removed'))).toBeUndefined();
  });

  it('reads no further once told to stop, and not at all when told before', async () => {
    await store.write(at('long'), content(randomBytes(2_000_000)));
    const object = await find(store, 'long');
    await expect(gather(store.read(object, AbortSignal.abort()))).rejects.toThrow(/abort/i);
    const stop = new AbortController();
    const begun = store.read(object, stop.signal)[Symbol.asyncIterator]();
    expect((await begun.next()).value?.length).toBeGreaterThan(0);
    stop.abort();
    await expect(begun.next()).rejects.toThrow(/abort/i);
  });

  it('does not read another version than the one that was found', async () => {
    await store.write(at('changing'), content('first'));
    const object = await find(store, 'changing');
    await store.write(at('changing'), content('other'));
    await expect(readAll(store, object)).rejects.toEqual(fault('changed'));
  });
});

describe('the local store', () => {
  const store = stores['local'] as ObjectStore;
  mkdirSync(join(directory, 'links'), { recursive: true });
  writeFileSync(join(root, 'secret'), 'secret');

  it.each(['../secret', 'a/../../../secret', './a', 'a//b', '..'])('has no key %j', async (key) => {
    await expect(store.find(at(key))).rejects.toEqual(fault('refused'));
    await expect(store.write(at(key), content('x'))).rejects.toEqual(fault('refused'));
    await expect(store.remove(at(key))).rejects.toEqual(fault('refused'));
  });

  it('follows no link that leads out, neither to read, nor to list, nor to write', async () => {
    symlinkSync(join(root, 'secret'), join(directory, 'links', 'file'));
    symlinkSync(root, join(directory, 'links', 'folder'));
    const link = (key: string) => ({ bucket: 'links', key });
    await expect(store.find(link('file'))).rejects.toEqual(fault('refused'));
    await expect(store.find(link('folder/secret'))).rejects.toEqual(fault('refused'));
    await expect(gather(store.list(link('folder/')))).rejects.toEqual(fault('refused'));
    expect(await gather(store.list(link('')))).toEqual([]);
    await expect(store.write(link('folder/made'), content('x'))).rejects.toEqual(fault('refused'));
    await expect(store.remove(link('folder/secret'))).rejects.toEqual(fault('refused'));
    await store.write(link('file'), content('inside'));
    expect(readFileSync(join(root, 'secret'), 'utf8')).toBe('secret');
    expect(readdirSync(root).toSorted()).toEqual(['buckets', 'secret']);
  });

  it('notices that a file grows while it is read', async () => {
    await store.write(at('growing'), content(Buffer.alloc(1_000_000, 'x')));
    const object = await find(store, 'growing');
    const read = async () => {
      for await (const _chunk of store.read(object, signal)) writeFileSync(join(directory, 'crm/growing'), 'more');
    };
    await expect(read()).rejects.toEqual(fault('changed'));
  });

  it('does not keep the beginning of what the disk has no room for', () => {
    const folder = join(root, 'full');
    const write = `
      const { LocalObjectStore } = await import(${JSON.stringify(join(import.meta.dirname, 'local.ts'))});
      const content = async function* () { yield Buffer.alloc(1_500_000) };
      await new LocalObjectStore(${JSON.stringify(folder)}).write({ bucket: 'crm', key: 'cut' }, content());`;
    // A limit for files acts like a full disk: what fits is written first. The signal that comes with it is passed over.
    const limited = ['-c', 'trap "" XFSZ; ulimit -f 1000; exec "$0" --input-type=module -e "$1"'];
    const { status, stderr } = spawnSync('sh', [...limited, process.execPath, write], { encoding: 'utf8' });
    expect(stderr).toContain('EFBIG');
    expect(status).toBe(1);
    expect(readdirSync(folder)).toEqual(['.unfinished']);
    expect(readdirSync(join(folder, '.unfinished'))).toEqual([]);
  });

  it('removes what a killed process left of an object once it is written again', async () => {
    const [bucket, key] = ['crm', 'again'];
    writeFileSync(join(directory, '.unfinished', `${hash('sha256', `${bucket}/${key}`)}.left`), 'half');
    await store.write(at('again'), content('x'));
    expect(readdirSync(join(directory, '.unfinished'))).toEqual([]);
  });
});

describe('an unreliable S3', async () => {
  const way = await startUnreliableWay(s3Server);
  const store = s3(way.endpoint, 300);
  const body = randomBytes(3_000_000);
  await (stores['s3'] as ObjectStore).write(at('far'), content(body));

  it('is asked again after refusals, silence, and bodies that break off or stand still', async () => {
    const object = await find(store, 'far');
    way.misbehave(['500', 'hang', 'break', '500', 'stall', 'break']);
    expect((await readAll(store, object)).equals(body)).toBe(true);
    way.misbehave(['500', '500']);
    expect(await find(store, 'far')).toEqual(object);
  });

  it.each(['500', 'hang'] as const)(
    'is given up when it does nothing but %s',
    async (misbehaviour) => {
      const object = await find(store, 'far');
      way.misbehave({ always: misbehaviour });
      await expect(readAll(store, object)).rejects.toEqual(fault('unavailable'));
      await expect(find(store, 'far')).rejects.toEqual(fault('unavailable'));
      way.misbehave([]);
    },
    30_000,
  );

  it('says what is wrong when the bucket is not there', async () => {
    await expect(gather(store.list({ bucket: 'nowhere', key: '' }))).rejects.toEqual(fault('missing'));
  });
});
