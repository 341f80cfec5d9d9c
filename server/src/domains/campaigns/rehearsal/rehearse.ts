/**
 * Goes through the segment of a campaign as its runs would, judges everybody as they do, and writes nothing down. Hooks are
 * not asked, and only the samples are composed.
 */
import type { CampaignRehearsal } from '../../../contract/repoint-types.ts';
import { readInKeyOrder } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import { suppressedAmong } from '../../messaging/index.ts';
import { countMembers, type Source } from '../../segments/index.ts';
import type { Campaign } from '../campaign.ts';
import { holdout } from '../cohort.ts';
import { filterOf } from '../hooks/filter.ts';
import { findSegment, findTemplates } from '../run/begin.ts';
import { type PageWanted, type Place, type ProducedEndpoint, readPage } from '../run/enumerate.ts';
import { type OpenRun, openRun } from '../run/open-run.ts';
import { judgeOne, type PageContext, type Undecided } from '../run/page.ts';
import { pageContext } from '../run/page-context.ts';
import type { RunParts } from '../run/parts.ts';
import { newPlan, type PlannedTreatment, toPlannedSlot } from '../run/plan.ts';
import type { StoredRun } from '../run/store.ts';
import { type RehearsedRun, zoneMoments } from './moments.ts';
import { Samples } from './samples.ts';
import { type Fate, RehearsalTally } from './tally.ts';

export type RehearsalParts = Pick<RunParts, 'database' | 'providers' | 'messaging' | 'templates'>;

export interface Rehearsed {
  readonly campaign: Campaign;
  readonly runs: readonly RehearsedRun[];
  readonly now: Date;
  readonly samples: number;
}

const bucketCount = 1024;
const pageSize = 2_000;
/** Of a larger segment that many are read, and the counts made those of the whole. */
export const mostRead = 1_000_000;

/** @throws BadRequestException when the segment or a template is not there any more */
export async function rehearse(
  parts: RehearsalParts,
  { campaign, runs, now, samples: wantedSamples }: Rehearsed,
): Promise<Omit<CampaignRehearsal, 'CampaignId'>> {
  const { projectNumber, definition } = campaign;
  const opened = await Promise.all(runs.map((run) => openRehearsed(parts, campaign, run)));
  const segment = await findSegment(parts.database.query, opened[0]?.open.stored as StoredRun);
  if (segment === undefined) throw badRequest('SegmentId names a segment that is not there');
  const { total } = await countMembers(parts.database.query, segment, { projectNumber, now });
  const endBucket = total <= mostRead ? bucketCount : Math.max(1, Math.floor((bucketCount * mostRead) / total));
  const share = endBucket / bucketCount;
  const tally = new RehearsalTally();
  const samples = new Samples(wantedSamples);
  await walk(parts, opened, segment, endBucket, { tally, samples });
  return {
    ...{ At: toTimestamp(runs[0]?.at ?? now), SegmentId: definition.SegmentId, Share: share },
    SegmentVersion: definition.SegmentVersion,
    ...tally.totals(share),
    Treatments: treatmentTotals(campaign, runs, tally, share),
    Samples: samples.render(),
    Warnings: warningsOf(campaign, share),
  };
}

interface Opened {
  readonly open: OpenRun;
  readonly rehearsed: RehearsedRun;
  readonly momentOf: ReturnType<typeof zoneMoments>;
  /** Addresses that the run has met. */
  readonly addresses: Set<string>;
}

async function openRehearsed(parts: RehearsalParts, campaign: Campaign, rehearsed: RehearsedRun): Promise<Opened> {
  const { treatments, at, local } = rehearsed;
  const plan = { ...newPlan(campaign, treatments, newId), ...(local !== undefined && { local: toPlannedSlot(local) }) };
  const planned: PlannedTreatment[] = [];
  for (const [index, treatment] of treatments.entries()) {
    const named = { plan, campaign, treatment };
    const templates = await findTemplates(parts.database.query, parts.templates, named);
    if (templates === undefined) throw badRequest('A template of the campaign is not there any more');
    planned.push({ ...(plan.treatments[index] as PlannedTreatment), templates });
  }
  const stored: StoredRun = {
    ...{ projectNumber: campaign.projectNumber, id: 'rehearsal', number: 0, campaignId: campaign.id },
    ...{ campaignVersion: campaign.version, treatmentId: treatments[0]?.id ?? '0', kind: 'SCHEDULED' },
    ...{ scheduledStart: at, deadline: null, state: 'RUNNING', startedAt: at, plan: { ...plan, treatments: planned } },
  };
  return { open: openRun(stored), rehearsed, momentOf: zoneMoments(rehearsed), addresses: new Set() };
}

interface Results {
  readonly tally: RehearsalTally;
  readonly samples: Samples;
}

async function walk(
  parts: RehearsalParts,
  opened: readonly Opened[],
  segment: Source,
  endBucket: number,
  results: Results,
): Promise<void> {
  const [{ open, rehearsed }] = opened as [Opened];
  for (let after: Place | null = null; ; ) {
    const wanted: PageWanted = {
      ...{ projectNumber: open.run.projectNumber, campaignId: open.stored.campaignId, limits: open.limits },
      ...{ zones: null, range: { firstBucket: 0, endBucket }, after, limit: pageSize, now: rehearsed.at },
    };
    const endpoints: ProducedEndpoint[] = await readInKeyOrder(parts.database, (tx) => readPage(tx, segment, wanted));
    await judgePage(parts, opened, endpoints, results);
    const last = endpoints.at(-1);
    if (last === undefined || endpoints.length < pageSize) return;
    after = [last.bucket, last.id];
  }
}

