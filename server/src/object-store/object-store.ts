/**
 * Where files of imports, exports and event streams lie: what domains ask of a store, whichever it is. Kept in the words
 * of S3, since callers write `s3://bucket/key`.
 */

export interface Place {
  readonly bucket: string;
  readonly key: string;
}

export interface StoredObject extends Place {
  readonly bytes: number;
  /** Another one as soon as the content may be another one. */
  readonly version: string;
  /** Of a bucket that keeps former versions: which of them. */
  readonly versionId?: string;
}

/** One of what a store keeps under a name: the object that is seen, those that stood there before, marks of deletion. */
export interface ObjectVersion extends StoredObject {
  readonly kind: 'content' | 'delete marker';
  /** Whether it is what stands there now. */
  readonly isCurrent: boolean;
}

/** What a store does not let go, and why: a sentence without keys or content. */
export interface KeptVersion {
  readonly version: ObjectVersion;
  readonly reason: string;
}

export interface ObjectStore {
  /** Undefined when there is no object of exactly this name. */
  find(place: Place): Promise<StoredObject | undefined>;
  /** All whose key begins with the key of `place`, in no particular order. */
  list(place: Place): AsyncIterable<StoredObject>;
  /**
   * The content, from the first byte to the last; a store that falters is asked again for the rest.
   * @throws ObjectStoreError `changed` when it is not, or no longer, the version that was found
   */
  read(object: StoredObject, signal: AbortSignal): AsyncIterable<Buffer>;
  /** Whole or not at all: until it resolves, whatever stood there before stands there still. */
  write(place: Place, content: AsyncIterable<Buffer>): Promise<void>;
  /** Removing what is not there is no fault. */
  remove(place: Place): Promise<void>;
  /** All that is kept under names that begin with the key of `place`; of one name together, in no particular order. */
  listVersions(place: Place): AsyncIterable<ObjectVersion>;
  /** All that is kept under exactly this name. */
  findVersions(place: Place): Promise<readonly ObjectVersion[]>;
  /**
   * Writes what is to stand in the place of `object`, with its metadata, and reads it back. Former versions stay where the
   * bucket keeps them.
   * @throws ObjectStoreError `changed` when something else stands there meanwhile, which is left alone
   */
  replace(object: StoredObject, content: AsyncIterable<Buffer>, signal: AbortSignal): Promise<void>;
  /** For ever, without leaving a mark of deletion. @returns those that the store keeps nevertheless */
  removeVersions(versions: readonly ObjectVersion[]): Promise<readonly KeptVersion[]>;
  /** Parts of uploads that never ended: of this name or, if it ends with a slash or is empty, of all that begin so. @returns how many */
  abandonUploads(place: Place): Promise<number>;
}

/**
 * - `missing`: there is no such bucket or object
 * - `refused`: the store does not let us
 * - `changed`: the object was replaced or written to since it was found
 * - `unavailable`: no answer, or none that helps, after several tries
 */
export type ObjectStoreFault = 'missing' | 'refused' | 'changed' | 'unavailable';

/** `message` may be shown to callers: it holds neither keys nor content. */
export class ObjectStoreError extends Error {
  readonly fault: ObjectStoreFault;

  constructor(fault: ObjectStoreFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ObjectStoreError';
    this.fault = fault;
  }
}

export function formatPlace({ bucket, key }: Place): string {
  return `s3://${bucket}/${key}`;
}

/** @returns undefined for text that is not `s3://bucket/key` */
export function parsePlace(url: string): Place | undefined {
  const [, bucket, key = ''] = /^s3:\/\/([A-Za-z0-9][A-Za-z0-9._-]{1,254})(?:\/(.*))?$/s.exec(url) ?? [];
  if (bucket === undefined || key.includes('\0') || Buffer.byteLength(key) > longestKey) return undefined;
  return { bucket, key };
}

const longestKey = 1024;
