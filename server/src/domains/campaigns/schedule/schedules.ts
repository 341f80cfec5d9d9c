/** Schedules of campaigns, and what state they make of them. */
import type { CampaignStatus } from '../../../contract/pinpoint-types.ts';
import type { Executor, Transaction } from '../../../database/index.ts';
import { type Campaign, type CampaignKey, treatmentsOf } from '../campaign.ts';
import { firstSlot, opensAt } from './slots.ts';

/** Replaces what was scheduled of the campaign. */
export async function scheduleCampaign(tx: Transaction, campaign: Campaign, now: Date): Promise<void> {
  await unscheduleCampaign(tx, campaign);
  for (const { id, schedule, hasOwnSchedule } of treatmentsOf(campaign.definition)) {
    if (id !== '0' && !hasOwnSchedule) continue;
    const { QuietTime: _quietTime, EventFilter: _filter, ...timing } = schedule;
    const anchor = firstSlot(timing, now);
    await tx
      .insertInto('campaign_schedules')
      .values({
        ...{ project_number: campaign.projectNumber, campaign_id: campaign.id, treatment_id: id, anchor },
        ...{
          timing: JSON.stringify(timing),
          accepted_at: now,
          next_slot: anchor,
          next_run_at: opensAt(timing, anchor),
        },
      })
      .execute();
  }
}

export async function pauseCampaign(tx: Transaction, key: CampaignKey, paused: boolean, _now: Date): Promise<void> {
  await tx
    .updateTable('campaigns')
    .set({ state: paused ? 'PAUSED' : 'SCHEDULED' })
    .where('project_number', '=', key.projectNumber)
    .where('id', '=', key.id)
    .execute();
}

export async function unscheduleCampaign(tx: Transaction, { projectNumber, id }: CampaignKey): Promise<void> {
  await tx
    .deleteFrom('campaign_schedules')
    .where('project_number', '=', projectNumber)
    .where('campaign_id', '=', id)
    .execute();
}

/** By campaign and treatment; what is not in it has the state of its campaign. */
export async function treatmentStates(
  _query: Executor,
  _keys: readonly CampaignKey[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, CampaignStatus>>> {
  return new Map();
}