interface Judged {
  readonly fate: Fate;
  readonly context: PageContext;
  readonly undecided: Undecided;
}

async function judgePage(
  parts: RehearsalParts,
  opened: readonly Opened[],
  endpoints: readonly ProducedEndpoint[],
  { tally, samples }: Results,
): Promise<void> {
  const contexts = new Contexts(parts, endpoints);
  const judged: Judged[] = [];
  for (const endpoint of endpoints) {
    const one = await judgeEndpoint(contexts, opened, endpoint);
    if (one !== undefined) judged.push(one);
  }
  const suppressed = await suppressions(parts, opened, judged);
  for (const [index, { fate, context, undecided }] of judged.entries()) {
    const reason = suppressed.get(index);
    tally.add(reason === undefined ? fate : { ...fate, judgement: reason });
    if (fate.judgement === 'SEND' && reason === undefined) samples.consider(context, undecided);
  }
}

async function judgeEndpoint(
  contexts: Contexts,
  opened: readonly Opened[],
  endpoint: ProducedEndpoint,
): Promise<Judged | undefined> {
  for (const { open, rehearsed, momentOf, addresses } of opened) {
    const cohort = open.cohortOf(endpoint.id);
    if (cohort === undefined) continue;
    const timeZone = endpoint.demographic.Timezone;
    const moment = momentOf(timeZone);
    const at = moment instanceof Date ? moment : rehearsed.at;
    const context = await contexts.at(open, at, moment instanceof Date ? undefined : moment);
    const undecided = judgeOne(context, endpoint, cohort);
    const { addressKey } = undecided;
    const isDuplicate = addressKey !== undefined && addresses.has(addressKey);
    if (addressKey !== undefined) addresses.add(addressKey);
    const judgement = isDuplicate ? 'DUPLICATE_ADDRESS' : undecided.judgement;
    const isLocal = rehearsed.local !== undefined;
    return {
      ...{ context, undecided },
      fate: { judgement, channelType: endpoint.channelType, cohort, timeZone, at, isLocal },
    };
  }
  return undefined;
}

type ZoneVerdict = 'ENDPOINT_MISSING_TIMEZONE' | 'ENDPOINT_TIMEZONE_MISMATCH';

/** One for each run and moment that the endpoints of a page have. */
class Contexts {
  readonly #parts: RehearsalParts;
  readonly #channelTypes: readonly (string | null)[];
  readonly #known = new Map<OpenRun, Map<string, PageContext>>();

  constructor(parts: RehearsalParts, endpoints: readonly ProducedEndpoint[]) {
    this.#parts = parts;
    this.#channelTypes = [...new Set(endpoints.map(({ channelType }) => channelType))];
  }

  async at(open: OpenRun, at: Date, verdict: ZoneVerdict | undefined): Promise<PageContext> {
    const ofRun = this.#known.get(open) ?? new Map<string, PageContext>();
    this.#known.set(open, ofRun);
    const name = `${at.getTime()} ${verdict}`;
    const known = ofRun.get(name);
    if (known !== undefined) return known;
    const context = await pageContext({ ...this.#parts, clock: { now: () => at } }, open, {
      channelTypes: this.#channelTypes,
      ...{ zone: verdict && (() => verdict), expiresAt: undefined },
    });
    ofRun.set(name, context);
    return context;
  }
}

/** Of those that would be sent to, whom the account's list holds back: by their place. */
async function suppressions(
  { database, messaging }: RehearsalParts,
  [first]: readonly Opened[],
  judged: readonly Judged[],
): Promise<ReadonlyMap<number, 'OPT_OUT' | 'SUPPRESSED'>> {
  const wanted = judged.flatMap(({ fate, undecided: { endpoint, treatment } }, index) => {
    const { channelType, address } = endpoint;
    // What leaves over a custom channel is sent by somebody else, who has lists of their own.
    if (fate.judgement !== 'SEND' || channelType === null || address === null) return [];
    return treatment.custom?.endpointTypes.has(channelType) === true ? [] : [{ index, channelType, address }];
  });
  const accountId = first?.open.run.accountId ?? '';
  const reasons = await suppressedAmong(database.query, messaging.hashes, accountId, wanted);
  return new Map(
    wanted.flatMap(({ index }, place) => {
      const reason = reasons.get(place);
      return reason === undefined ? [] : [[index, reason] as const];
    }),
  );
}

function treatmentTotals(
  { definition }: Campaign,
  runs: readonly RehearsedRun[],
  tally: RehearsalTally,
  share: number,
): CampaignRehearsal['Treatments'] {
  const names = [definition, ...(definition.AdditionalTreatments ?? [])].map(({ TreatmentName }) => TreatmentName);
  const treatments = runs.flatMap((run) => run.treatments).toSorted((one, other) => Number(one.id) - Number(other.id));
  const held = definition.HoldoutPercent ?? 0;
  return [
    ...treatments.map(({ id, percent }) => ({ id, percent, name: names[Number(id)] })),
    ...(held > 0 ? [{ id: holdout, percent: held, name: undefined }] : []),
  ].map(({ id, percent, name }) => {
    const { messages, skipped } = tally.ofCohort(id, share);
    return {
      ...{ TreatmentId: id, ...(name !== undefined && { TreatmentName: name }), SizePercent: percent },
      ...{ Messages: messages, Skipped: skipped },
    };
  });
}

function warningsOf(campaign: Campaign, share: number): string[] {
  return [
    ...(filterOf(campaign) === undefined
      ? []
      : ['The hook of the campaign was not asked: it may leave endpoints out.']),
    ...(share === 1 ? [] : ['The segment is large: a part of it was read, and the counts are estimates.']),
  ];
}
