/**
 * Messages of a campaign that waits for events: judged, claimed, counted and sent as those of other runs, each as a run of
 * its own, so that an event has one message however often it is taken up.
 */
import { withTimePartition } from '../../../database/index.ts';
import { endpointKey, findEndpoints } from '../../audience/index.ts';
import { findSend, RateBudget, type RoutedSend, type Run, type Verdict } from '../../messaging/index.ts';
import { lifetimeMilliseconds, type Trigger } from '../triggers/trigger.ts';
import { enricher } from './enrich.ts';
import { type ProducedEndpoint, readReceived } from './enumerate.ts';
import type { Received } from './judge.ts';
import { type OpenRun, openRun } from './open-run.ts';
import { type Decision, decided, judgeOne, type PageContext } from './page.ts';
import { pageContext } from './page-context.ts';
import type { RunParts } from './parts.ts';
import type { StoredRun } from './store.ts';
import { writePage } from './write-page.ts';

interface Wanted {
  readonly trigger: Trigger;
  readonly endpoint: ProducedEndpoint;
  readonly context: PageContext;
}

/**
 * Resolves when all is settled; or when `signal` says so: what is not settled then is sent again by whoever takes it next.
 * Of endpoints that are gone, and those whose treatment has another window, nothing is written.
 */
export async function sendTriggered(
  parts: RunParts,
  stored: StoredRun,
  triggers: readonly Trigger[],
  signal: AbortSignal,
): Promise<void> {
  const open = openOf(stored);
  const wanted = await findWanted(parts, open, triggers);
  if (wanted.length === 0) return;
  const decisions = await decideAll(parts, open, wanted, signal);
  const routed = await claim(parts, open, decisions);
  const { messagesPerSecond } = open.limits;
  if (messagesPerSecond !== undefined && routed.length > 0) {
    const key = `campaign/${stored.projectNumber}/${stored.id}`;
    const budget = new RateBudget(parts.database.query, key, messagesPerSecond);
    await budget.take(routed.length, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
  const { pipeline } = parts.messaging;
  await Promise.all(
    routed.map(({ attempts, ...each }) =>
      pipeline.deliver(each, { deadline: deadlineOf(each.send.run), expires: true, signal, attempts }),
    ),
  );
}

/** Of the windows that are open: their runs live as long. */
const opened = new Map<string, OpenRun>();
const mostOpened = 100;

function openOf(stored: StoredRun): OpenRun {
  const key = `${stored.projectNumber}/${stored.id}/${stored.campaignVersion}/${stored.startedAt?.getTime()}`;
  const known = opened.get(key) ?? openRun(stored);
  opened.set(key, known);
  if (opened.size > mostOpened) opened.delete(opened.keys().next().value as string);
  return known;
}

function deadlineOf({ startedAt }: Pick<Run, 'startedAt'>): Date {
  return new Date(startedAt.getTime() + lifetimeMilliseconds);
}

async function findWanted(parts: RunParts, open: OpenRun, triggers: readonly Trigger[]): Promise<Wanted[]> {
  const { database, clock } = parts;
  const { projectNumber } = open.run;
  const found = await findEndpoints(
    database.keyedQuery,
    triggers.map(({ endpointId }) => endpointKey(projectNumber, endpointId)),
  );
  const there = triggers.flatMap((trigger, index) => {
    const endpoint = found[index];
    return endpoint === undefined ? [] : [{ trigger, endpoint }];
  });
  const { campaignId } = open.stored;
  const asked = { projectNumber, campaignId, limits: open.limits, now: clock.now() };
  const received = await readReceived(
    database.query,
    asked,
    there.map(({ endpoint }) => endpoint),
  );
  const channelTypes = there.map(({ endpoint }) => endpoint.channelType);
  const context = await pageContext(parts, open, { channelTypes, zone: undefined, expiresAt: undefined });
  const before = new Map<string, number>();
  return there.map(({ trigger, endpoint }, index) => {
    const earlier = before.get(endpoint.id) ?? 0;
    before.set(endpoint.id, earlier + 1);
    const run: Run = { ...open.run, id: trigger.id, startedAt: trigger.arrivedAt };
    const isExpired = context.now >= deadlineOf(run);
    return {
      trigger,
      endpoint: { ...endpoint, received: withEarlier(received[index] as Received, earlier) },
      context: { ...context, run, judging: { ...context.judging, isExpired } },
    };
  });
}

/** Several events of one endpoint at once: caps hold among them as well. */
function withEarlier({ targeted, lastDay, lastDayOfAll }: Received, earlier: number): Received {
  return { targeted: targeted + earlier, lastDay: lastDay + earlier, lastDayOfAll: lastDayOfAll + earlier };
}

async function decideAll(
  parts: RunParts,
  open: OpenRun,
  wanted: readonly Wanted[],
  signal: AbortSignal,
): Promise<(Decision & { readonly context: PageContext })[]> {
  const undecided = wanted.flatMap(({ endpoint, context }) => {
    const cohort = open.cohortOf(endpoint.id);
    return cohort === undefined ? [] : [{ context, judged: judgeOne(context, endpoint, cohort) }];
  });
  const toSend = undecided.map(({ judged }) => judged).filter(({ judgement }) => judgement === 'SEND');
  const enriched = await enricher(parts, open, signal)(toSend);
  return undecided.map(({ context, judged }) => ({ ...decided(context, judged, enriched(judged.endpoint)), context }));
}

type ToDeliver = RoutedSend & { readonly attempts: number };

/** @returns those that are to be sent by this caller: claimed now, or before by somebody who did not settle them */
async function claim(
  { database, messaging, ...parts }: RunParts,
  open: OpenRun,
  decisions: readonly (Decision & { readonly context: PageContext })[],
): Promise<ToDeliver[]> {
  const [first] = decisions;
  if (first === undefined) return [];
  const routed = decisions.flatMap(({ send }) => send ?? []);
  const moments = decisions.map(({ context }) => context.run.startedAt);
  const verdicts = await withTimePartition(database.query, 'sends', moments, () =>
    database.keyedTransaction(async (tx) => {
      const answers: readonly Verdict[] =
        routed.length === 0
          ? []
          : await messaging.pipeline.claim(
              tx,
              routed.map(({ send }) => send),
            );
      const page = { decisions, others: 0, context: { ...first.context, run: open.run } };
      await writePage(tx, { ...parts, database, messaging }, { page, verdicts: answers, part: first.endpoint.bucket });
      return answers;
    }),
  );
  const toDeliver: ToDeliver[] = [];
  for (const [index, each] of routed.entries()) {
    if (verdicts[index] === 'CLAIMED') toDeliver.push({ ...each, attempts: 0 });
    if (verdicts[index] !== 'DUPLICATE') continue;
    const { run, recipient } = each.send;
    const { projectNumber, id: runId, startedAt } = run;
    const key = { projectNumber, runId, startedAt, recipient: recipient.text, bucket: recipient.bucket };
    const before = await findSend(database.query, key);
    if (before?.status === 'CLAIMED') toDeliver.push({ ...each, attempts: before.attempts });
  }
  return toDeliver;
}
