/**
 * S3, or any server that speaks its protocol. Requests are repeated with back-off by the SDK; a body that breaks off or
 * stands still is asked for again from where it stopped, as long as it is the same object.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import {
  type KeptVersion,
  type ObjectStore,
  ObjectStoreError,
  type ObjectVersion,
  type Place,
  type StoredObject,
} from './object-store.ts';
import { describeS3Fault } from './s3-faults.ts';
import { replaceInS3 } from './s3-replace.ts';
import { uploadWhole } from './s3-upload.ts';
import { abandonS3Uploads, listS3Versions, removeS3Versions } from './s3-versions.ts';

export interface S3Options {
  /** Not AWS: buckets are addressed in the path. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** The standard chain (environment, profile, role) when left out. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Without a byte for so long, a request counts as failed. @default 20000 */
  readonly patienceMilliseconds?: number;
}

/** Node's incoming message. */
type Body = AsyncIterable<Buffer> & { destroy(): void };

/** In a row, without a byte between them. */
const attempts = 5;
const firstPauseMilliseconds = 200;

export class S3ObjectStore implements ObjectStore {
  readonly #options: S3Options;
  readonly #patience: number;
  #opened: Promise<S3Client> | undefined;

  constructor(options: S3Options) {
    this.#options = options;
    this.#patience = options.patienceMilliseconds ?? 20_000;
  }

  async find({ bucket, key }: Place): Promise<StoredObject | undefined> {
    if (key === '' || key.endsWith('/')) return undefined;
    try {
      const { client, sdk } = await this.#use();
      const head = await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: key }));
      return { bucket, key, bytes: head.ContentLength ?? 0, version: head.ETag ?? '' };
    } catch (error) {
      const fault = describeS3Fault(error);
      if (fault.fault === 'missing') return undefined;
      throw fault;
    }
  }

  async *list({ bucket, key }: Place): AsyncIterable<StoredObject> {
    const { client, sdk } = await this.#use();
    let ContinuationToken: string | undefined;
    do {
      const request = { Bucket: bucket, Prefix: key, ...(ContinuationToken !== undefined && { ContinuationToken }) };
      const page = await client.send(new sdk.ListObjectsV2Command(request)).catch((error: unknown) => {
        throw describeS3Fault(error);
      });
      for (const { Key, Size, ETag } of page.Contents ?? []) {
        if (Key !== undefined) yield { bucket, key: Key, bytes: Size ?? 0, version: ETag ?? '' };
      }
      ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (ContinuationToken !== undefined);
  }

  async *read(object: StoredObject, signal: AbortSignal): AsyncIterable<Buffer> {
    let offset = 0;
    for (let failures = 0; offset < object.bytes; ) {
      const body = await this.#request(object, offset, signal);
      try {
        for await (const chunk of patiently(body, this.#patience)) {
          offset += chunk.length;
          failures = 0;
          yield chunk;
        }
        if (offset < object.bytes) throw new ObjectStoreError('unavailable', 'The object store broke off an answer.');
      } catch (error) {
        signal.throwIfAborted();
        failures += 1;
        if (failures >= attempts) throw describeS3Fault(error);
        await pause(firstPauseMilliseconds * 2 ** failures, undefined, { signal });
      }
    }
  }

  /** The body from a byte on. */
  async #request(
    { bucket, key, version, versionId }: StoredObject,
    offset: number,
    signal: AbortSignal,
  ): Promise<Body> {
    const { client, sdk } = await this.#use();
    const range = offset > 0 && { Range: `bytes=${offset}-` };
    const which = { Bucket: bucket, Key: key, ...(versionId !== undefined && { VersionId: versionId }) };
    const request = new sdk.GetObjectCommand({ ...which, IfMatch: version, ...range });
    const answer = await client.send(request, { abortSignal: signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw describeS3Fault(error);
    });
    const body = answer.Body as unknown as Body;
    if (answer.ETag === version) return body;
    // Some servers do not know conditions.
    body.destroy();
    throw new ObjectStoreError('changed', 'The object changed while it was read.');
  }

  async write(place: Place, content: AsyncIterable<Buffer>): Promise<void> {
    const { client, sdk } = await this.#use();
    await uploadWhole(client, sdk, place, content);
  }

  async remove({ bucket, key }: Place): Promise<void> {
    const { client, sdk } = await this.#use();
    await client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: key })).catch((error: unknown) => {
      throw describeS3Fault(error);
    });
  }

  async *listVersions(place: Place): AsyncIterable<ObjectVersion> {
    yield* listS3Versions(await this.#use(), place, () => this.list(place));
  }

  async findVersions(place: Place): Promise<readonly ObjectVersion[]> {
    const versions: ObjectVersion[] = [];
    const listed = listS3Versions(await this.#use(), place, () => this.#listExactly(place), true);
    for await (const version of listed) versions.push(version);
    return versions;
  }

  async *#listExactly(place: Place): AsyncIterable<StoredObject> {
    const found = await this.find(place);
    if (found !== undefined) yield found;
  }

  async replace(object: StoredObject, content: AsyncIterable<Buffer>, signal: AbortSignal): Promise<void> {
    await replaceInS3(await this.#use(), { object, content, read: (written) => this.read(written, signal) });
  }

  async removeVersions(versions: readonly ObjectVersion[]): Promise<readonly KeptVersion[]> {
    return removeS3Versions(await this.#use(), versions);
  }

  async abandonUploads(place: Place): Promise<number> {
    return abandonS3Uploads(await this.#use(), place);
  }

  /** The SDK takes a while to load: only who needs it waits for it. */
  async #use() {
    const sdk = await import('@aws-sdk/client-s3');
    this.#opened ??= this.#open(sdk.S3Client);
    return { client: await this.#opened, sdk };
  }

  async #open(Client: typeof S3Client): Promise<S3Client> {
    const { endpoint, region, credentials } = this.#options;
    return new Client({
      region,
      ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
      ...(credentials !== undefined && { credentials }),
      // A bucket may lie in another region than the one that was set.
      followRegionRedirects: true,
      maxAttempts: attempts,
      // Checksums that AWS introduced in 2024 are not understood by every other server.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: {
        connectionTimeout: this.#patience,
        requestTimeout: this.#patience,
        throwOnRequestTimeout: true,
        socketTimeout: this.#patience,
      },
    });
  }
}

/** Gives up on a body that brings nothing for a while: a hanging store looks like a slow one otherwise. */
async function* patiently(body: Body, milliseconds: number): AsyncIterable<Buffer> {
  const chunks = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await within(chunks.next(), milliseconds);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    body.destroy();
  }
}

async function within<Result>(promise: Promise<Result>, milliseconds: number): Promise<Result> {
  const timer = new AbortController();
  const late = pause(milliseconds, undefined, { signal: timer.signal }).then(() => {
    throw new ObjectStoreError('unavailable', 'The object store does not answer.');
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    late.catch(() => undefined); // It was not late.
    promise.catch(() => undefined); // It was late, and ends with the stream.
    timer.abort();
  }
}
