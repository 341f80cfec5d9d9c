/** Whether messages that were claimed a while ago may still leave: what their claims looked at, looked at once more. */
import { sql } from 'kysely';
import { bigintArray, booleanArray, type Executor, integerArray, textArray } from '../../../database/index.ts';
import { suppressionChannel } from '../suppression/store.ts';
import type { AddressHashes, WantedSend } from './send.ts';
import { keysOf } from './settle.ts';

/**
 * `GONE`: the claim was written off or deleted, the endpoint is gone or another one, or the project was deleted.
 * `REFUSED`: the recipient has opted out, is suppressed or inactive.
 */
export type StillWanted = 'WANTED' | 'GONE' | 'REFUSED';

/** In the order of the sends. */
export async function findStillWanted(
  query: Executor,
  hashes: AddressHashes,
  sends: readonly WantedSend[],
): Promise<readonly StillWanted[]> {
  const starts = sends.map(({ run }) => run.startedAt.getTime());
  const lists = sends.map(({ channelType }) => suppressionChannel(channelType) ?? null);
  const addressHashes = sends.map(({ address }, index) =>
    lists[index] === null ? null : `\\x${hashes.of(address).toString('hex')}`,
  );
  const { rows } = await sql<{ ordinal: number; isRefused: boolean }>`
    select given.ordinal,
           coalesce(found.opt_out = 'ALL' or given.must_be_active and found.status = 'INACTIVE', false)
             or exists (
               select from suppressed_addresses as suppressed
               where suppressed.account_id = given.account_id and suppressed.channel = given.list
                 and suppressed.address_hash = given.hash::bytea
                 and not (suppressed.reason = 'OPT_OUT' and given.confirms_opt_out)) as "isRefused"
    from unnest(
      ${keysOf(sends)},
      ${integerArray(sends.map((_send, index) => index))}::int[],
      ${integerArray(sends.map(({ endpoint }) => endpoint?.bucket ?? null))}::int[],
      ${textArray(sends.map(({ endpoint }) => endpoint?.id ?? null))}::text[],
      ${bigintArray(sends.map(({ endpoint }) => endpoint?.generation ?? null))}::bigint[],
      ${booleanArray(sends.map(({ endpoint }) => endpoint?.mustBeActive ?? null))}::boolean[],
      ${booleanArray(sends.map(({ run }) => run.kind !== 'direct'))}::boolean[],
      ${textArray(sends.map(({ run }) => run.accountId))}::text[],
      ${textArray(lists)}::text[],
      ${textArray(addressHashes)}::text[],
      ${booleanArray(sends.map(({ confirmsOptOut }) => confirmsOptOut === true))}::boolean[])
      as given (project_number, bucket, recipient, run_id, started_at, ordinal, endpoint_bucket, endpoint_id, generation,
                must_be_active, of_run, account_id, list, hash, confirms_opt_out)
    join sends on sends.project_number = given.project_number and sends.bucket = given.bucket
      and sends.recipient = given.recipient and sends.run_id = given.run_id and sends.started_at = given.started_at
      and sends.started_at >= ${new Date(Math.min(...starts))} and sends.started_at <= ${new Date(Math.max(...starts))}
    left join endpoints as found on found.project_number = given.project_number
      and found.bucket = given.endpoint_bucket and found.id = given.endpoint_id
    where (sends.status = 'CLAIMED' or not given.of_run)
      and not exists (select from projects where number = given.project_number and deleted_at is not null)
      and (given.endpoint_id is null or found.generation = given.generation)`.execute(query);
  const found = new Map(rows.map(({ ordinal, isRefused }) => [ordinal, isRefused]));
  return sends.map((_send, index) => {
    const isRefused = found.get(index);
    if (isRefused === undefined) return 'GONE';
    return isRefused ? 'REFUSED' : 'WANTED';
  });
}
