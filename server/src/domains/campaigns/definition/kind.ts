/** The three kinds of campaigns, by what makes them send. */
import type { Schedule } from '../../../contract/pinpoint-types.ts';

/** `SCHEDULED`: at times; `EVENT`: when something happens; `IN_APP`: never, clients come for their messages. */
export type CampaignKind = 'SCHEDULED' | 'EVENT' | 'IN_APP';

export function kindOf({ Frequency }: Pick<Schedule, 'Frequency'>): CampaignKind {
  if (Frequency === 'EVENT') return 'EVENT';
  return Frequency === 'IN_APP_EVENT' ? 'IN_APP' : 'SCHEDULED';
}

/** It has one run, and that one begins at once: there is nothing to pause (dossier/messaging §1.3). */
export function isImmediateOnce({ StartTime, Frequency = 'ONCE' }: Schedule): boolean {
  return StartTime === 'IMMEDIATE' && Frequency === 'ONCE';
}
