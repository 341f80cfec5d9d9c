/** Begins, changes and ends the stream of a project. */
import { createWork, notify, removeWork, type Transaction } from '../../../database/index.ts';
import { notFound } from '../../../kernel/errors.ts';
import { newRequestId } from '../../../kernel/ids.ts';
import type { ProjectCall } from '../../../operations/call.ts';
import type { EventLog } from '../append.ts';
import { streamTest } from '../records/stream-test.ts';
import { topics } from './append-news.ts';
import { deleteStream, lockStream, putStream } from './store.ts';
import type { Destination, StoredStream } from './stream.ts';
import { streamWork } from './work.ts';

/** What was appended before is not sent; a first record tells whoever reads that the way is open. */
export async function configureStream(
  log: EventLog,
  tx: Transaction,
  { project, now, caller }: ProjectCall,
  wanted: { readonly destination: Destination; readonly sealedSecret: Buffer | null },
): Promise<StoredStream> {
  const stream = await putStream(tx, { ...wanted, projectNumber: project.number, now, by: caller.arn });
  await createWork(tx, streamWork(project.number), 1);
  await notify(tx, topics.changed, String(project.number));
  await log.append(tx, [streamTest(project, newRequestId(), now)]);
  return stream;
}

/** Part of every transaction after which the stream of a project has to stop, or may go on. */
export async function tellStreamReaders(tx: Transaction, projectNumber: number): Promise<void> {
  await notify(tx, topics.changed, String(projectNumber));
}

/** @param meant which destinations the caller knows of @throws NotFoundException */
export async function endStream(
  tx: Transaction,
  { project }: ProjectCall,
  meant: (stream: StoredStream) => boolean,
): Promise<StoredStream> {
  const stream = await lockStream(tx, project.number);
  if (stream === undefined || !meant(stream)) throw notFound();
  await deleteStream(tx, project.number);
  await removeWork(tx, streamWork(project.number));
  await notify(tx, topics.changed, String(project.number));
  return stream;
}
