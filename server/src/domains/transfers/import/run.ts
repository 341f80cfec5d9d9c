/** Runs an import: file after file, several batches at once, from where an earlier run stopped. */
import { createHash } from 'node:crypto';
import type { Transaction } from '../../../database/index.ts';
import { formatPlace, type ObjectStore, parsePlace } from '../../../object-store/index.ts';
import { dropMembers, publishImported } from '../../segments/index.ts';
import { fileFaultOf } from '../file-fault.ts';
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
import { type BatchParts, concernsOf, importBatch } from './batch.ts';
import type { ImportDefinition } from './definition.ts';
import { Lanes } from './lanes.ts';
import { readBatches } from './rows.ts';
import { type ImportPiece, unfinishedPieces } from './store.ts';

export interface ImportParts extends BatchParts {
  readonly objectStore: ObjectStore;
}

/** Batches under way at once: reading, merging and the database take turns. */
const width = 3;

/** @throws RunEnded when another run took over, and what says nothing of the files: the job is to run again then */
export async function runImport(parts: ImportParts, key: JobKey, signal: AbortSignal): Promise<void> {
  const { database } = parts;
  const run = await beginRun(database.query, key);
  if (run === undefined) return;
  for (const piece of await unfinishedPieces(database.query, key)) {
    const fault = await importPiece(parts, run, piece, signal);
    await finishPiece(database.query, run, piece, fault);
  }
  await finish(parts, run);
}

/** @returns what keeps the file from being imported to its end */
async function importPiece(
  parts: ImportParts,
  run: Run,
  piece: ImportPiece,
  signal: AbortSignal,
): Promise<string | null> {
  const { Format, RegisterEndpoints } = run.definition as ImportDefinition;
  const lanes = new Lanes(width);
  const target = { run, piece, register: RegisterEndpoints };
  try {
    const form = { format: Format, applicationId: run.applicationId, done: piece.done };
    for await (const batch of readBatches(readNoted(parts, run, piece, signal), form)) {
      signal.throwIfAborted();
      await lanes.begin(concernsOf(batch), () => importBatch(parts, target, batch));
    }
    return null;
  } catch (error) {
    const fault = fileFaultOf(error);
    if (fault === undefined) throw error;
    return fault;
  } finally {
    await lanes.end();
  }
}

/** The content of the file, while what was read is noted for erasure. */
async function* readNoted(
  { objectStore, database, clock }: ImportParts,
  run: Run,
  { url, bytes, version }: ImportPiece,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const place = parsePlace(url);
  if (place === undefined) throw new Error('A piece of an import has a place that is none.');
  const file = { url: formatPlace(place), direction: 'read' } as const;
  await noteFile(database.query, run, { ...file, bytes }, clock.now());
  const checksum = createHash('sha256');
  for await (const chunk of objectStore.read({ ...place, bytes, version }, signal)) {
    checksum.update(chunk);
    yield chunk;
  }
  await noteFile(database.query, run, { ...file, checksum: checksum.digest('hex') }, clock.now());
}

async function finish({ database, clock }: ImportParts, run: Run): Promise<void> {
  const failed = await countFailedPieces(database.query, run);
  await setStatus(database.query, run, failed > 0 ? 'FAILING' : 'COMPLETING');
  await database.transaction(async (tx) => {
    const now = clock.now();
    if (failed > 0) {
      if (run.membership !== null) await dropMembers(tx, run.membership);
      return endJob(tx, run, { status: 'FAILED', now });
    }
    if (run.membership === null || (await publish(tx, run, now))) return endJob(tx, run, { status: 'COMPLETED', now });
    await dropMembers(tx, run.membership);
    return endJob(tx, run, { status: 'FAILED', fault: 'The segment was deleted while the import was running', now });
  });
}

function publish(tx: Transaction, run: Run, now: Date): Promise<boolean> {
  const { Format, S3Url, RoleArn, ExternalId, SegmentId, SegmentName } = run.definition as ImportDefinition;
  return publishImported(tx, {
    ...{ projectNumber: run.projectNumber, segmentId: SegmentId as string, membership: run.membership as number, now },
    as: run.updatesSegment ? 'new version' : 'new segment',
    name: SegmentName,
    source: { Format, S3Url, RoleArn, ExternalId },
  });
}
