/**
 * The claim: one statement that looks once more whether a message may leave, and writes down that it will. Committed
 * before a provider is called, so that nobody else sends it and a crash does not lose it.
 */
import { sql } from 'kysely';
import type { Executor } from '../../../database/index.ts';
import { suppressionChannel } from '../suppression/store.ts';
import type { AddressHashes, SendStatus, WantedSend } from './send.ts';

/** `CLAIMED`: this caller, and nobody else, sends it. */
export type Verdict = 'CLAIMED' | Extract<SendStatus, 'OPT_OUT' | 'SUPPRESSED' | 'INACTIVE' | 'ERASED' | 'DUPLICATE'>;

/**
 * In the order of the sends. What may not leave is written down as well, settled at once; of an erased endpoint nothing
 * is. Endpoints and suppressed addresses are probed by primary key, one row each.
 */
export async function claimSends(
  query: Executor,
  hashes: AddressHashes,
  sends: readonly WantedSend[],
): Promise<readonly Verdict[]> {
  const { rows } = await sql<{ ordinal: number; verdict: Verdict; fresh: boolean }>`
    with given as materialized (
      select * from json_to_recordset(${JSON.stringify(sends.map((send, ordinal) => toRow(hashes, send, ordinal)))}::json)
        as given (ordinal int, project_number bigint, bucket int, recipient text, run_id text, started_at timestamptz,
                  channel_type text, detail jsonb, endpoint_bucket int, endpoint_id text, generation bigint,
                  must_be_active boolean, account_id text, list text, address_hash bytea, confirms_opt_out boolean)),
    judged as materialized (
      select given.*,
        case when given.endpoint_id is not null and endpoints.generation is distinct from given.generation then 'ERASED'
             when suppressed.reason = 'OPT_OUT' and given.confirms_opt_out is not true then 'OPT_OUT'
             when suppressed.reason <> 'OPT_OUT' then 'SUPPRESSED'
             when endpoints.opt_out = 'ALL' then 'OPT_OUT'
             when given.must_be_active and endpoints.status = 'INACTIVE' then 'INACTIVE'
             else 'CLAIMED' end as verdict
      from given
      left join lateral (
        select generation, opt_out, status from endpoints
        where endpoints.project_number = given.project_number and endpoints.bucket = given.endpoint_bucket
          and endpoints.id = given.endpoint_id
        limit 1) as endpoints on true
      left join lateral (
        select reason from suppressed_addresses
        where suppressed_addresses.account_id = given.account_id and suppressed_addresses.channel = given.list
          and suppressed_addresses.address_hash = given.address_hash
        limit 1) as suppressed on true),
    written as (
      insert into sends (project_number, bucket, recipient, run_id, started_at, channel_type, detail, status, settled_at)
      select project_number, bucket, recipient, run_id, started_at, channel_type, detail, verdict,
             case when verdict <> 'CLAIMED' then clock_timestamp() end
      from judged where verdict <> 'ERASED'
      on conflict do nothing
      returning project_number, recipient, run_id)
    select judged.ordinal, judged.verdict, written.recipient is not null or judged.verdict = 'ERASED' as fresh
    from judged left join written using (project_number, recipient, run_id)`.execute(query);
  const verdicts: Verdict[] = [];
  const taken = new Set<string>();
  for (const { ordinal, verdict, fresh } of rows.toSorted((one, other) => one.ordinal - other.ordinal)) {
    const { run, recipient } = sends[ordinal] as WantedSend;
    const key = `${run.projectNumber} ${run.id} ${recipient.text}`;
    // Twice in one batch: the first has it.
    verdicts.push(fresh && !taken.has(key) ? verdict : 'DUPLICATE');
    taken.add(key);
  }
  return verdicts;
}

function toRow(hashes: AddressHashes, send: WantedSend, ordinal: number) {
  const { run, recipient, channelType, address, endpoint, detail, confirmsOptOut } = send;
  const list = suppressionChannel(channelType);
  return {
    ordinal,
    project_number: run.projectNumber,
    bucket: recipient.bucket,
    recipient: recipient.text,
    run_id: run.id,
    started_at: run.startedAt,
    channel_type: channelType,
    detail,
    ...(endpoint && {
      endpoint_bucket: endpoint.bucket,
      endpoint_id: endpoint.id,
      generation: endpoint.generation,
      must_be_active: endpoint.mustBeActive,
    }),
    ...(list && {
      account_id: run.accountId,
      list,
      address_hash: `\\x${hashes.of(address).toString('hex')}`,
      ...(confirmsOptOut === true && { confirms_opt_out: true }),
    }),
  };
}
