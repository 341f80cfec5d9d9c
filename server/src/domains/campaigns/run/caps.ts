/**
 * Caps where several messages for one endpoint are judged at the same moment: by campaigns that run beside each other, or
 * because of events. What it had is looked at once more when they are claimed, and nobody else counts for it meanwhile.
 */
import type { Transaction } from '../../../database/index.ts';
import { lockReceived } from './counts-store.ts';
import { needsOwn, ofAllCampaigns } from './enumerate.ts';
import { judgeMoment, type Received } from './judge.ts';
import type { OpenRun } from './open-run.ts';
import { type Decision, type PageContext, withhold } from './page.ts';

const dayMilliseconds = 24 * 3600 * 1000;

/** @returns the decisions in their order; what would be one too many is withheld */
export async function withinCaps<Each extends Decision>(
  tx: Transaction,
  { limits, run, stored }: OpenRun,
  decisions: readonly Each[],
  contextOf: (each: Each) => PageContext,
): Promise<readonly Each[]> {
  const campaignIds = [
    ...(needsOwn(limits) ? [stored.campaignId] : []),
    ...(limits.dailyOfAll === undefined ? [] : [ofAllCampaigns]),
  ];
  const sends = decisions.filter(({ send }) => send !== undefined);
  const [first] = sends;
  if (first === undefined || campaignIds.length === 0) return decisions;
  const since = new Date(contextOf(first).now.getTime() - dayMilliseconds);
  const rows = await lockReceived(
    tx,
    { projectNumber: run.projectNumber, campaignIds, since },
    sends.map(({ endpoint }) => endpoint),
  );
  const known = new Map(rows.map((row) => [`${row.campaignId} ${row.endpointId}`, row]));
  const earlier = new Map<string, number>();
  return decisions.map((each) => {
    const { endpoint, treatment, send } = each;
    const context = contextOf(each);
    if (send === undefined) return each;
    const before = earlier.get(endpoint.id) ?? 0;
    const own = known.get(`${stored.campaignId} ${endpoint.id}`);
    const received: Received = {
      targeted: (own?.targeted ?? 0) + before,
      lastDay: (own?.lastDay ?? 0) + before,
      lastDayOfAll: (known.get(`${ofAllCampaigns} ${endpoint.id}`)?.lastDay ?? 0) + before,
    };
    const timeZone = endpoint.demographic.Timezone;
    const judgement = judgeMoment({ timeZone, received }, treatment.id, context.judging);
    if (judgement === 'SEND') {
      earlier.set(endpoint.id, before + 1);
      return each;
    }
    const { send: _send, ...others } = each;
    return { ...others, judgement, withheld: withhold(context, endpoint, treatment, judgement) } as Each;
  });
}
