/** Starts a run that has been made: fixes the texts of its templates and the moments at which its parts begin. */
import type { Executor, Transaction } from '../../../database/index.ts';
import { findSource, type Source } from '../../segments/index.ts';
import type { FoundTemplate, TemplateLookup, TemplateType } from '../../templates/index.ts';
import { type CampaignKey, type Treatment, treatmentsOf } from '../campaign.ts';
import { findKeptTemplate } from '../kept-templates.ts';
import { sliceZones } from '../schedule/local-time.ts';
import { announceRun, beginSliceWork } from './create.ts';
import { findZones, type ZoneFilter } from './enumerate.ts';
import { failRun } from './finish.ts';
import type { RunParts } from './parts.ts';
import { type PlannedTemplates, type PlannedTreatment, type RunPlan, toLocalSlot } from './plan.ts';
import { insertSlices, type RunKey, type Slice, type StoredRun, startRun, takePendingRun } from './store.ts';

/**
 * @param except ids of runs
 * @param taken told which one, before anything can fail
 * @returns false when no run waits to be begun
 */
export async function beginNextRun(
  parts: RunParts,
  except: readonly string[],
  taken: (key: RunKey) => void,
): Promise<boolean> {
  return parts.database.transaction(async (tx) => {
    const run = await takePendingRun(tx, except);
    if (run === undefined) return false;
    taken(run);
    const now = parts.clock.now();
    const missing = await planRun(tx, parts, run, now);
    if (missing !== undefined) await failRun(tx, run, missing, now);
    await announceRun(tx, run);
    return true;
  });
}

/** @returns why it cannot be run, for people */
async function planRun(tx: Transaction, parts: RunParts, run: StoredRun, now: Date): Promise<string | undefined> {
  const { plan } = run;
  const treatments: PlannedTreatment[] = [];
  const said = new Map(treatmentsOf(plan.definition).map((treatment) => [treatment.id, treatment]));
  for (const planned of plan.treatments) {
    const campaign = { projectNumber: run.projectNumber, id: run.campaignId };
    const templates = await findTemplates(tx, parts.templates, { plan, campaign, treatment: said.get(planned.id) });
    if (templates === undefined) return 'A template of the campaign is not there any more.';
    treatments.push({ ...planned, templates });
  }
  const segment = await findSegment(tx, run);
  if (segment === undefined) return 'The segment of the campaign is not there any more.';
  await startRun(tx, run, { plan: { ...plan, treatments }, now });
  if (run.kind === 'EVENT') return undefined;
  const slices = await planSlices(tx, run, segment, now);
  await insertSlices(tx, run, slices);
  return undefined;
}

interface Named {
  readonly plan: RunPlan;
  readonly campaign: CampaignKey;
  readonly treatment: Treatment | undefined;
}

/** Undefined when one is missing. */
export async function findTemplates(
  query: Executor,
  lookup: TemplateLookup,
  { plan, campaign, treatment }: Named,
): Promise<PlannedTemplates | undefined> {
  const find = async <Type extends TemplateType>(
    type: Type,
    named: { Name?: string; Version?: string } | undefined,
  ) => {
    if (named?.Name === undefined) return undefined;
    const reference = { type, name: named.Name, version: named.Version };
    const { accountId, region } = plan;
    const found: FoundTemplate<Type> | undefined = await lookup.find({ accountId, region }, reference);
    // One that was deleted is sent as it was when the campaign was written (dossier/messaging §18, case 43).
    return found ?? (await findKeptTemplate(query, campaign, reference)) ?? 'missing';
  };
  const EMAIL = await find('EMAIL', treatment?.template?.EmailTemplate);
  const PUSH = await find('PUSH', treatment?.template?.PushTemplate);
  const SMS = await find('SMS', treatment?.template?.SMSTemplate);
  if (EMAIL === 'missing' || PUSH === 'missing' || SMS === 'missing') return undefined;
  return { ...(EMAIL && { EMAIL }), ...(PUSH && { PUSH }), ...(SMS && { SMS }) };
}

/** Of the version that the campaign names, with all it is based on. Undefined when something of it is gone. */
export function findSegment(
  query: Parameters<typeof findSource>[0],
  { projectNumber, plan: { definition } }: Pick<StoredRun, 'projectNumber' | 'plan'>,
): Promise<Source | undefined> {
  return findSource(query, projectNumber, definition.SegmentId, definition.SegmentVersion);
}

/** With local time, slice 0 is of those who have no moment: it tells why. */
async function planSlices(tx: Transaction, run: StoredRun, segment: Source, now: Date): Promise<Slice[]> {
  const { local } = run.plan;
  if (local === undefined) return [{ slice: 0, beginsAt: run.scheduledStart, zones: null }];
  const zones = await findZones(tx, segment, run.projectNumber, now);
  const { slices } = sliceZones(zones, toLocalSlot(local));
  const timely = slices.map(({ at, zones: names }, index) => ({ slice: index + 1, beginsAt: at, zones: names }));
  return [{ slice: 0, beginsAt: now, zones: slices.flatMap(({ zones: names }) => names) }, ...timely];
}

/** What a slice selects. */
export function zoneFilterOf({ plan }: Pick<StoredRun, 'plan'>, { slice, zones }: Slice): ZoneFilter | null {
  return plan.local === undefined || zones === null ? null : { zones, others: slice === 0 };
}

/** Cuts slices whose moment has come into ranges. */
export async function beginSlices(tx: Transaction, due: readonly (RunKey & { readonly slice: number })[]) {
  for (const { slice, ...key } of due) {
    await beginSliceWork(tx, key, slice);
    await announceRun(tx, key);
  }
}
