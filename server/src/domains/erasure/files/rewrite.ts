/**
 * Takes a person out of a file (E9): what is left is written, read back by the store and put in the place of what was
 * there; then the versions that hold the person are removed. A kill at any moment leaves a whole file, and running it again
 * does what is left to do: it looks first.
 */
import type { KeptVersion, ObjectStore, ObjectVersion, Place } from '../../../object-store/index.ts';
import { FileFault, gzipped, unpacked } from '../../transfers/index.ts';
import type { Matcher } from './identities.ts';
import { asNotErasable, FileNotErasable, findVersions, type Hit, type Searched, searchFile } from './search.ts';
import { type Sifted, sift } from './sift.ts';

export interface Rewritten {
  /** Rows that are gone, of all versions. */
  readonly rows: number;
  /** The same by request, where a file is rewritten for several at once. */
  readonly rowsOf: ReadonlyMap<number, number>;
  /** Former versions that are gone. */
  readonly versions: number;
  readonly bytes: number;
  readonly kept: readonly KeptVersion[];
}

/** Reading one and unpacking another take turns; more would only take more memory. */
export const filesAtOnce = 2;

/** A file that somebody else writes all the time is named in the end. */
const attempts = 5;

export interface RewriteMeans {
  readonly store: ObjectStore;
  readonly matcher: Matcher;
  readonly signal: AbortSignal;
  /** Of which request a row is; of the only one when left out. */
  readonly whose?: (row: string) => number;
  /** Resolves when nobody is in the middle of reading the file. @throws FileNotErasable */
  awaitReaders(place: Place): Promise<void>;
}

/**
 * Ends with a search that found nothing but what the store keeps (E17).
 *
 * @param earlier a search for the same person: the file is not read again when the very same versions are there
 * @throws FileNotErasable
 */
export async function rewriteFile(means: RewriteMeans, place: Place, earlier?: Searched): Promise<Rewritten> {
  const { store, matcher, signal, whose } = means;
  let done: Rewritten = { rows: 0, rowsOf: new Map(), versions: 0, bytes: 0, kept: [] };
  let known = earlier !== undefined && (await isStill(store, place, earlier)) ? earlier : undefined;
  for (let [rewrites, faults] = [0, 0]; rewrites < attempts; ) {
    try {
      const { hits } = known ?? (await searchFile(store, place, matcher, signal, whose));
      known = undefined;
      const waiting = hits.filter(({ version }) => !done.kept.some((kept) => isSame(kept.version, version)));
      if (waiting.length === 0) return done;
      const step = await rewriteOnce(means, place, waiting);
      rewrites += 1;
      done = {
        rows: done.rows + step.rows,
        rowsOf: addUp([done.rowsOf, step.rowsOf]),
        versions: done.versions + step.versions,
        bytes: done.bytes + step.bytes,
        kept: [...done.kept, ...step.kept],
      };
    } catch (error) {
      faults += 1;
      if (!(error instanceof FileNotErasable && error.passes && faults < attempts)) throw error;
      signal.throwIfAborted();
    }
  }
  throw asNotErasable(place, new FileFault('The file is written again and again meanwhile'));
}

async function isStill(store: ObjectStore, place: Place, { versions }: Searched): Promise<boolean> {
  const there = await findVersions(store, place);
  return there.length === versions.length && there.every((version) => versions.some((seen) => isSame(seen, version)));
}

async function rewriteOnce(means: RewriteMeans, place: Place, hits: readonly Hit[]): Promise<Rewritten> {
  const { store } = means;
  const current = hits.find(({ version }) => version.isCurrent);
  if (current !== undefined) {
    await means.awaitReaders(place);
    await replace(means, current);
  }
  // Listed again: where no versions are kept, the same name is the new file now.
  const former = (await findVersions(store, place)).filter(({ isCurrent }) => !isCurrent);
  const gone = former.filter((version) => hits.some((hit) => isSame(hit.version, version)));
  const kept = await store.removeVersions(gone).catch((error: unknown) => {
    throw asNotErasable(place, error);
  });
  const removed = gone.filter((version) => !kept.some((each) => isSame(each.version, version)));
  const taken = hits.filter((hit) => !kept.some(({ version }) => isSame(version, hit.version)));
  return {
    rows: taken.reduce((sum, { rows }) => sum + rows, 0),
    rowsOf: addUp(taken.map(({ rowsOf }) => rowsOf)),
    versions: removed.length,
    bytes: removed.reduce((sum, { bytes }) => sum + bytes, 0),
    kept,
  };
}

function addUp(counts: readonly ReadonlyMap<number, number>[]): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  for (const [request, rows] of counts.flatMap((each) => [...each])) {
    sums.set(request, (sums.get(request) ?? 0) + rows);
  }
  return sums;
}

async function replace({ store, matcher, signal }: RewriteMeans, { version, rows }: Hit): Promise<void> {
  const sifted: Sifted = { found: 0 };
  try {
    await store.replace(version, siftedContent(store.read(version, signal), matcher, sifted), signal);
  } catch (error) {
    throw asNotErasable(version, error);
  }
  if (sifted.found !== rows) throw new Error('Reading the same version twice did not give the same rows.');
}

/** Packed as it was. */
async function* siftedContent(
  content: AsyncIterable<Buffer>,
  matcher: Matcher,
  sifted: Sifted,
): AsyncGenerator<Buffer> {
  let packed = false;
  const onPacked = () => {
    packed = true;
  };
  const left = sift(unpacked(content, onPacked), matcher, sifted);
  // What the file is shows with its first bytes.
  const first = await left.next();
  const whole = prepend(first.done ? undefined : first.value, left);
  yield* packed ? gzipped(whole) : whole;
}

async function* prepend(first: Buffer | undefined, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (first !== undefined) yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

export function isSame(one: ObjectVersion, other: ObjectVersion): boolean {
  return (
    one.key === other.key &&
    one.bucket === other.bucket &&
    one.versionId === other.versionId &&
    one.version === other.version
  );
}
