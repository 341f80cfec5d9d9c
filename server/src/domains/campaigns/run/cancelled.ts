/** What a cancelled run had claimed and never sent is written off, so that its totals are whole as well. */
import { type Database, type Lease, sendLast, type Transaction, workThrough } from '../../../database/index.ts';
import { abandonClaims } from '../../messaging/index.ts';
import { holdProject } from '../../projects/index.ts';
import type { Trigger } from '../triggers/trigger.ts';
import { addingToCounts, CountSheet } from './counts-store.ts';
import type { RunParts } from './parts.ts';
import { findRun, type RunKey, type StoredRun } from './store.ts';

const pageSize = 500;

export async function writeOffRange(
  { database }: RunParts,
  key: RunKey,
  lease: Lease,
  signal: AbortSignal,
): Promise<void> {
  const run = await findRun(database.query, key);
  await workThrough(
    database,
    lease,
    async (tx, cursor) => {
      if (run === undefined) return { cursor, finished: true };
      const after = cursor as readonly [number, string] | null;
      const abandoned = await abandonClaims(
        tx,
        { projectNumber: key.projectNumber, id: key.id, startedAt: run.scheduledStart },
        { range: lease, after: after ?? undefined, limit: pageSize },
      );
      await count(tx, run, lease, abandoned);
      const last = abandoned.at(-1);
      if (last === undefined || abandoned.length < pageSize) return { cursor, finished: true };
      return { cursor: [last.bucket, last.recipient], finished: false };
    },
    { signal, keyed: true },
  );
}

/** Of an event whose message is not sent any more. What is a deleted project's goes with it. */
export async function writeOffTrigger(
  { keyedTransaction }: Pick<Database, 'keyedTransaction'>,
  { id, projectNumber, bucket, arrivedAt }: Trigger,
): Promise<void> {
  await keyedTransaction(async (tx) => {
    if (!(await holdProject(tx, projectNumber))) return;
    const run = { projectNumber, id, startedAt: arrivedAt };
    const range = { firstBucket: bucket, endBucket: bucket + 1 };
    const abandoned = await abandonClaims(tx, run, { range, after: undefined, limit: pageSize });
    const sheet = new CountSheet();
    for (const { activityId } of abandoned) {
      if (activityId !== null) sheet.add(projectNumber, activityId, 'CANCELLED');
    }
    const counts = sheet.all;
    if (counts.length > 0) await sendLast(tx, [addingToCounts(counts, bucket)]);
  });
}

async function count(
  tx: Transaction,
  { projectNumber, plan }: StoredRun,
  lease: Lease,
  abandoned: readonly { readonly activityId: string | null }[],
): Promise<void> {
  const sheet = new CountSheet();
  const first = plan.treatments[0]?.activityId ?? '';
  for (const { activityId } of abandoned) sheet.add(projectNumber, activityId ?? first, 'CANCELLED');
  if (abandoned.length > 0) await sendLast(tx, [addingToCounts(sheet.all, lease.firstBucket)]);
}
