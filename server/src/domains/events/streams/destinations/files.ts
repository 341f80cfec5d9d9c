/**
 * Compressed files of one record a line in a bucket, `prefix/2026/11/26/09/PROJECT-PLACE.ndjson.gz` by the hour (UTC) in
 * which the first record arrived. A file is named after its first record: one that is written again, because nobody knew
 * whether it had been, takes the place of itself.
 */
import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { formatPlace, type ObjectStore, ObjectStoreError, type Place } from '../../../../object-store/index.ts';
import { DestinationFault, type EventDestination, type StreamRecord } from '../destination.ts';

const compress = promisify(gzip);

export interface FilesOptions {
  readonly objectStore: ObjectStore;
  /** Bucket and prefix. */
  readonly place: Place;
  readonly seconds: number;
  /** Of the project. */
  readonly streamId: string;
  /** Told of every file before it is written, and again with what is known afterwards: erasure looks for people there. */
  note(file: { readonly url: string; readonly bytes?: number; readonly checksum?: string }): Promise<void>;
}

export function openFiles({ objectStore, place, seconds, streamId, note }: FilesOptions): EventDestination {
  return {
    limits: { records: 10_000, bytes: 16 * 1024 * 1024, recordBytes: 16 * 1024 * 1024 },
    takesWhole: true,
    gatherMilliseconds: seconds * 1000,
    async send(records) {
      const content = await compress(records.map(({ body }) => `${body}\n`).join(''));
      const file = { bucket: place.bucket, key: keyOf(place.key, streamId, records) };
      const url = formatPlace(file);
      await note({ url });
      try {
        await objectStore.write(file, once(content));
      } catch (error) {
        if (error instanceof ObjectStoreError) throw new DestinationFault(error.message, { cause: error });
        throw error;
      }
      await note({ url, bytes: content.length, checksum: hash('sha256', content) });
      return [];
    },
    async close() {},
  };
}

function keyOf(prefix: string, streamId: string, [first]: readonly StreamRecord[]): string {
  const hour = first?.arrivedAt.toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  return `${folder}${hour}/${streamId}-${first?.id}.ndjson.gz`;
}

async function* once(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}
