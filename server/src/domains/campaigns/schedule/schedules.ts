/**
 * Schedules as campaigns are written, paused and deleted, and the state that follows from them (dossier/messaging §1.3).
 * Whoever calls holds the campaign's row (`lockCampaign`, or has just made it): that is the lock of its schedules too.
 */
import { sql } from 'kysely';
import type { CampaignStatus } from '../../../contract/pinpoint-types.ts';
import { type Executor, notify, type Transaction } from '../../../database/index.ts';
import { announceCampaigns } from '../announce.ts';
import { type Campaign, type CampaignKey, treatmentsOf } from '../campaign.ts';
import { setCampaignState } from '../store.ts';
import { changeWindows } from '../triggers/window.ts';
import { planAfterPause, planSchedule, stateOf, stateOfAll } from './plan.ts';
import type { Timing } from './slots.ts';
import {
  deleteSchedules,
  readSchedules,
  readStates,
  replaceSchedules,
  type StateRow,
  writeSchedule,
  writeState,
} from './store.ts';

/** Told when something may be due earlier than it was. */
export const schedulesTopic = 'campaign schedules';

/**
 * After a campaign was made or changed: when it runs next. An INVALID campaign gets another chance.
 * @returns its state, which is written
 */
export async function scheduleCampaign(tx: Transaction, campaign: Campaign, now: Date): Promise<CampaignStatus> {
  const previous = new Map((await readSchedules(tx, campaign)).map((each) => [each.treatmentId, each]));
  const treatments = treatmentsOf(campaign.definition).filter(({ id, hasOwnSchedule }) => id === '0' || hasOwnSchedule);
  const planned = treatments.map(({ id, schedule }) => planSchedule(id, timingOf(schedule), previous.get(id), now));
  await replaceSchedules(tx, campaign, planned);
  await changeWindows(tx, campaign, now);
  if (campaign.state === 'INVALID') await setCampaignState(tx, campaign, 'SCHEDULED', null);
  await tellOthers(tx, campaign);
  return settleState(tx, campaign);
}

/**
 * After `is_paused` was written. Runs under way go on to their end; slots that come meanwhile are not made up for.
 * @returns its state, which is written
 */
export async function pauseCampaign(
  tx: Transaction,
  campaign: CampaignKey,
  paused: boolean,
  now: Date,
): Promise<CampaignStatus> {
  if (!paused) {
    for (const schedule of await readSchedules(tx, campaign)) {
      await writeSchedule(tx, campaign, planAfterPause(schedule, now));
    }
  }
  await tellOthers(tx, campaign);
  return settleState(tx, campaign);
}

/** Nothing of it is due any more. Runs under way and the campaign's own state are the caller's. */
export async function unscheduleCampaign(tx: Transaction, campaign: CampaignKey): Promise<void> {
  await deleteSchedules(tx, campaign);
  await tellOthers(tx, campaign);
}

/** The campaign can no longer run: what it needs is gone. @param detail for people */
export async function invalidateCampaign(tx: Transaction, campaign: CampaignKey, detail: string): Promise<void> {
  await unscheduleCampaign(tx, campaign);
  await setCampaignState(tx, campaign, 'INVALID', detail);
}

/** After a run of the campaign has ended, in the transaction that says so. */
export async function runEnded(tx: Transaction, campaign: CampaignKey): Promise<CampaignStatus> {
  await sql`
    select from campaigns where project_number = ${campaign.projectNumber} and id = ${campaign.id}
    for no key update`.execute(tx);
  return settleState(tx, campaign);
}

/** Writes the state that follows from schedules, pause and runs under way. */
export async function settleState(tx: Transaction, campaign: CampaignKey): Promise<CampaignStatus> {
  const rows = await readStates(tx, [campaign]);
  const [first] = rows;
  if (first === undefined) throw new Error('A campaign without a row has no state.');
  // Of one without schedules its own is all that is known.
  if (isFixed(first)) return first.state;
  const state = stateOfAll(rows.map(stateOfRow));
  await writeState(tx, campaign, state);
  return state;
}

/**
 * States of treatments by campaign and treatment id (`DefaultState`, `TreatmentResource.State`): of those that have a
 * schedule of their own, and of `0`, which says it for all others.
 */
export async function treatmentStates(
  query: Executor,
  campaigns: readonly CampaignKey[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, CampaignStatus>>> {
  const states = new Map<string, Map<string, CampaignStatus>>();
  if (campaigns.length === 0) return states;
  for (const row of await readStates(query, campaigns)) {
    const ofCampaign = states.get(row.id) ?? new Map<string, CampaignStatus>();
    ofCampaign.set(row.schedule?.treatmentId ?? '0', isFixed(row) ? row.state : stateOfRow(row));
    states.set(row.id, ofCampaign);
  }
  return states;
}

function isFixed({ state, schedule }: StateRow): boolean {
  return state === 'DELETED' || state === 'INVALID' || schedule === null;
}

function stateOfRow({ state, schedule, isPaused, underWay }: StateRow): CampaignStatus {
  return schedule === null ? state : stateOf(schedule, isPaused, underWay);
}

function timingOf({ StartTime, EndTime, Frequency, IsLocalTime, Timezone }: Timing): Timing {
  return {
    StartTime,
    ...(EndTime !== undefined && { EndTime }),
    ...(Frequency !== undefined && { Frequency }),
    ...(IsLocalTime !== undefined && { IsLocalTime }),
    ...(Timezone !== undefined && { Timezone }),
  };
}

/** Schedulers, and those who keep campaigns in memory. */
async function tellOthers(tx: Transaction, { projectNumber }: CampaignKey): Promise<void> {
  await notify(tx, schedulesTopic, '');
  await announceCampaigns(tx, projectNumber);
}
