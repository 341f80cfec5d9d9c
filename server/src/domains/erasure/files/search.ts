/** Looks for a person in all that a store keeps under a name: the object that is seen, and former versions of it. */
import {
  formatPlace,
  type ObjectStore,
  ObjectStoreError,
  type ObjectVersion,
  type Place,
  type StoredObject,
} from '../../../object-store/index.ts';
import { FileFault, fileFaultOf, unpacked } from '../../transfers/index.ts';
import type { Matcher } from './identities.ts';
import { type Sifted, sift } from './sift.ts';

export interface Hit {
  readonly version: ObjectVersion;
  readonly rows: number;
  /** Of several requests that a file is searched for at once, by their place. */
  readonly rowsOf: ReadonlyMap<number, number>;
}

export interface Searched {
  /** What was there. */
  readonly versions: readonly ObjectVersion[];
  /** Versions with rows about the person. */
  readonly hits: readonly Hit[];
  /** Rows of all of them. */
  readonly rows: number;
}

/** A file that cannot be looked through or written, by its name. */
export class FileNotErasable extends Error {
  readonly url: string;
  readonly versionId: string;
  /** A sentence that names neither keys nor content. */
  readonly reason: string;
  /** Whether it may go better in a while. */
  readonly passes: boolean;

  constructor(object: Place & Partial<StoredObject>, cause: unknown) {
    const reason = fileFaultOf(cause) ?? 'The file cannot be erased from';
    super(reason, { cause });
    this.name = 'FileNotErasable';
    this.url = formatPlace(object);
    this.versionId = object.versionId ?? '';
    this.reason = reason;
    this.passes = cause instanceof ObjectStoreError && ['unavailable', 'changed'].includes(cause.fault);
  }
}

/** @throws FileNotErasable when any version cannot be looked through */
export async function searchFile(
  store: ObjectStore,
  place: Place,
  matcher: Matcher,
  signal: AbortSignal,
  whose: (row: string) => number = () => 0,
): Promise<Searched> {
  const hits: Hit[] = [];
  const versions = await findVersions(store, place);
  for (const version of versions) {
    if (version.kind !== 'content' || version.bytes === 0) continue;
    const rowsOf = new Map<number, number>();
    const rows = await countRows(store, version, { matcher, signal }, (row) => {
      const request = whose(row);
      rowsOf.set(request, (rowsOf.get(request) ?? 0) + 1);
    });
    if (rows > 0) hits.push({ version, rows, rowsOf });
  }
  return { versions, hits, rows: hits.reduce((sum, { rows }) => sum + rows, 0) };
}

/** None where there is no such bucket, nor any file. */
export async function findVersions(store: ObjectStore, place: Place): Promise<readonly ObjectVersion[]> {
  try {
    return await store.findVersions(place);
  } catch (error) {
    if (error instanceof ObjectStoreError && error.fault === 'missing') return [];
    throw asNotErasable(place, error);
  }
}

async function countRows(
  store: ObjectStore,
  version: ObjectVersion,
  { matcher, signal }: { readonly matcher: Matcher; readonly signal: AbortSignal },
  onRow: (text: string) => void,
): Promise<number> {
  const sifted: Sifted = { found: 0 };
  try {
    const left = sift(unpacked(store.read(version, signal)), matcher, sifted, onRow);
    for await (const _chunk of left) signal.throwIfAborted();
    return sifted.found;
  } catch (error) {
    // Gone meanwhile, and its rows with it.
    if (error instanceof ObjectStoreError && error.fault === 'missing') return 0;
    throw asNotErasable(version, error);
  }
}

/** The texts of rows about the person in the object that is seen. @throws FileNotErasable */
export async function* readRows(
  store: ObjectStore,
  place: Place,
  matcher: Matcher,
  signal: AbortSignal,
): AsyncGenerator<{ readonly version: ObjectVersion; readonly text: string }> {
  for (const version of await findVersions(store, place)) {
    if (version.kind !== 'content' || version.bytes === 0) continue;
    const texts: string[] = [];
    const left = sift(unpacked(store.read(version, signal)), matcher, { found: 0 }, (text) => texts.push(text));
    try {
      for await (const _chunk of left) for (const text of texts.splice(0)) yield { version, text };
    } catch (error) {
      throw asNotErasable(version, error);
    }
    for (const text of texts) yield { version, text };
  }
}

/** @returns what says nothing of the file as it is */
export function asNotErasable(object: Place & Partial<StoredObject>, error: unknown): unknown {
  const isOfFile = error instanceof FileFault || error instanceof ObjectStoreError;
  return isOfFile ? new FileNotErasable(object, error) : error;
}
