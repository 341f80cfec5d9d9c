/**
 * The claim: one statement that looks once more whether a message may leave, and writes down that it will. Committed
 * before a provider is called, so that nobody else sends it and a crash does not lose it.
 */
import { type RawBuilder, sql } from 'kysely';
import {
  bigintArray,
  booleanArray,
  type Executor,
  integerArray,
  jsonbArray,
  textArray,
  timestampArray,
} from '../../../database/index.ts';
import { storableJson, storableText } from '../../../kernel/storable-text.ts';
import type { Outcome } from '../../channels/index.ts';
import { suppressionChannel } from '../suppression/store.ts';
import { type AddressHashes, type SendStatus, storableMessageId, type WantedSend } from './send.ts';

/** `CLAIMED`: this caller, and nobody else, sends it. */
export type Verdict = 'CLAIMED' | Extract<SendStatus, 'OPT_OUT' | 'SUPPRESSED' | 'INACTIVE' | 'ERASED' | 'DUPLICATE'>;

/**
 * In the order of the sends. What may not leave is written down as well, settled at once; of an erased endpoint nothing
 * is, nor of a project that was deleted or whose account is closed. Endpoints and suppressed addresses are probed by
 * primary key, one row each.
 * @param outcomes of those that leave in the same transaction if they may: settled at once as well
 */
export async function claimSends(
  query: Executor,
  hashes: AddressHashes,
  sends: readonly WantedSend[],
  outcomes?: readonly (Outcome | undefined)[],
): Promise<readonly Verdict[]> {
  const { rows } = await sql<JudgedRow | WrittenRow>`
    with given as materialized (
      select * from ${givenSends(hashes, sends, outcomes)}
      ${outcomes === undefined ? sql`` : sql`order by project_number, endpoint_bucket, endpoint_id`}),
    hidden as materialized (
      select number from projects
      where number = any (array(select distinct project_number from given)) and deleted_at is not null),
    judged as materialized (
      select given.*,
        case when given.project_number = any (array(select number from hidden)) then 'ERASED'
             when given.endpoint_id is not null and found.generation is distinct from given.generation then 'ERASED'
             when suppressed.reason = 'OPT_OUT' and not given.confirms_opt_out then 'OPT_OUT'
             when suppressed.reason <> 'OPT_OUT' then 'SUPPRESSED'
             when found.opt_out = 'ALL' then 'OPT_OUT'
             when given.must_be_active and found.status = 'INACTIVE' then 'INACTIVE'
             else 'CLAIMED' end as verdict
      from given
      left join lateral (
        ${sends.some(({ endpoint }) => endpoint !== undefined) ? findEndpoint : noEndpoint}
        ${outcomes === undefined ? sql`` : heldBack}) as found on true
      left join lateral (
        select reason from suppressed_addresses
        where suppressed_addresses.account_id = given.account_id and suppressed_addresses.channel = given.list
          and suppressed_addresses.address_hash = given.address_hash
        limit 1) as suppressed on true),
    written as (
      insert into sends (project_number, bucket, recipient, run_id, started_at, channel_type, detail, status, settled_at
                         ${outcomes === undefined ? sql`` : sql`, status_code, status_message, message_id`})
      ${outcomes === undefined ? openClaims : settledClaims}
      where verdict <> 'ERASED'
      on conflict do nothing
      returning project_number, recipient, run_id),
    counted as (
      select count(*)::int as made, (select count(*) from judged where verdict <> 'ERASED') as wanted from written)
    select ordinal, verdict, null::int as made, null::bigint as "projectNumber", null::text as recipient,
           null::text as "runId"
    from judged where verdict <> 'CLAIMED'
    union all
    select null, null, made, project_number, recipient, run_id from counted left join written on made < wanted`.execute(
    query,
  );
  return verdictsOf(sends, rows);
}

/** Mostly every message may leave, and is claimed for the first time: then all that comes back is how many there are. */
function verdictsOf(sends: readonly WantedSend[], rows: readonly (JudgedRow | WrittenRow)[]): readonly Verdict[] {
  const verdicts = sends.map((): Verdict => 'CLAIMED');
  const written = new Set<string>();
  let made = 0;
  for (const row of rows) {
    if (row.ordinal !== null) {
      verdicts[row.ordinal] = row.verdict;
      continue;
    }
    made = row.made;
    if (row.recipient !== null) written.add(`${row.projectNumber} ${row.runId} ${row.recipient}`);
  }
  if (made === verdicts.filter((verdict) => verdict !== 'ERASED').length) return verdicts;
  return verdicts.map((verdict, ordinal) => {
    const { run, recipient } = sends[ordinal] as WantedSend;
    // Taken by the first of two in one batch; of an erased endpoint nothing is written.
    const isFirst = written.delete(`${run.projectNumber} ${run.id} ${recipient.text}`);
    return isFirst || verdict === 'ERASED' ? verdict : 'DUPLICATE';
  });
}

