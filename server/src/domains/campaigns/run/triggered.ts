/**
 * Messages of a campaign that waits for events: judged, claimed, counted and sent as those of other runs, each as a run of
 * its own, so that an event has one message however often it is taken up.
 */
import { withTimePartition } from '../../../database/index.ts';
import { endpointKey, findEndpoints } from '../../audience/index.ts';
import { findSend, RateBudget, type RoutedSend, type Run, type StoredSend } from '../../messaging/index.ts';
import type { TakenTrigger } from '../triggers/store.ts';
import { lifetimeMilliseconds } from '../triggers/trigger.ts';
import { withinCaps } from './caps.ts';
import { enricher } from './enrich.ts';
import { type ProducedEndpoint, readReceived } from './enumerate.ts';
import { nothingReceived, type Received } from './judge.ts';
import { type OpenRun, openRun } from './open-run.ts';
import { type Decision, decided, judgeOne, type PageContext } from './page.ts';
import { pageContext } from './page-context.ts';
import type { RunParts } from './parts.ts';
import { toResend } from './resend.ts';
import type { StoredRun } from './store.ts';
import { writePage } from './write-page.ts';

interface Wanted {
  readonly endpoint: ProducedEndpoint;
  readonly context: PageContext;
  /** Of a message that somebody claimed before and did not settle: how often it was tried. */
  readonly attempts: number | undefined;
}

type Decided = Decision & Pick<Wanted, 'context' | 'attempts'>;

/**
 * Resolves when all is settled; or when `signal` says so: what is not settled then is sent again by whoever takes it next.
 * Of endpoints that are gone, and those whose treatment has another window, nothing is written.
 */
export async function sendTriggered(
  parts: RunParts,
  stored: StoredRun,
  triggers: readonly TakenTrigger[],
  signal: AbortSignal,
): Promise<void> {
  const open = openOf(stored);
  const claimedAfter = performance.now();
  const wanted = await findWanted(parts, open, triggers);
  if (wanted.length === 0) return;
  const decisions = await decideAll(parts, open, wanted, signal);
  const again = decisions.filter(({ attempts }) => attempts !== undefined);
  const routed = [
    ...(await claim(
      parts,
      open,
      decisions.filter(({ attempts }) => attempts === undefined),
    )),
    ...again.map(({ context, attempts = 0, ...each }) => ({ ...toResend(context, each), attempts, wasClaimed: true })),
  ];
  await deliverAll(parts, open, routed, { signal, claimedAfter });
}

