/** DeleteApp: the project is gone from the API, what runs for it stops, and everything of it is erased (E6, E16). */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import { enqueue } from '../../../jobs/index.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Project } from '../../../operations/call.ts';
import { retireDrivers } from '../../channels/index.ts';
import { tellStreamReaders } from '../../events/index.ts';
import { eraseScope, erasureKey } from '../scope/job-definitions.ts';
import type { Owner } from '../scope/ownership.ts';
import type { KeptPlace } from '../scope/receipt.ts';
import { insertErasure } from '../scope/store.ts';
import { readSettings } from '../settings/store.ts';

type DeletedProject = Pick<Project, 'number' | 'accountId' | 'region' | 'id'>;

/** Part of the transaction that deletes a project. */
export async function eraseDeletedProject(tx: Transaction, project: DeletedProject, now: Date): Promise<void> {
  await stopProject(tx, project.number);
  // Hidden, then, until its account is erased.
  if (!(await readSettings(tx, project.number)).fullErasure) return;
  const id = await receiveProject(tx, project, { partOf: null, now });
  await enqueue(tx, eraseScope, { erasureId: id }, { key: erasureKey(id) });
}

/** What runs by itself: streams and connections to providers. Claims, imports and exports look at the project. */
export async function stopProject(tx: Transaction, projectNumber: number): Promise<void> {
  await tellStreamReaders(tx, projectNumber);
  await retireDrivers(tx, [projectNumber]);
}

/** @returns the id of its erasure */
export async function receiveProject(
  tx: Transaction,
  { number, accountId, region, id: projectId }: DeletedProject,
  { partOf, now }: { readonly partOf: string | null; readonly now: Date },
): Promise<string> {
  const owner: Owner = { scope: 'PROJECT', accountId, region, projectId, projectNumber: number };
  return insertErasure(tx, { id: newId(), owner, partOf, kept: await findKept(tx, number), now });
}

/** What the documentation of DeleteApp leaves where it is: whoever reads the receipt is told. */
async function findKept(query: Executor, projectNumber: number): Promise<KeptPlace[]> {
  const { rows } = await sql<{ files: number; streamed: number; archives: number }>`
    select (select count(distinct url) from transfer_files
            where project_number = ${projectNumber} and removed_at is null) as files,
           (select count(*) from event_stream_files
            where project_number = ${projectNumber} and removed_at is null) as streamed,
           (select count(*) from project_archives
            where project_number = ${projectNumber} and state = 'COMPLETED') as archives`.execute(query);
  const { files = 0, streamed = 0, archives = 0 } = rows[0] ?? {};
  return [
    {
      place: 'files in object stores',
      count: files,
      reason: 'Files that imports read and exports wrote belong to whoever put them there or asked for them.',
    },
    { place: 'event stream files', count: streamed, reason: 'Events that were streamed belong to where they went.' },
    { place: 'project archives', count: archives, reason: 'Archives belong to whoever asked for them.' },
  ];
}