const openClaims = sql`
  select project_number, bucket, recipient, run_id, started_at, channel_type, detail, verdict,
         case when verdict <> 'CLAIMED' then clock_timestamp() end
  from judged`;
const settledClaims = sql`
  select project_number, bucket, recipient, run_id, started_at, channel_type, detail,
         case when verdict = 'CLAIMED' then coalesce(outcome, verdict) else verdict end,
         case when verdict <> 'CLAIMED' or outcome is not null then clock_timestamp() end,
         case when verdict = 'CLAIMED' then status_code end, case when verdict = 'CLAIMED' then status_message end,
         case when verdict = 'CLAIMED' then message_id end
  from judged`;

/** Of one that may not leave. */
interface JudgedRow {
  readonly ordinal: number;
  readonly verdict: Verdict;
}

/**
 * How many claims were written; and, unless that was all of them, which. Joined here: the database would compare each of
 * a batch with each.
 */
interface WrittenRow {
  readonly ordinal: null;
  readonly made: number;
  readonly projectNumber: number | null;
  readonly recipient: string | null;
  readonly runId: string | null;
}

/** Asked only when a batch has endpoints: it opens every partition. */
const findEndpoint = sql`
  select generation, opt_out, status from endpoints
  where endpoints.project_number = given.project_number and endpoints.bucket = given.endpoint_bucket
    and endpoints.id = given.endpoint_id
  limit 1`;
/**
 * Of messages that are stored with their claim: whoever erases somebody waits for those that were stored before, and those
 * after find nobody. Locked in the order of their keys, as everybody does.
 */
const heldBack = sql`for key share`;
const noEndpoint = sql`select null::bigint as generation, null::text as opt_out, null::text as status`;

function givenSends(
  hashes: AddressHashes,
  sends: readonly WantedSend[],
  outcomes: readonly (Outcome | undefined)[] | undefined,
): RawBuilder<unknown> {
  const lists = sends.map(({ channelType }) => suppressionChannel(channelType) ?? null);
  const addressHashes = sends.map(({ address }, index) =>
    lists[index] === null ? null : `\\x${hashes.of(address).toString('hex')}`,
  );
  return sql`
    (select ordinal, project_number, bucket, recipient, run_id, started_at, channel_type, detail, endpoint_bucket,
            endpoint_id, generation, must_be_active, account_id, list, hash::bytea as address_hash, confirms_opt_out
            ${outcomes === undefined ? sql`` : outcomeColumns}
     from unnest(
       ${integerArray(sends.map((_send, index) => index))}::int[],
       ${bigintArray(sends.map(({ run }) => run.projectNumber))}::bigint[],
       ${integerArray(sends.map(({ recipient }) => recipient.bucket))}::int[],
       ${textArray(sends.map(({ recipient }) => recipient.text))}::text[],
       ${textArray(sends.map(({ run }) => run.id))}::text[],
       ${timestampArray(sends.map(({ run }) => run.startedAt))}::timestamptz[],
       ${textArray(sends.map(({ channelType }) => channelType))}::text[],
       ${jsonbArray(sends.map(({ detail }) => storableJson(detail)))}::jsonb[],
       ${integerArray(sends.map(({ endpoint }) => endpoint?.bucket ?? null))}::int[],
       ${textArray(sends.map(({ endpoint }) => endpoint?.id ?? null))}::text[],
       ${bigintArray(sends.map(({ endpoint }) => endpoint?.generation ?? null))}::bigint[],
       ${booleanArray(sends.map(({ endpoint }) => endpoint?.mustBeActive ?? null))}::boolean[],
       ${textArray(sends.map(({ run }) => run.accountId))}::text[],
       ${textArray(lists)}::text[],
       ${textArray(addressHashes)}::text[],
       ${booleanArray(sends.map(({ confirmsOptOut }) => confirmsOptOut === true))}::boolean[]
       ${outcomes === undefined ? sql`` : outcomeArrays(outcomes)})
       as row (ordinal, project_number, bucket, recipient, run_id, started_at, channel_type, detail, endpoint_bucket,
               endpoint_id, generation, must_be_active, account_id, list, hash, confirms_opt_out
               ${outcomes === undefined ? sql`` : outcomeColumns})) as given`;
}

const outcomeColumns = sql`, outcome, status_code, status_message, message_id`;

function outcomeArrays(outcomes: readonly (Outcome | undefined)[]): RawBuilder<unknown> {
  const textOf = (text: string | undefined, storable: (text: string) => string) =>
    text === undefined ? null : storable(text);
  return sql`,
       ${textArray(outcomes.map((outcome) => outcome?.status ?? null))}::text[],
       ${integerArray(outcomes.map((outcome) => outcome?.statusCode ?? null))}::int[],
       ${textArray(outcomes.map((outcome) => textOf(outcome?.statusMessage, storableText)))}::text[],
       ${textArray(outcomes.map((outcome) => textOf(outcome?.messageId, storableMessageId)))}::text[]`;
}
