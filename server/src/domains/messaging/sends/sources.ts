/** What is shown of a message in the log that the log does not keep. Campaigns stand above it, and are joined in `app/`. */
import type { Executor } from '../../../database/index.ts';

export interface SendSources {
  /** By id, deleted ones too; those that are not known are missing. */
  nameCampaigns(query: Executor, projectNumber: number, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Why nothing left, in words, for statuses that campaigns give. */
  reasonOf(status: string): string | undefined;
}

/** Statuses that a claim gives, to messages of any origin. */
const reasons: Readonly<Record<string, string>> = {
  OPT_OUT: 'The recipient has opted out.',
  SUPPRESSED: 'The address is on the list of bounces and complaints.',
  INACTIVE: 'The endpoint was inactive.',
  ERASED: 'The endpoint was deleted.',
  DUPLICATE: 'The run had a message for this recipient before.',
};

export function reasonOf(status: string, sources: SendSources): string | undefined {
  return Object.hasOwn(reasons, status) ? reasons[status] : sources.reasonOf(status);
}
