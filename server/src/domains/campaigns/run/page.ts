/**
 * One page of a run: who of its endpoints gets what. Prepared outside of a transaction, then written in the one that moves
 * the cursor.
 */
import type { Transaction } from '../../../database/index.ts';
import { toPublicEndpoint, type WholeEndpoint } from '../../audience/index.ts';
import type { ChannelType } from '../../channels/index.ts';
import type { RoutedSend, RunSendStatus, WithheldSend } from '../../messaging/index.ts';
import { recipientOfEndpoint } from '../../messaging/index.ts';
import type { KeptEndpoint } from '../hooks/filter.ts';
import { isQuiet } from '../schedule/quiet-time.ts';
import { runAddressKey } from './address-keys.ts';
import { type ComposeContext, composeSend, detailOf } from './compose-send.ts';
import { takeAddresses } from './counts-store.ts';
import type { ProducedEndpoint } from './enumerate.ts';
import { type EndpointFacts, type JudgeContext, type Judgement, judgeEndpoint, judgeMoment } from './judge.ts';
import type { OpenTreatment } from './open-run.ts';
import type { Recommended } from './recommendations.ts';
import type { Routes } from './routes.ts';

/** What is to become of an endpoint, with the message where there is one. */
export interface Decision {
  readonly endpoint: ProducedEndpoint;
  readonly treatment: OpenTreatment;
  readonly judgement: Judgement;
  /** Of those whose address another one may have taken: see `takeAddresses`. */
  readonly addressKey: string | undefined;
  /** Where the judgement is SEND. */
  readonly send?: RoutedSend;
  /** Where it is not, or nothing can be sent. */
  readonly withheld?: WithheldSend;
}

export interface PreparedPage {
  readonly decisions: readonly Decision[];
  /** In cohorts that other runs of the campaign have. */
  readonly others: number;
}

/** `run` is that of the claims. */
export interface PageContext extends ComposeContext {
  readonly judging: JudgeContext;
  readonly routes: Routes;
}

/** After the routes of their channels have been looked up. */
export async function decide(
  context: PageContext,
  endpoints: readonly ProducedEndpoint[],
  enrich: Enrich,
): Promise<PreparedPage> {
  const undecided: Undecided[] = [];
  let others = 0;
  for (const endpoint of endpoints) {
    const cohort = context.open.cohortOf(endpoint.id);
    if (cohort === undefined) others += 1;
    else undecided.push(judgeOne(context, endpoint, cohort));
  }
  const enriched = await enrich(undecided.filter(({ judgement }) => judgement === 'SEND'));
  return { others, decisions: undecided.map((each) => decided(context, each, enriched(each.endpoint))) };
}

/** Asks others about those who would be sent to: see `enricher`. */
export type Enrich = (wanted: readonly Undecided[]) => Promise<(endpoint: ProducedEndpoint) => Enriched>;

export type Enriched =
  | { readonly kept: KeptEndpoint | undefined; readonly recommended: Recommended | undefined }
  | 'FILTERED_OUT_BY_HOOK'
  | 'HOOK_FAILURE'
  | 'RECOMMENDATION_FAILURE';

export function judgeOne(context: PageContext, endpoint: ProducedEndpoint, cohort: string): Undecided {
  const { open, judging } = context;
  const facts = factsOf(endpoint);
  const treatment = (open.treatments.get(cohort) ?? open.treatments.get('0')) as OpenTreatment;
  const first = judgeEndpoint(facts, cohort, judging);
  const judgement = first === 'SEND' ? judgeMoment(facts, cohort, judging) : first;
  const key = first === 'SEND' ? runAddressKey(endpoint.channelType as string, endpoint.address as string) : undefined;
  return { endpoint, treatment, judgement, addressKey: key };
}

export type Undecided = Pick<Decision, 'endpoint' | 'treatment' | 'judgement' | 'addressKey'>;

export function decided(context: PageContext, undecided: Undecided, enriched: Enriched): Decision {
  const { endpoint, treatment, judgement } = undecided;
  if (judgement !== 'SEND') return { ...undecided, withheld: withhold(context, endpoint, treatment, judgement) };
  if (typeof enriched === 'string') return { ...undecided, withheld: withhold(context, endpoint, treatment, enriched) };
  const { routes } = context;
  const channelType = endpoint.channelType as ChannelType;
  const made = composeSend(context, { endpoint, treatment, ...enriched }, routes.providerOf(channelType));
  if (!('status' in made)) {
    const heldBack = quietFor(context, endpoint);
    const findProvider = routes.finder(treatment, channelType);
    return { ...undecided, send: { send: made, findProvider, ...(heldBack && { heldBack }) } };
  }
  const { status, statusCode, statusMessage } = made;
  const refused = withhold(context, endpoint, treatment, status);
  return { ...undecided, withheld: { ...refused, statusCode, statusMessage } };
}

/** A message that waits for its provider does not leave in the night. */
function quietFor(
  { open: { quietTime } }: PageContext,
  { demographic: { Timezone } }: ProducedEndpoint,
): RoutedSend['heldBack'] {
  if (quietTime === undefined || Timezone === undefined) return undefined;
  return (now) => (isQuiet(quietTime, Timezone, now) ? quietByThen : undefined);
}

const quietByThen = {
  status: 'QUIET_TIME',
  statusCode: 200,
  statusMessage: 'Its quiet time had begun before it could leave',
} as const;

export function withhold(
  context: Pick<ComposeContext, 'open' | 'run'>,
  endpoint: WholeEndpoint,
  treatment: OpenTreatment,
  reason: RunSendStatus,
): WithheldSend {
  return {
    ...{ run: context.run, recipient: recipientOfEndpoint(endpoint), reason },
    channelType: endpoint.channelType ?? '',
    detail: detailOf(context, endpoint, treatment),
    shown: toPublicEndpoint(endpoint),
  };
}

export function factsOf(endpoint: ProducedEndpoint): EndpointFacts {
  const { channelType, address, optOut, status, demographic, received } = endpoint;
  return { channelType, address, optOut, status, timeZone: demographic.Timezone, received };
}

/**
 * Takes the addresses of a page for the run. Of several endpoints with one address, on any number of nodes, the first
 * keeps it.
 */
export async function withoutDuplicates(
  tx: Transaction,
  context: PageContext,
  { decisions, others }: PreparedPage,
): Promise<PreparedPage> {
  const keys = decisions.flatMap(({ addressKey: key }) => key ?? []);
  const taken = new Set(await takeAddresses(tx, context.open.stored.number, keys));
  if (taken.size === keys.length) return { decisions, others };
  return {
    others,
    decisions: decisions.map((decision) => {
      const { endpoint, treatment, addressKey: key } = decision;
      // Each key once: the second of a page finds it gone.
      if (key === undefined || taken.delete(key)) return decision;
      const reason = 'DUPLICATE_ADDRESS';
      const withheld = withhold(context, endpoint, treatment, reason);
      return { endpoint, treatment, judgement: reason, addressKey: key, withheld };
    }),
  };
}
