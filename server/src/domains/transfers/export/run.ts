/** Runs an export: several ranges of buckets at once, each into a file of its own. */
import { createHash, type Hash } from 'node:crypto';
import { type Database, readInKeyOrder } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { formatPlace, type ObjectStore, parsePlace } from '../../../object-store/index.ts';
import { compileSegment, countMembers, findSource, type Source } from '../../segments/index.ts';
import { fileFaultOf } from '../file-fault.ts';
import { gzipped } from '../gzip.ts';
import {
  beginRun,
  countFailedPieces,
  endJob,
  finishPiece,
  type JobKey,
  noteFile,
  type Run,
  setStatus,
} from '../store.ts';
import { type ExportDefinition, partPlace } from './definition.ts';
import {
  countEndpoints,
  type Exported,
  type ExportPiece,
  everyEndpoint,
  hasRanges,
  insertRanges,
  type LinePage,
  readLinePage,
  setProcessed,
  unfinishedRanges,
} from './store.ts';

export interface ExportParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly objectStore: ObjectStore;
}

const width = 3;
const rowsAPiece = 100_000;
const mostPieces = 64;
const rowsAPage = 2_000;
/** Pages between two words about the progress. */
const pagesAReport = 10;

/** @throws RunEnded when another run took over, and what says nothing of the files: the job is to run again then */
export async function runExport(parts: ExportParts, key: JobKey, signal: AbortSignal): Promise<void> {
  const { database } = parts;
  const run = await beginRun(database.query, key);
  if (run === undefined) return;
  const segment = await findExportedSource(parts, run);
  if (segment === 'deleted')
    return end(parts, run, 'The segment, or one that it is based on, was deleted before it was exported');
  await cut(parts, run, segment);
  const exported = describeExported(run, segment);
  const waiting = await unfinishedRanges(database.query, run);
  let faulty = false;
  const work = async () => {
    for (let piece = waiting.shift(); piece !== undefined && !faulty; piece = waiting.shift()) {
      const fault = await exportPiece(parts, { run, exported, piece }, signal);
      await finishPiece(database.query, run, piece, fault);
      faulty ||= fault !== null;
    }
  };
  await allSettled(Array.from({ length: width }, work));
  await end(parts, run);
}

/** Undefined for everybody. */
async function findExportedSource({ database }: ExportParts, run: Run): Promise<Source | undefined | 'deleted'> {
  const { projectNumber, segmentId, segmentVersion } = run;
  if (segmentId === null) return undefined;
  return (await findSource(database.query, projectNumber, segmentId, segmentVersion ?? undefined)) ?? 'deleted';
}

/** So many pieces that none is large, and that none is empty where there are few. */
async function cut({ database }: ExportParts, run: Run, segment: Source | undefined): Promise<void> {
  if (await hasRanges(database.query, run)) return;
  const { projectNumber, createdAt: now } = run;
  const count =
    segment === undefined
      ? await countEndpoints(database.query, projectNumber)
      : (await countMembers(database.query, segment, { projectNumber, now })).total;
  const pieces = Math.min(mostPieces, Math.max(1, Math.ceil(count / rowsAPiece)));
  const { S3UrlPrefix } = run.definition as ExportDefinition;
  const urls = Array.from({ length: pieces }, (_, part) => formatPlace(partPlace(S3UrlPrefix, run.id, part)));
  await database.transaction((tx) => insertRanges(tx, run, urls));
}

/** As of the moment of the request, whichever run it is. */
function describeExported({ projectNumber, createdAt: now }: Run, segment: Source | undefined): Exported {
  if (segment === undefined) return everyEndpoint(projectNumber);
  return (page) =>
    compileSegment(segment, { projectNumber, now, exact: true, reads: { endpoint: true, user: true } }, page);
}

interface PieceOfExport {
  readonly run: Run;
  readonly exported: Exported;
  readonly piece: ExportPiece;
}

/** @returns what keeps the piece from being written */
async function exportPiece(parts: ExportParts, work: PieceOfExport, signal: AbortSignal): Promise<string | null> {
  const { run, piece } = work;
  const { database, clock, objectStore } = parts;
  const place = parsePlace(piece.url);
  if (place === undefined) throw new Error('A piece of an export has a place that is none.');
  await setProcessed(database.query, run, piece, 0);
  const lines = linesOf(parts, work, signal);
  const first = await lines.next();
  // Of several files, those that would be empty are left out; but there is always one.
  if (first.done && piece.piece > 1) return null;
  const file = { url: piece.url, direction: 'written' } as const;
  await noteFile(database.query, run, file, clock.now());
  const measured: Measured = { bytes: 0, checksum: createHash('sha256') };
  try {
    await objectStore.write(place, measure(gzipped(withFirst(first, lines)), measured));
  } catch (error) {
    const fault = fileFaultOf(error);
    if (fault === undefined) throw error;
    return fault;
  }
  const checksum = measured.checksum.digest('hex');
  await noteFile(database.query, run, { ...file, bytes: measured.bytes, checksum }, clock.now());
  return null;
}

async function* linesOf(
  { database }: ExportParts,
  { run, exported, piece }: PieceOfExport,
  signal: AbortSignal,
): AsyncGenerator<Buffer, undefined> {
  let processed = 0;
  const { firstBucket, endBucket } = piece;
  let after: LinePage['last'] | null = null;
  for (let pages = 1; ; pages += 1) {
    signal.throwIfAborted();
    const rows = exported({ firstBucket, endBucket, after });
    const page: LinePage | undefined = await readInKeyOrder(database, (tx) =>
      readLinePage(tx, rows, run.applicationId, rowsAPage),
    );
    processed += page?.count ?? 0;
    if (page === undefined || pages % pagesAReport === 0) await setProcessed(database.query, run, piece, processed);
    if (page === undefined) return;
    yield Buffer.from(page.lines);
    after = page.last;
  }
}

async function* withFirst(first: IteratorResult<Buffer, undefined>, rest: AsyncGenerator<Buffer>) {
  if (!first.done) yield first.value;
  yield* rest;
}

interface Measured {
  bytes: number;
  readonly checksum: Hash;
}

async function* measure(content: AsyncIterable<Buffer>, measured: Measured): AsyncGenerator<Buffer> {
  for await (const chunk of content) {
    measured.bytes += chunk.length;
    measured.checksum.update(chunk);
    yield chunk;
  }
}

async function end({ database, clock }: ExportParts, run: Run, fault: string | null = null): Promise<void> {
  const failed = fault !== null || (await countFailedPieces(database.query, run)) > 0;
  await setStatus(database.query, run, failed ? 'FAILING' : 'COMPLETING');
  const status = failed ? 'FAILED' : 'COMPLETED';
  await database.transaction((tx) => endJob(tx, run, { status, fault, now: clock.now() }));
}

/** Nothing goes on in the background when it throws. */
async function allSettled(work: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(work)) if (outcome.status === 'rejected') throw outcome.reason;
}
