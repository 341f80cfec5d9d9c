/** Writes the archive of a request: again from the beginning when it was interrupted. */
import type { Transaction } from '../../../database/index.ts';
import type { ObjectStore, Place } from '../../../object-store/index.ts';
import { ObjectStoreError, parsePlace } from '../../../object-store/index.ts';
import { packed } from '../archive/packed.ts';
import { hashesOfSubject } from '../identities/hashes.ts';
import { resolve, toSubjects } from '../identities/resolve.ts';
import { projectOf } from '../receipts/facts.ts';
import type { RequestKey } from '../requests/request.ts';
import { openIdentities } from '../requests/seal.ts';
import { type AskedContent, type ContentParts, packContent } from './content.ts';
import { removeArchive } from './files.ts';
import type { ReadPlace, StoredAccess } from './request.ts';
import { beginRun, endRun, failRun, noteFound, type Written } from './store.ts';

export interface AccessParts extends ContentParts {
  readonly objectStore: ObjectStore;
  readonly folder: Place;
  /** Told in the transaction that ends a request. */
  readonly ended: readonly AccessEnded[];
}

export type AccessEnded = (tx: Transaction, request: RequestKey) => Promise<void>;

/** @param isLast whether nobody will try again */
export async function runAccess(parts: AccessParts, key: RequestKey, isLast: boolean, signal: AbortSignal) {
  const { database, clock } = parts.erasure;
  const run = await beginRun(database.query, key);
  if (run === undefined) return;
  try {
    const written = await write(parts, run, signal);
    if (written !== undefined && (await end(parts, run, (tx) => endRun(tx, run, written, clock.now())))) return;
    // It was deleted, or whom it is about was erased, or another run has it: that one writes it once more.
    await removeArchive(parts.objectStore, run.url);
  } catch (error) {
    const fault = faultOf(error);
    if (signal.aborted || (fault === undefined && !isLast)) throw error;
    const said = fault ?? 'The server could not finish the archive';
    await end(parts, run, (tx) => failRun(tx, run, said, clock.now()));
    await removeArchive(parts.objectStore, run.url);
    if (fault === undefined) throw error;
  }
}

function end(
  { erasure, ended }: AccessParts,
  run: RequestKey,
  change: (tx: Transaction) => Promise<boolean>,
): Promise<boolean> {
  return erasure.database.transaction(async (tx) => {
    if (!(await change(tx))) return false;
    for (const tell of ended) await tell(tx, run);
    return true;
  });
}

/** @returns undefined when nobody wants it any more */
async function write(parts: AccessParts, run: StoredAccess, signal: AbortSignal): Promise<Written | undefined> {
  const { database, sealKey, audience } = parts.erasure;
  const { accountId, projectNumber, sealedIdentities } = run;
  if (sealedIdentities === null) throw new Error('Nobody knows any more whom a request is about.');
  const identities = openIdentities(sealKey, run, sealedIdentities);
  const subjects = toSubjects(
    { accountId, projectNumber },
    await resolve(database.keyedQuery, projectNumber, identities),
  );
  const hashes = [
    ...identities.map((identity) => audience.identities.of(projectNumber, identity)),
    ...subjects.flatMap((subject) => hashesOfSubject(audience.identities, subject)),
  ];
  if (!(await noteFound(database.query, run, hashes))) return undefined;
  const project = await projectOf(database.query, projectNumber);
  return store(parts, run.url, { projectId: project?.id ?? '', subjects, hashes }, signal);
}

async function store(parts: AccessParts, url: string, asked: AskedContent, signal: AbortSignal): Promise<Written> {
  const place = parsePlace(url);
  if (place === undefined) throw new Error('An archive was noted at a place that is none.');
  let places: readonly ReadPlace[] = [];
  let bytes = 0;
  const archive = packed(
    (tar) => packContent(parts, asked, tar, signal),
    (read) => {
      places = read;
    },
  );
  async function* measured(): AsyncGenerator<Buffer> {
    for await (const piece of archive) {
      bytes += piece.length;
      yield piece;
    }
  }
  try {
    await parts.objectStore.write(place, measured());
    return { bytes, places };
  } finally {
    // A store that refuses has not read it: its transaction must not stay.
    archive.destroy();
  }
}

/** What only an operator can mend. */
function faultOf(error: unknown): string | undefined {
  if (!(error instanceof ObjectStoreError) || error.fault === 'unavailable') return undefined;
  return error.message;
}
