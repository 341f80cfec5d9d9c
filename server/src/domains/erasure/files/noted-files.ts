/** The files that a project read and wrote: those of its imports and exports, and those of its event stream. */
import type { Executor, Transaction } from '../../../database/index.ts';
import {
  isStreamedByOthers,
  listStreamFiles,
  noteStreamFilesRemoved,
  noteStreamPrefixRemoved,
} from '../../events/index.ts';
import {
  isOfOthers,
  listTransferFiles,
  type NotedFile,
  noteTransferFilesRemoved,
  noteTransferPrefixRemoved,
} from '../../transfers/index.ts';

/** Without a job: of the event stream. */
export type ProjectFile = Omit<NotedFile, 'jobId'> & { readonly jobId: string | undefined };

export interface Selection {
  readonly projectNumber: number;
  readonly jobId?: string | undefined;
  readonly prefix?: string | undefined;
}

/** `transfers` come first, `streams` after them. */
export type FilePosition = readonly [source: 'transfers' | 'streams', url: string, jobId: string];

const start: FilePosition = ['transfers', '', ''];

export async function listProjectFiles(
  query: Executor,
  selection: Selection,
  after: FilePosition = start,
  limit = 500,
): Promise<ProjectFile[]> {
  const [source, url, jobId] = after;
  const transfers = source === 'streams' ? [] : await listTransferFiles(query, selection, [url, jobId], limit);
  if (transfers.length === limit || selection.jobId !== undefined) return transfers;
  const streams = await listStreamFiles(query, selection, source === 'streams' ? url : '', limit - transfers.length);
  return [...transfers, ...streams.map((file) => ({ ...file, jobId: undefined, direction: 'written' as const }))];
}

export function positionOf({ url, jobId }: Pick<ProjectFile, 'url' | 'jobId'>): FilePosition {
  return jobId === undefined ? ['streams', url, ''] : ['transfers', url, jobId];
}

/** Each once, whichever jobs know it. Of files that were deleted too: somebody may have put another one there. */
export async function* everyUrl(
  query: Executor,
  selection: Selection & { readonly begunBy?: Date | undefined },
  source: 'transfers' | 'streams',
): AsyncGenerator<string> {
  let [url, jobId] = ['', ''];
  for (;;) {
    const page =
      source === 'transfers'
        ? await listTransferFiles(query, selection, [url, jobId], portion)
        : (await listStreamFiles(query, selection, url, portion)).map((file) => ({ ...file, jobId: '' }));
    for (const file of page) {
      if (file.url !== url) yield file.url;
      [url, jobId] = [file.url, file.jobId];
    }
    if (page.length < portion) return;
  }
}

const portion = 500;

/** Whether the project read or wrote a file of exactly this name. */
export async function hasFile(query: Executor, projectNumber: number, url: string): Promise<boolean> {
  for (const source of ['transfers', 'streams'] as const) {
    for await (const found of everyUrl(query, { projectNumber, prefix: url }, source)) {
      if (found === url) return true;
      // The shortest comes first.
      break;
    }
  }
  return false;
}

/** Where another project has files, this one deletes none but its own. */
export async function belongsToOthersToo(query: Executor, projectNumber: number, prefix: string): Promise<boolean> {
  return (await isOfOthers(query, projectNumber, prefix)) || (await isStreamedByOthers(query, projectNumber, prefix));
}

interface Removed {
  readonly projectNumber: number;
  readonly now: Date;
}

export async function noteRemoved(tx: Transaction, url: string, { projectNumber, now }: Removed): Promise<void> {
  await noteTransferFilesRemoved(tx, { projectNumber, urls: [url], now });
  await noteStreamFilesRemoved(tx, { projectNumber, urls: [url], now });
}

export async function notePrefixRemoved(tx: Transaction, prefix: string, removed: Removed): Promise<void> {
  await noteTransferPrefixRemoved(tx, { ...removed, prefix });
  await noteStreamPrefixRemoved(tx, { ...removed, prefix });
}