/** As the campaign's own rate allows. @throws the first fault, once nothing is under way any more */
async function deliverAll(
  { database, messaging: { pipeline } }: RunParts,
  open: OpenRun,
  routed: readonly (RoutedSend & { readonly attempts: number; readonly wasClaimed?: boolean })[],
  { signal, claimedAfter }: { readonly signal: AbortSignal; readonly claimedAfter: number },
): Promise<void> {
  const { messagesPerSecond } = open.limits;
  const { projectNumber, id } = open.stored;
  const budget =
    messagesPerSecond === undefined
      ? undefined
      : new RateBudget(database.query, `campaign/${projectNumber}/${id}`, messagesPerSecond);
  const portion = Math.max(1, budget?.portion ?? routed.length);
  const deliveries: Promise<unknown>[] = [];
  const begin = async () => {
    for (let from = 0; from < routed.length && !signal.aborted; from += portion) {
      const next = routed.slice(from, from + portion);
      await budget?.take(next.length, signal);
      for (const { attempts, wasClaimed = false, ...each } of next) {
        const delivery = pipeline.deliver(each, {
          ...{ deadline: deadlineOf(each.send.run), expires: true, signal, attempts },
          claimedAfter: wasClaimed ? Number.NEGATIVE_INFINITY : claimedAfter,
        });
        // Looked at below.
        delivery.catch(() => undefined);
        deliveries.push(delivery);
      }
    }
  };
  const [begun] = await Promise.allSettled([begin()]);
  const outcomes = await Promise.allSettled(deliveries);
  for (const outcome of [...(signal.aborted ? [] : [begun]), ...outcomes]) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
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

async function findWanted(parts: RunParts, open: OpenRun, triggers: readonly TakenTrigger[]): Promise<Wanted[]> {
  const { database, clock } = parts;
  const { projectNumber } = open.run;
  const found = await findEndpoints(
    database.keyedQuery,
    triggers.map(({ endpointId }) => endpointKey(projectNumber, endpointId)),
  );
  const claims = await findClaims(database, triggers);
  const there = triggers.flatMap((trigger, index) => {
    const endpoint = found[index];
    const claim = claims.get(trigger.id);
    if (endpoint === undefined || (claim !== undefined && claim.status !== 'CLAIMED')) return [];
    return [{ trigger, endpoint, attempts: claim?.attempts }];
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
  return there.map(({ trigger, endpoint, attempts }, index) => {
    const run: Run = { ...open.run, id: trigger.id, startedAt: trigger.arrivedAt };
    const isExpired = context.now >= deadlineOf(run);
    // One that is claimed was counted then.
    const had = attempts === undefined ? (received[index] as Received) : nothingReceived;
    return {
      ...{ attempts, endpoint: { ...endpoint, received: had } },
      context: { ...context, run, judging: { ...context.judging, isExpired } },
    };
  });
}

/** Messages of triggers that somebody had before, by the trigger's id. */
async function findClaims(
  { query }: RunParts['database'],
  triggers: readonly TakenTrigger[],
): Promise<ReadonlyMap<string, StoredSend>> {
  const claims = new Map<string, StoredSend>();
  for (const { id, projectNumber, bucket, endpointId, arrivedAt, wasTaken } of triggers) {
    if (!wasTaken) continue;
    const key = { projectNumber, bucket, recipient: endpointId, runId: id, startedAt: arrivedAt };
    const claim = await findSend(query, key);
    if (claim !== undefined) claims.set(id, claim);
  }
  return claims;
}

async function decideAll(
  parts: RunParts,
  open: OpenRun,
  wanted: readonly Wanted[],
  signal: AbortSignal,
): Promise<Decided[]> {
  const undecided = wanted.flatMap(({ endpoint, context, attempts }) => {
    // Of what is claimed already it does not change any more whose it is.
    const cohort = open.cohortOf(endpoint.id) ?? (attempts === undefined ? undefined : '0');
    return cohort === undefined ? [] : [{ context, attempts, judged: judgeOne(context, endpoint, cohort) }];
  });
  const toSend = undecided.map(({ judged }) => judged).filter(({ judgement }) => judgement === 'SEND');
  const enriched = await enricher(parts, open, signal)(toSend);
  return undecided.map(({ context, attempts, judged }) => ({
    ...decided(context, judged, enriched(judged.endpoint)),
    ...{ context, attempts },
  }));
}

/** @returns those that were claimed now and have not left with it: this caller sends them */
async function claim(
  { database, messaging, ...parts }: RunParts,
  open: OpenRun,
  wanted: readonly Decided[],
): Promise<(RoutedSend & { readonly attempts: number })[]> {
  const [first] = wanted;
  if (first === undefined) return [];
  const { pipeline } = messaging;
  const moments = wanted.map(({ context }) => context.run.startedAt);
  const { toDeliver, settled } = await withTimePartition(database.query, 'sends', moments, () =>
    database.keyedTransaction(async (tx) => {
      const decisions = await withinCaps(tx, open, wanted, ({ context }) => context);
      const routed = decisions.flatMap(({ send }) => send ?? []);
      const claimed =
        routed.length === 0
          ? { verdicts: [], toDeliver: [], settled: [] }
          : await pipeline.claimBatch(tx, routed, open.limits.messagesPerSecond === undefined);
      const page = { decisions, others: 0, context: { ...first.context, run: open.run } };
      const { verdicts } = claimed;
      await writePage(tx, { ...parts, database, messaging }, { page, verdicts, part: first.endpoint.bucket });
      return claimed;
    }),
  );
  if (settled.length > 0) await pipeline.learn(settled);
  return toDeliver.map((each) => ({ ...each, attempts: 0 }));
}
