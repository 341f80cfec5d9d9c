/** Begins and ends runs: one slot of a campaign's schedule each, or the whole window of one that waits for events. */
import { createWork, notify, resumeWork, suspendWork, type Transaction, turnWork } from '../../../database/index.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Campaign, CampaignKey, Treatment } from '../campaign.ts';
import type { LocalSlot } from '../schedule/local-time.ts';
import { limitsOf, newPlan, toPlannedSlot } from './plan.ts';
import {
  cancelOpenRuns,
  closeActivities,
  findBegunSlices,
  insertActivities,
  insertRun,
  type RunKey,
  setRunState,
  unpauseRun,
} from './store.ts';

/** Told of a run's key whenever its state changes. */
export const runsTopic = 'campaign runs';

export const runKind = 'campaign run';
/** Of runs that were cancelled: what was claimed and never left is written off. */
export const endingKind = 'campaign run ending';

export const rangesOfSlice = 16;

export interface NewRun {
  /** Those that share the schedule. */
  readonly treatments: readonly Treatment[];
  /** The slot. */
  readonly scheduledStart: Date;
  readonly kind: 'SCHEDULED' | 'EVENT';
  /** With local time: the slot by recipients' own clocks. */
  readonly local?: LocalSlot | undefined;
}

/**
 * Workers of all nodes hear of it with the commit.
 * @returns undefined when this slot has its run already
 */
export async function createRun(
  tx: Transaction,
  campaign: Campaign,
  { treatments, scheduledStart, kind, local }: NewRun,
): Promise<RunKey | undefined> {
  const [first] = treatments;
  if (first === undefined) throw new Error('A run has a treatment.');
  const key: RunKey = { projectNumber: campaign.projectNumber, id: newId() };
  const plan = {
    ...newPlan(campaign, treatments, newId),
    ...(local !== undefined && { local: toPlannedSlot(local) }),
  };
  const { maximumSeconds } = limitsOf(campaign);
  const isNew = await insertRun(tx, key, {
    campaignId: campaign.id,
    campaignVersion: campaign.version,
    treatmentId: first.id,
    kind,
    scheduledStart,
    deadline: maximumSeconds === undefined ? null : new Date(scheduledStart.getTime() + maximumSeconds * 1000),
    plan,
  });
  if (!isNew) return undefined;
  await insertActivities(tx, key, campaign.id, plan.treatments);
  await announceRun(tx, key);
  return key;
}

/** Workers stop within a second: their next step finds its lease lost, and news ends what waits for providers. */
export async function cancelRuns(tx: Transaction, campaign: CampaignKey, now: Date): Promise<void> {
  const cancelled = await cancelOpenRuns(tx, campaign, now);
  for (const key of cancelled) {
    await closeActivities(tx, key);
    await writeOffClaims(tx, key);
    await announceRun(tx, key);
  }
}

/** Whoever works on the run finds its lease lost; what was claimed and never left is written off by whoever comes next. */
export async function writeOffClaims(tx: Transaction, key: RunKey): Promise<void> {
  for (const slice of await findBegunSlices(tx, key)) {
    await turnWork(tx, runWork(key, slice), { kind: endingKind, workId: runWork(key, slice).workId });
  }
}

/**
 * Stops a run where it stands.
 * @returns false when it is neither waiting nor running
 */
export async function pauseRun(tx: Transaction, key: RunKey): Promise<boolean> {
  if (!(await setRunState(tx, key, { from: ['PENDING', 'RUNNING'], to: 'PAUSED' }))) return false;
  for (const slice of await findBegunSlices(tx, key)) await suspendWork(tx, runWork(key, slice));
  await announceRun(tx, key);
  return true;
}

/**
 * Goes on where it stood: whoever had a message gets no other one, whatever became of the segment meanwhile.
 * @returns false when it is not paused
 */
export async function resumeRun(tx: Transaction, key: RunKey): Promise<boolean> {
  if (!(await unpauseRun(tx, key))) return false;
  for (const slice of await findBegunSlices(tx, key)) await resumeWork(tx, runWork(key, slice));
  await announceRun(tx, key);
  return true;
}

export async function beginSliceWork(tx: Transaction, key: RunKey, slice: number): Promise<void> {
  await createWork(tx, runWork(key, slice), rangesOfSlice);
}

export async function announceRun(tx: Transaction, { projectNumber, id }: RunKey): Promise<void> {
  await notify(tx, runsTopic, `${projectNumber}/${id}`);
}

export function runWork({ projectNumber, id }: RunKey, slice: number) {
  return { kind: runKind, workId: `${projectNumber}/${id}/${slice}` };
}

/** What `runWork` named. */
export function readWorkId(workId: string): { readonly key: RunKey; readonly slice: number } {
  const [projectNumber, id = '', slice] = workId.split('/');
  return { key: { projectNumber: Number(projectNumber), id }, slice: Number(slice) };
}
