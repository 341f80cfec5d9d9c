/** What stores keep under a name, how it is removed for ever, and how an object is replaced under a reader's eyes. */
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { s3Credentials, startS3Server } from '../../tests/support/s3-server.ts';
import { startVersionedS3Server } from '../../tests/support/versioned-s3-server.ts';
import { LocalObjectStore } from './local.ts';
import type { ObjectStore, ObjectVersion, Place, StoredObject } from './object-store.ts';
import { S3ObjectStore } from './s3.ts';

const directory = mkdtempSync(join(tmpdir(), 'repoint-buckets-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const plainServer = await startS3Server(['crm']);
const server = await startVersionedS3Server();
beforeEach(() => {
  server.meanwhile = undefined;
});
const at3 = (endpoint: string) => new S3ObjectStore({ endpoint, region: 'us-east-1', credentials: s3Credentials });
const versioned = at3(server.endpoint);
const stores: Record<string, ObjectStore> = {
  local: new LocalObjectStore(directory),
  s3: at3(plainServer.endpoint),
  's3 with versions': versioned,
};
const client = new S3Client({
  ...{ region: 'us-east-1', endpoint: server.endpoint, credentials: s3Credentials, forcePathStyle: true },
  requestChecksumCalculation: 'WHEN_REQUIRED',
});
afterAll(() => client.destroy());

const at = (key: string): Place => ({ bucket: 'crm', key });
const signal = new AbortController().signal;
const fault = (name: string) => expect.objectContaining({ name: 'ObjectStoreError', fault: name });
async function* content(...parts: (string | Buffer)[]) {
  for (const part of parts) yield Buffer.from(part);
}
async function readText(store: ObjectStore, object: StoredObject): Promise<string> {
  let text = '';
  for await (const chunk of store.read(object, signal)) text += chunk;
  return text;
}
const put = (store: ObjectStore, key: string, text: string) => store.write(at(key), content(text));
const find = async (store: ObjectStore, key: string) => (await store.find(at(key))) as StoredObject;
const isThere = (version: ObjectVersion) => version.kind === 'content' && version.isCurrent;

describe.each(Object.entries(stores))('%s', (name, store) => {
  it('finds all that is kept under a name, and nothing of longer names', async () => {
    await put(store, 'a.csv', 'one');
    await put(store, 'a.csv', 'two');
    await put(store, 'a.csv.gz', 'other');
    const versions = await store.findVersions(at('a.csv'));
    expect(versions.every(({ key }) => key === 'a.csv')).toBe(true);
    expect(versions.filter(isThere)).toHaveLength(1);
    expect(await readText(store, versions.find(isThere) as StoredObject)).toBe('two');
    expect(versions).toHaveLength(name === 's3 with versions' ? 2 : 1);
    expect(await store.findVersions(at('nothing'))).toEqual([]);
  });

  it('removes for ever, twice too', async () => {
    await put(store, 'gone/a', 'one');
    await put(store, 'gone/a', 'two');
    await store.remove(at('gone/a'));
    await put(store, 'gone/b', 'three');
    const versions: ObjectVersion[] = [];
    for await (const version of store.listVersions(at('gone/'))) versions.push(version);
    for (const _time of [1, 2]) expect(await store.removeVersions(versions)).toEqual([]);
    for await (const version of store.listVersions(at('gone/'))) expect.fail(`${version.key} is still there`);
    expect(await store.find(at('gone/b'))).toBeUndefined();
  });

  it('replaces an object, large ones too', { timeout: 60_000 }, async () => {
    await put(store, 'replaced', 'old');
    await store.replace(await find(store, 'replaced'), content('new'), signal);
    expect(await readText(store, await find(store, 'replaced'))).toBe('new');
    const large = randomBytes(20_000_000);
    await store.replace(await find(store, 'replaced'), content(large.subarray(0, 17), large.subarray(17)), signal);
    const digest = createHash('sha256');
    for await (const chunk of store.read(await find(store, 'replaced'), signal)) digest.update(chunk);
    expect(digest.digest('hex')).toBe(createHash('sha256').update(large).digest('hex'));
  });

  it('leaves alone what somebody else wrote meanwhile', async () => {
    await put(store, 'contended', 'old');
    const object = await find(store, 'contended');
    const late = (async function* () {
      yield Buffer.from('ours');
      await put(store, 'contended', 'theirs');
    })();
    await expect(store.replace(object, late, signal)).rejects.toEqual(fault('changed'));
    expect(await readText(store, await find(store, 'contended'))).toBe('theirs');
  });

  it('leaves what was there when the content fails', { timeout: 60_000 }, async () => {
    await put(store, 'kept', 'old');
    const broken = (async function* () {
      yield randomBytes(17 * 1024 * 1024);
      throw new RangeError('no more');
    })();
    await expect(store.replace(await find(store, 'kept'), broken, signal)).rejects.toThrow('no more');
    expect(await readText(store, await find(store, 'kept'))).toBe('old');
  });
});

describe('s3 with versions', () => {
  it('keeps what belongs to an object besides its content', async () => {
    const headers = { ContentType: 'text/csv', ContentEncoding: 'identity', CacheControl: 'no-store' };
    const target = { Bucket: 'crm', Key: 'described' };
    await client.send(
      new PutObjectCommand({ ...target, ...headers, Metadata: { owner: 'crm' }, Tagging: 'a=1&b=x%20y', Body: 'old' }),
    );
    await versioned.replace(await find(versioned, 'described'), content('new'), signal);
    const head = await client.send(new HeadObjectCommand(target));
    expect(head).toMatchObject({ ...headers, Metadata: { owner: 'crm' } });
    expect(server.versions('described').at(-1)?.headers['x-amz-tagging']).toBe('a=1&b=x+y');
  });

  it('asks for the condition itself, whatever is written after the last look', async () => {
    await put(versioned, 'raced', 'old');
    const object = await find(versioned, 'raced');
    let once = true;
    server.meanwhile = async (request) => {
      if (request !== 'PUT raced?x-id=PutObject' || !once) return;
      once = false;
      await put(versioned, 'raced', 'theirs');
    };
    await expect(versioned.replace(object, content('ours'), signal)).rejects.toEqual(fault('changed'));
    expect(await readText(versioned, await find(versioned, 'raced'))).toBe('theirs');
    expect(server.versions('raced')).toHaveLength(2);
  });

  it('shows what was there again when something else than was written is given back', async () => {
    await put(versioned, 'damaged', 'old');
    const object = await find(versioned, 'damaged');
    server.meanwhile = (request) => {
      if (!request.startsWith('GET damaged?versionId')) return;
      writeFileSync(server.versions('damaged').at(-1)?.file as string, 'NEW');
    };
    await expect(versioned.replace(object, content('new'), signal)).rejects.toEqual(fault('unavailable'));
    server.meanwhile = undefined;
    expect(await readText(versioned, await find(versioned, 'damaged'))).toBe('old');
  });

  it('names what the store keeps: legal holds and retention', async () => {
    for (const text of ['one', 'two', 'three']) await put(versioned, 'locked', text);
    await versioned.remove(at('locked'));
    const versions = await versioned.findVersions(at('locked'));
    const [first, second] = server.versions('locked').map(({ versionId }) => versionId) as [string, string];
    server.lock('locked', first, { hold: true });
    server.lock('locked', second, { until: new Date('2031-01-01T00:00:00Z') });
    const kept = await versioned.removeVersions(versions);
    expect(kept.map(({ version, reason }) => [version.versionId, reason])).toEqual([
      [second, 'Object Lock (COMPLIANCE) keeps it until 2031-01-01T00:00:00.000Z.'],
      [first, 'A legal hold of the object store keeps it.'],
    ]);
    expect(server.versions('locked').map(({ versionId }) => versionId)).toEqual([first, second]);
  });

  it('says that an archived version cannot be read', async () => {
    await put(versioned, 'cold', 'old');
    server.archive('cold', server.versions('cold')[0]?.versionId as string);
    await expect(readText(versioned, await find(versioned, 'cold'))).rejects.toThrow('The object is archived');
  });

  it('abandons uploads that never ended', async () => {
    const upload = { Bucket: 'crm', Key: 'parts/a' };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(upload));
    await client.send(new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: 'half' }));
    expect(server.uploads()).toBe(1);
    expect(await versioned.abandonUploads(at('parts/'))).toBe(1);
    expect(server.uploads()).toBe(0);
  });

  it('lists marks of deletion, whoever left them', async () => {
    await put(versioned, 'marked', 'old');
    await client.send(new DeleteObjectCommand({ Bucket: 'crm', Key: 'marked' }));
    const versions = await versioned.findVersions(at('marked'));
    expect(versions.map(({ kind, isCurrent }) => [kind, isCurrent])).toEqual([
      ['content', false],
      ['delete marker', true],
    ]);
  });
});

describe('local', () => {
  const store = stores['local'] as ObjectStore;

  it('keeps the mode of a file, and removes what is unfinished', async () => {
    await put(store, 'mode', 'old');
    chmodSync(join(directory, 'crm/mode'), 0o640);
    await store.replace(await find(store, 'mode'), content('new'), signal);
    expect(statSync(join(directory, 'crm/mode')).mode & 0o777).toBe(0o640);
    const name = createHash('sha256').update('crm/mode').digest('hex');
    writeFileSync(join(directory, '.unfinished', `${name}.left`), 'half');
    expect(await store.abandonUploads(at('mode'))).toBe(1);
    expect(readdirSync(join(directory, '.unfinished'))).toEqual([]);
  });

  it('names files that it may not remove', async () => {
    const outside = { ...at('../../etc/passwd'), bytes: 1, version: '' };
    await expect(store.removeVersions([{ ...outside, kind: 'content', isCurrent: true }])).resolves.toEqual([
      expect.objectContaining({ reason: 'The local bucket folder has no files of such names.' }),
    ]);
  });
});
