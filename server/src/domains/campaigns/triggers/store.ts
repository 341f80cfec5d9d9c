/** All SQL over `campaign_triggers`. */
import { type RawBuilder, sql } from 'kysely';
import { bigintArray, type Executor, integerArray, textArray, timestampArray } from '../../../database/index.ts';
import type { CampaignKey } from '../campaign.ts';
import type { Trigger } from './trigger.ts';

export function insertingTriggers(triggers: readonly Trigger[]): RawBuilder<unknown> {
  return sql`
    insert into campaign_triggers (project_number, bucket, endpoint_id, id, campaign_id, treatment_id, arrived_at)
    select * from unnest(
      ${keysOf(triggers)},
      ${textArray(triggers.map(({ campaignId }) => campaignId))}::text[],
      ${textArray(triggers.map(({ treatmentId }) => treatmentId))}::text[],
      ${timestampArray(triggers.map(({ arrivedAt }) => arrivedAt))}::timestamptz[])`;
}

/** As it was taken from the table. */
export interface TakenTrigger extends Trigger {
  /** By somebody before, who may have claimed its message. */
  readonly wasTaken: boolean;
}

/** Those that nobody works on, oldest first. @param except windows that enough is under way of, see `windowText` */
export async function takeTriggers(
  query: Executor,
  holder: string,
  {
    limit,
    except,
    milliseconds,
  }: { readonly limit: number; readonly except: readonly string[]; readonly milliseconds: number },
): Promise<TakenTrigger[]> {
  const { rows } = await sql<TakenTrigger>`
    update campaign_triggers as trigger
    set holder = ${holder}, lease_until = clock_timestamp() + ${milliseconds}::int * interval '1 millisecond'
    from (
      select project_number, bucket, endpoint_id, id, holder is not null as was_taken from campaign_triggers
      where (lease_until is null or lease_until < clock_timestamp())
        and project_number || '/' || campaign_id || '/' || treatment_id <> all (${except}::text[])
      order by arrived_at
      limit ${limit}
      for update skip locked) as free
    where trigger.project_number = free.project_number and trigger.bucket = free.bucket
      and trigger.endpoint_id = free.endpoint_id and trigger.id = free.id
    returning trigger.project_number as "projectNumber", trigger.bucket, trigger.endpoint_id as "endpointId", trigger.id,
              trigger.campaign_id as "campaignId", trigger.treatment_id as "treatmentId",
              trigger.arrived_at as "arrivedAt", free.was_taken as "wasTaken"`.execute(query);
  return rows;
}

/** Keeps them, or lets them wait for so long. */
export async function leaseTriggers(
  query: Executor,
  holder: string,
  triggers: readonly Trigger[],
  milliseconds: number,
): Promise<void> {
  if (triggers.length === 0) return;
  await sql`
    update campaign_triggers as trigger
    set lease_until = clock_timestamp() + ${milliseconds}::int * interval '1 millisecond'
    from unnest(${keysOf(triggers)}) as given (project_number, bucket, endpoint_id, id)
    where ${isGiven} and trigger.holder = ${holder}`.execute(query);
}

/** What a process held in its former life; that somebody held it stays to be seen. */
export async function releaseTriggers(query: Executor, holder: string): Promise<void> {
  await sql`
    update campaign_triggers set lease_until = null
    where holder = ${holder} and lease_until is not null`.execute(query);
}

export async function deleteTriggers(query: Executor, triggers: readonly Trigger[]): Promise<void> {
  if (triggers.length === 0) return;
  await sql`
    delete from campaign_triggers as trigger
    using unnest(${keysOf(triggers)}) as given (project_number, bucket, endpoint_id, id)
    where ${isGiven}`.execute(query);
}

/** Whether messages of a window are waiting or under way. */
export async function hasTriggers(query: Executor, campaign: CampaignKey, treatmentId: string): Promise<boolean> {
  const { rows } = await sql`
    select from campaign_triggers
    where project_number = ${campaign.projectNumber} and campaign_id = ${campaign.id} and treatment_id = ${treatmentId}
    limit 1`.execute(query);
  return rows.length > 0;
}

const isGiven = sql`
  trigger.project_number = given.project_number and trigger.bucket = given.bucket
  and trigger.endpoint_id = given.endpoint_id and trigger.id = given.id`;

/** Arrays of the columns of the key, in its order. */
function keysOf(triggers: readonly Trigger[]): RawBuilder<unknown> {
  return sql`
    ${bigintArray(triggers.map(({ projectNumber }) => projectNumber))}::bigint[],
    ${integerArray(triggers.map(({ bucket }) => bucket))}::int[],
    ${textArray(triggers.map(({ endpointId }) => endpointId))}::text[],
    ${textArray(triggers.map(({ id }) => id))}::text[]`;
}
