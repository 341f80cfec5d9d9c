/**
 * Runs an erasure in files: lists what it is about, finds first, then erases; a file is done when nothing is found in it.
 * A kill at any moment is followed by a run that goes on where that one was: what was done is noted with its item.
 */
import type { Database, Transaction } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import { sideBySide } from '../../../kernel/side-by-side.ts';
import { formatPlace, type ObjectStore, type Place, parsePlace } from '../../../object-store/index.ts';
import type { Receipts } from '../receipts/receipts.ts';
import { createMatcher, type Matcher } from './identities.ts';
import { everyUrl, notePrefixRemoved, noteRemoved } from './noted-files.ts';
import { awaitReaders, awaitWriters } from './quiet.ts';
import { issueFileReceipt } from './receipt.ts';
import { findAll, isFolder, removeAll } from './remove.ts';
import type { GivenIdentities } from './request.ts';
import { filesAtOnce, rewriteFile } from './rewrite.ts';
import { FileNotErasable, type Searched, searchFile } from './search.ts';
import {
  beginRun,
  countKept,
  type ErasureKey,
  endRun,
  holdRun,
  type Item,
  insertItems,
  itemsWithout,
  type Kept,
  noteKept,
  noteListed,
  noteProgress,
  type Progress,
  type Run,
  type Status,
  setStatus,
} from './store.ts';

export interface FileErasureParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly objectStore: ObjectStore;
  readonly masterKey: MasterKey;
  readonly receipts: Receipts;
}

interface Work {
  readonly parts: FileErasureParts;
  readonly run: Run;
  readonly signal: AbortSignal;
  /** Of rewriting. */
  readonly matcher: Matcher | undefined;
  /** Of this run; what a former one found is searched again. */
  readonly searched: Map<string, Searched>;
}

/** So that memory stays the same however many files there are. */
const mostSearched = 10_000;

/** @throws RunEnded when another run took over; what may go better in a while, for the job to be run again */
export async function runFileErasure(parts: FileErasureParts, key: ErasureKey, signal: AbortSignal): Promise<void> {
  const run = await beginRun(parts.database.query, key);
  if (run === undefined) return;
  const work: Work = { parts, run, signal, matcher: openMatcher(parts, run), searched: new Map() };
  const { query } = parts.database;
  await awaitWriters({ query, clock: parts.clock }, run.projectNumber, run.createdAt, signal);
  if (!run.isListed) await list(work);
  await sideBySide(await itemsWithout(query, run, 'searched_at'), filesAtOnce, (item) => search(work, item));
  if (!run.dryRun) {
    await setStatus(query, run, 'ERASING');
    await sideBySide(await itemsWithout(query, run, 'finished_at'), filesAtOnce, (item) => erase(work, item));
  }
  await end(work);
}

export function sealContext({ projectNumber, id }: ErasureKey): string {
  return `identities of file erasure ${id} of project ${projectNumber}`;
}

function openMatcher(parts: FileErasureParts, run: Run): Matcher | undefined {
  const given = openIdentities(parts, run);
  return given && createMatcher({ ...given, applicationId: run.applicationId });
}

function openIdentities({ masterKey }: FileErasureParts, run: Run): GivenIdentities | undefined {
  if (run.sealedIdentities === null) return undefined;
  return JSON.parse(masterKey.open(sealContext(run), run.sealedIdentities)) as GivenIdentities;
}

const urlsAtOnce = 500;

/** A prefix that is deleted is one item: nobody knows all that lies below it. */
async function list({ parts: { database }, run }: Work): Promise<void> {
  const { projectNumber, scope, action, target } = run;
  const isOne = scope === 'FILE' || (scope === 'PREFIX' && action === 'DELETE');
  let urls: string[] = isOne ? [target as string] : [];
  const insert = () =>
    database.transaction(async (tx) => {
      await holdRun(tx, run);
      await insertItems(tx, run, urls);
    });
  if (!isOne) {
    const selection = {
      projectNumber,
      ...(scope === 'JOB' && { jobId: target ?? '' }),
      ...(scope === 'PREFIX' && { prefix: target ?? '' }),
    };
    for (const source of scope === 'JOB' ? (['transfers'] as const) : (['transfers', 'streams'] as const)) {
      for await (const url of everyUrl(database.query, selection, source)) {
        if (urls.push(url) < urlsAtOnce) continue;
        await insert();
        urls = [];
      }
    }
  }
  await insert();
  await database.transaction(async (tx) => {
    await holdRun(tx, run);
    await noteListed(tx, run);
  });
}

