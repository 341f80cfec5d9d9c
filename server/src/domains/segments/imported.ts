/**
 * Imported segments, as an import makes them: it fills a list of members that nobody sees, and publishes it as a version
 * of the segment when it is complete.
 */
import type { SegmentImportResource } from '../../contract/pinpoint-types.ts';
import type { Transaction } from '../../database/index.ts';
import type { Source } from './compile.ts';
import { describeList } from './listed.ts';
import { countMembers } from './members.ts';
import { findVersion, insertVersion, lockSegments } from './store.ts';

export interface FilledList {
  readonly projectNumber: number;
  readonly segmentId: string;
  /** What becomes of a segment of this id: a new one is made, or one that is there gets another version. */
  readonly as: 'new segment' | 'new version';
  /** The former name stays when there is none. */
  readonly name: string | undefined;
  readonly membership: number;
  readonly source: Omit<SegmentImportResource, 'Size' | 'ChannelCounts'>;
  readonly now: Date;
}

/** @returns false when the segment that was to get a new version is not there any more */
export async function publishImported(tx: Transaction, list: FilledList): Promise<boolean> {
  const { projectNumber, segmentId, membership, now } = list;
  await lockSegments(tx, projectNumber);
  const latest = await findVersion(tx, projectNumber, segmentId);
  if ((latest === undefined) !== (list.as === 'new segment')) return false;
  const members: Source = { kind: 'members', list: await describeList(tx, membership) };
  const { total, byChannel } = await countMembers(tx, members, { projectNumber, now });
  const counts = byChannel.flatMap(({ channelType, total: count }) =>
    channelType === null ? [] : [[channelType, count] as const],
  );
  await insertVersion(tx, 'IMPORT', {
    ...{ projectNumber, id: segmentId, membership, now, definition: null },
    version: (latest?.version ?? 0) + 1,
    name: list.name ?? latest?.name ?? null,
    importDefinition: { ...list.source, Size: total, ChannelCounts: Object.fromEntries(counts) },
  });
  return true;
}

/** Of an import that failed: nobody ever saw the list. */
export async function dropMembers(tx: Transaction, membership: number): Promise<void> {
  await tx.deleteFrom('segment_endpoints').where('membership', '=', membership).execute();
  await tx.deleteFrom('segment_users').where('membership', '=', membership).execute();
}
