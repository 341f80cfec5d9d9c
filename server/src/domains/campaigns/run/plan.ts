/**
 * What is fixed for all who work on a run, on whichever node: written when the run is made, with the texts of its
 * templates added when it starts (dossier/messaging §2.4: a version that is not named is the one active then).
 */
import type { CampaignLimits } from '../../../contract/pinpoint-types.ts';
import type { FoundTemplate } from '../../templates/index.ts';
import type { Campaign, CampaignDefinition, Inherited, Treatment } from '../campaign.ts';
import type { LocalSlot } from '../schedule/local-time.ts';

export interface RunPlan {
  readonly accountId: string;
  readonly region: string;
  readonly applicationId: string;
  readonly definition: CampaignDefinition;
  readonly inherited: Inherited;
  readonly treatments: readonly PlannedTreatment[];
  /** With local time: which slot it is by recipients' own clocks. */
  readonly local?: PlannedLocalSlot;
}

/** `LocalSlot`, with its moments as text. */
export type PlannedLocalSlot = { readonly [Member in keyof LocalSlot]: string };

export interface PlannedTreatment {
  readonly id: string;
  /** Of GetCampaignActivities, and in all events of the run. */
  readonly activityId: string;
  /** Undefined until the run has started; then those that are there. */
  readonly templates?: PlannedTemplates;
}

/** As they are sent, whatever becomes of the templates meanwhile. */
export interface PlannedTemplates {
  readonly EMAIL?: FoundTemplate<'EMAIL'>;
  readonly PUSH?: FoundTemplate<'PUSH'>;
  readonly SMS?: FoundTemplate<'SMS'>;
}

export function newPlan(campaign: Campaign, treatments: readonly Treatment[], newActivityId: () => string): RunPlan {
  const { accountId, region, applicationId, definition, inherited } = campaign;
  return {
    ...{ accountId, region, applicationId, definition, inherited },
    treatments: treatments.map(({ id }) => ({ id, activityId: newActivityId() })),
  };
}

export function toPlannedSlot({ wallClock, from, madeAt, next }: LocalSlot): PlannedLocalSlot {
  const [shown, begin, made] = [wallClock, from, madeAt].map((moment) => moment.toISOString()) as [
    string,
    string,
    string,
  ];
  return { wallClock: shown, from: begin, madeAt: made, ...(next !== undefined && { next: next.toISOString() }) };
}

export function toLocalSlot({ wallClock, from, madeAt, next }: PlannedLocalSlot): LocalSlot {
  return {
    ...{ wallClock: new Date(wallClock), from: new Date(from), madeAt: new Date(madeAt) },
    ...(next !== undefined && { next: new Date(next) }),
  };
}

/** Of the campaign over those of the project, member by member (dossier/messaging §1.10). Zero is no limit. */
export function limitsOf({ definition, inherited }: Pick<Campaign, 'definition' | 'inherited'>): RunLimits {
  const own = definition.Limits;
  const limit = (name: keyof CampaignLimits) => positive(own?.[name]) ?? positive(inherited.limits[name]);
  return {
    daily: positive(own?.Daily),
    dailyOfAll: positive(inherited.limits.Daily),
    total: limit('Total'),
    messagesPerSecond: limit('MessagesPerSecond'),
    maximumSeconds: limit('MaximumDuration'),
  };
}

export interface RunLimits {
  /** The campaign's own. */
  readonly daily: number | undefined;
  /** Of the project, over all of its campaigns; holds where a campaign has none of its own. */
  readonly dailyOfAll: number | undefined;
  readonly total: number | undefined;
  readonly messagesPerSecond: number | undefined;
  readonly maximumSeconds: number | undefined;
}

function positive(limit: number | undefined): number | undefined {
  return limit === undefined || limit <= 0 ? undefined : limit;
}