async function search(work: Work, { url }: Item): Promise<void> {
  const { parts, signal, matcher } = work;
  const place = readPlace(url);
  await naming(work, place, async () => {
    if (matcher !== undefined) {
      const searched = await searchFile(parts.objectStore, place, matcher, signal);
      if (work.searched.size < mostSearched) work.searched.set(url, searched);
      const { rows, hits } = searched;
      return note(work, url, { rowsFound: rows, versionsFound: hits.length, isSearched: true });
    }
    let versionsFound = 0;
    for await (const versions of findAll(parts.objectStore, place)) versionsFound += versions.length;
    return note(work, url, { versionsFound, isSearched: true });
  });
}

async function erase(work: Work, item: Item): Promise<void> {
  const place = readPlace(item.url);
  await naming(work, place, () => (work.matcher === undefined ? remove(work, item) : rewrite(work, item)));
}

async function rewrite(work: Work, { url }: Item): Promise<void> {
  const { parts, signal, matcher } = work;
  const { objectStore: store, clock, database } = parts;
  const place = readPlace(url);
  const means = {
    ...{ store, signal, matcher: matcher as Matcher },
    awaitReaders: (read: Place) => awaitReaders({ query: database.query, clock }, read, signal),
  };
  const { rows, versions, bytes, kept } = await rewriteFile(means, place, work.searched.get(url));
  const progress = { rowsErased: rows, versionsRemoved: versions, bytesRemoved: bytes, isFinished: true };
  await note(work, url, progress, kept.map(toKept));
}

async function remove(work: Work, { url }: Item): Promise<void> {
  const { parts, run, signal } = work;
  const place = readPlace(url);
  for await (const step of removeAll(parts.objectStore, place, signal)) {
    const progress = { versionsRemoved: step.versions, uploadsAbandoned: step.uploads, bytesRemoved: step.bytes };
    await note(work, url, progress, step.kept.map(toKept));
  }
  const left = await stillThere(parts.objectStore, place);
  await parts.database.transaction(async (tx) => {
    await holdRun(tx, run);
    const removed = { projectNumber: run.projectNumber, now: parts.clock.now() };
    // Files that the store keeps are listed as being there.
    if (left === 0) await (isFolder(place) ? notePrefixRemoved(tx, url, removed) : noteRemoved(tx, url, removed));
    else await noteKept(tx, run, [{ url, versionId: '', reason: `${left} versions are still there.` }]);
    await noteProgress(tx, run, url, { isFinished: true });
  });
}

async function stillThere(store: ObjectStore, place: Place): Promise<number> {
  let left = 0;
  for await (const versions of findAll(store, place)) left += versions.length;
  return left;
}

function toKept({ version, reason }: { version: Place & { readonly versionId?: string }; reason: string }): Kept {
  return { url: formatPlace(version), versionId: version.versionId ?? '', reason };
}

async function note(work: Work, url: string, progress: Progress, kept: readonly Kept[] = []): Promise<void> {
  const { parts, run } = work;
  await parts.database.transaction(async (tx) => {
    await holdRun(tx, run);
    await noteProgress(tx, run, url, progress);
    if (kept.length > 0) await noteKept(tx, run, kept);
  });
}

/** What can never be done is named, and does not keep the other files; what may go better in a while is thrown. */
async function naming(work: Work, place: Place, task: () => Promise<void>): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (!(error instanceof FileNotErasable) || error.passes) throw error;
    const { url, versionId, reason } = error;
    await note(work, formatPlace(place), { isSearched: true, isFinished: true }, [{ url, versionId, reason }]);
  }
}

async function end({ parts, run }: Work): Promise<void> {
  const kept = await countKept(parts.database.query, run);
  const status = kept > 0 ? 'PARTIALLY_COMPLETED' : 'COMPLETED';
  await parts.database.transaction((tx) => endWithReceipt(parts, tx, run, { status }));
}

async function endWithReceipt(
  parts: FileErasureParts,
  tx: Transaction,
  run: Run,
  outcome: { readonly status: Status; readonly fault?: string },
): Promise<void> {
  const now = parts.clock.now();
  const given = openIdentities(parts, run);
  await endRun(tx, run, { ...outcome, now });
  await issueFileReceipt(tx, parts.receipts, run, given, now);
}

function readPlace(url: string): Place {
  const place = parsePlace(url);
  if (place === undefined) throw new Error('A file was noted at a place that is none.');
  return place;
}

/** Ends an erasure that failed again and again, so that nobody waits for it for ever. */
export async function giveUp(parts: FileErasureParts, key: ErasureKey, reason: string): Promise<void> {
  await parts.database.transaction(async (tx) => {
    const run = await beginRun(tx, key);
    if (run !== undefined) await endWithReceipt(parts, tx, run, { status: 'FAILED', fault: reason });
  });
}
