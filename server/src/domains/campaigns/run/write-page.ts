/** Writes what a page came to, in the transaction of its claims: who was passed over, what was counted, caps, events. */
import { sendLast, type Transaction } from '../../../database/index.ts';
import { messageKey, settledEvents, type Verdict, withheldEvents, withholdSends } from '../../messaging/index.ts';
import { claimed, counterOf, produced, treatmentHoldout } from './counters.ts';
import { addingToCounts, CountSheet, notingRecipients, type TargetedRecipient } from './counts-store.ts';
import { needsOwn, ofAllCampaigns } from './enumerate.ts';
import { isTargeted } from './judge.ts';
import type { Decision, PageContext, PreparedPage } from './page.ts';
import type { RunParts } from './parts.ts';

export interface WrittenPage {
  readonly page: PreparedPage & { readonly context: PageContext };
  /** Of its sends, in their order. */
  readonly verdicts: readonly Verdict[];
  /** Of `campaign_counts`. */
  readonly part: number;
}

const dayMilliseconds = 24 * 3600 * 1000;

export async function writePage(
  tx: Transaction,
  parts: RunParts,
  { page, verdicts, part }: WrittenPage,
): Promise<void> {
  const { context, decisions } = page;
  const withheld = decisions.flatMap((decision) => decision.withheld ?? []);
  const isNew = await withholdSends(tx, withheld);
  const news = decisionNews(decisions, verdicts, isNew);
  const counts = countPage(page, news);
  const recipients = recipientsOf(context, news);
  const events = eventsOf(parts, news);
  if (events.length > 0) await parts.messaging.events.append(tx, events);
  await sendLast(tx, [
    ...(recipients.length === 0
      ? []
      : [notingRecipients(recipients, new Date(context.now.getTime() - dayMilliseconds))]),
    ...(counts.length === 0 ? [] : [addingToCounts(counts, part)]),
  ]);
}

/** A decision as it was written, of a recipient that the run had not come to before. */
interface News {
  readonly decision: Decision;
  readonly verdict: Verdict | 'WITHHELD';
}

function decisionNews(decisions: readonly Decision[], verdicts: readonly Verdict[], isNew: readonly boolean[]): News[] {
  let [send, skip] = [0, 0];
  const news: News[] = [];
  for (const decision of decisions) {
    if (decision.send !== undefined) {
      const verdict = verdicts[send++] as Verdict;
      if (verdict !== 'DUPLICATE') news.push({ decision, verdict });
    } else if (isNew[skip++] === true) news.push({ decision, verdict: 'WITHHELD' });
  }
  return news;
}

function countPage({ context, others }: WrittenPage['page'], news: readonly News[]) {
  const { projectNumber } = context.run;
  const sheet = new CountSheet();
  const own = new Map<string, number>();
  for (const { decision, verdict } of news) {
    const { activityId } = decision.treatment;
    own.set(activityId, (own.get(activityId) ?? 0) + 1);
    if (verdict === 'CLAIMED' || decision.withheld?.reason === 'PERMANENT_FAILURE') {
      sheet.add(projectNumber, activityId, claimed);
    }
    if (verdict === 'WITHHELD') sheet.add(projectNumber, activityId, counterOf(decision.withheld?.reason ?? 'EXPIRED'));
    else if (verdict !== 'CLAIMED') sheet.add(projectNumber, activityId, counterOf(verdict));
  }
  // Each treatment looks at the whole segment, and leaves out what is of the others (dossier/messaging §1.9).
  const all = news.length + others;
  for (const { activityId } of context.open.treatments.values()) {
    sheet.add(projectNumber, activityId, produced, all);
    sheet.add(projectNumber, activityId, treatmentHoldout, all - (own.get(activityId) ?? 0));
  }
  return sheet.all;
}

/** Only where a cap applies is anything kept. */
function recipientsOf({ open, run, now }: PageContext, news: readonly News[]): TargetedRecipient[] {
  const { limits, stored } = open;
  if (!needsOwn(limits) && limits.dailyOfAll === undefined) return [];
  const targeted: TargetedRecipient[] = [];
  for (const { decision, verdict } of news) {
    const isClaimed = verdict === 'CLAIMED';
    if (!isClaimed && !(verdict === 'WITHHELD' && isTargeted(decision.judgement))) continue;
    const { bucket, id } = decision.endpoint;
    const recipient = { projectNumber: run.projectNumber, bucket, endpointId: id, sentAt: isClaimed ? now : null };
    if (needsOwn(limits)) targeted.push({ ...recipient, campaignId: stored.campaignId, targeted: 1 });
    if (limits.dailyOfAll !== undefined && isClaimed) {
      targeted.push({ ...recipient, campaignId: ofAllCampaigns, targeted: 0 });
    }
  }
  return targeted;
}

function eventsOf({ clock, messaging }: RunParts, news: readonly News[]) {
  const now = clock.now();
  return news.flatMap(({ decision, verdict }) => {
    const { send, withheld } = decision;
    if (verdict === 'WITHHELD') return withheld === undefined ? [] : withheldEvents([withheld], now);
    // Told as such; of those who opted out meanwhile there is no event at all (dossier/messaging §1.9).
    if (verdict !== 'SUPPRESSED' || send === undefined) return [];
    const outcome = {
      status: verdict,
      statusCode: 200,
      statusMessage: 'The address is on the suppression list',
    } as const;
    return settledEvents(
      { send: send.send, outcome, attempts: 0, expectsReceipt: false },
      messageKey(messaging.keySecret, send.send),
      now,
    );
  });
}
