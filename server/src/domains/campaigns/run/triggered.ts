/**
 * Messages of campaigns that wait for events (dossier/messaging §1.7): judged, counted and sent as those of any run are, in
 * the activities of the window, but each with a claim of its own, so that every event has its message.
 */
import { randomInt } from 'node:crypto';
import { withTimePartition } from '../../../database/index.ts';
import { findUnsettled, type RoutedSend, type Run, type Verdict } from '../../messaging/index.ts';
import { lifetimeMilliseconds, type Trigger } from '../triggers/trigger.ts';
import { findSegment } from './begin.ts';
import { type ProducedEndpoint, readMembers } from './enumerate.ts';
import { type OpenRun, openRun } from './open-run.ts';
import { type Decision, decide, type PageContext } from './page.ts';
import { openPageContext } from './page-context.ts';
import type { RunParts } from './parts.ts';
import type { StoredRun } from './store.ts';
import { writePage } from './write-page.ts';

/** As `outcomes.ts`: whoever counts at the same time seldom meets another. */
const countParts = 32;

/**
 * Whoever is not in the segment at this moment gets nothing, and is not counted. Resolves when all is settled, or when
 * `signal` says so: what is not settled then is sent again by whoever is given it next, under the same keys.
 */
export async function sendTriggered(
  parts: RunParts,
  stored: StoredRun,
  triggers: readonly Trigger[],
  signal: AbortSignal,
): Promise<void> {
  const open = openRun(stored);
  const segment = await findSegment(parts.database.query, stored);
  if (segment === undefined) return;
  const deliveries: Promise<void>[] = [];
  for (const round of roundsOf(triggers)) {
    if (signal.aborted) break;
    const members = await readMembers(parts.database.keyedQuery, segment, {
      ...{ projectNumber: stored.projectNumber, campaignId: stored.campaignId, limits: open.limits },
      ...{ now: parts.clock.now(), keys: round.map(({ bucket, endpointId: id }) => ({ bucket, id })) },
    });
    const ofMembers = round.filter(({ endpointId }) => members.has(endpointId));
    if (ofMembers.length > 0) deliveries.push(...(await claimRound(parts, open, ofMembers, members, signal)));
  }
  await Promise.all(deliveries);
}

/** An endpoint once in each, so that the second message is judged by what the first has used up of the caps. */
function roundsOf(triggers: readonly Trigger[]): Trigger[][] {
  const rounds: Trigger[][] = [];
  const seen = new Map<string, number>();
  for (const trigger of triggers) {
    const round = seen.get(trigger.endpointId) ?? 0;
    seen.set(trigger.endpointId, round + 1);
    const known = rounds[round];
    if (known === undefined) rounds.push([trigger]);
    else known.push(trigger);
  }
  return rounds;
}

interface Decided {
  readonly trigger: Trigger;
  readonly decision: Decision;
}

/** @returns what is under way then */
async function claimRound(
  parts: RunParts,
  open: OpenRun,
  triggers: readonly Trigger[],
  members: ReadonlyMap<string, ProducedEndpoint>,
  signal: AbortSignal,
): Promise<Promise<void>[]> {
  const { database, messaging } = parts;
  const channelTypes = [...members.values()].map(({ channelType }) => channelType);
  const context = await openPageContext(parts, open, { channelTypes });
  const decided: Decided[] = [];
  let others = 0;
  for (const trigger of triggers) {
    const page = decide(contextOf(context, trigger), [members.get(trigger.endpointId) as ProducedEndpoint]);
    others += page.others;
    decided.push(...page.decisions.map((decision) => ({ trigger, decision })));
  }
  const page = { context, others, decisions: decided.map(({ decision }) => decision) };
  const routed = decided.flatMap(({ trigger, decision }) => (decision.send ? [{ trigger, send: decision.send }] : []));
  const moments = triggers.map(({ arrivedAt }) => arrivedAt);
  const verdicts = await withTimePartition(database.query, 'sends', moments, () =>
    database.keyedTransaction(async (tx) => {
      const sends = routed.map(({ send }) => send.send);
      const answers: readonly Verdict[] = sends.length === 0 ? [] : await messaging.pipeline.claim(tx, sends);
      await writePage(tx, parts, { page, verdicts: answers, part: -randomInt(1, countParts + 1) });
      return answers;
    }),
  );
  return routed.map(({ trigger, send }, index) =>
    deliver(parts, open, trigger, { send, verdict: verdicts[index], signal }),
  );
}

function contextOf(context: PageContext, trigger: Trigger): PageContext {
  const { judging, now, open } = context;
  return {
    ...context,
    run: runOf(open, trigger),
    judging: { ...judging, isExpired: now >= expiryOf(open, trigger) },
  };
}

function runOf({ run }: OpenRun, { id, arrivedAt }: Trigger): Run {
  return { ...run, id, startedAt: arrivedAt };
}

/** Nobody wants tomorrow to be asked about the cart of today (§1.5). */
function expiryOf({ limits }: OpenRun, { arrivedAt }: Trigger): Date {
  const { maximumSeconds = Number.POSITIVE_INFINITY } = limits;
  return new Date(arrivedAt.getTime() + Math.min(lifetimeMilliseconds, maximumSeconds * 1_000));
}

interface Claimed {
  readonly send: RoutedSend;
  readonly verdict: Verdict | undefined;
  readonly signal: AbortSignal;
}

async function deliver(
  { database, messaging }: RunParts,
  open: OpenRun,
  trigger: Trigger,
  { send, verdict, signal }: Claimed,
): Promise<void> {
  const options = { deadline: expiryOf(open, trigger), expires: true, signal };
  if (verdict === 'CLAIMED') await messaging.pipeline.deliver(send, options);
  if (verdict !== 'DUPLICATE') return;
  // Claimed in a former life of the trigger: settled then, or never sent.
  const range = { firstBucket: trigger.bucket, endBucket: trigger.bucket + 1 };
  const [unsettled] = await findUnsettled(database.query, runOf(open, trigger), range, undefined, 1);
  if (unsettled !== undefined) await messaging.pipeline.deliver(send, { ...options, attempts: unsettled.attempts });
}
