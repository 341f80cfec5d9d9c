/** SQL over `sms_numbers` and `sms_keywords`: what an account has set for its numbers. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import type { Keyword, NumberRules } from './decide.ts';

export interface NumberPlace {
  readonly accountId: string;
  readonly number: string;
}

export interface StoredNumber extends NumberPlace, Omit<NumberRules, 'keywords'> {
  readonly projectNumber: number | null;
  readonly topicArn: string | null;
  readonly webhookUrl: string | null;
  readonly sealedWebhookSecret: Buffer | null;
  readonly createdAt: Date;
  readonly lastModifiedAt: Date;
  readonly lastModifiedBy: string;
}

const columns = sql`
  account_id as "accountId", number, project_number as "projectNumber", topic_arn as "topicArn",
  webhook_url as "webhookUrl", sealed_webhook_secret as "sealedWebhookSecret",
  self_managed_opt_outs as "selfManagedOptOuts", help_text as "helpText", stop_text as "stopText",
  start_text as "startText", created_at as "createdAt", last_modified_at as "lastModifiedAt",
  last_modified_by as "lastModifiedBy"`;

const isAt = ({ accountId, number }: NumberPlace) => sql`account_id = ${accountId} and number = ${number}`;

export async function findNumber(query: Executor, place: NumberPlace): Promise<StoredNumber | undefined> {
  const { rows } = await sql<StoredNumber>`select ${columns} from sms_numbers where ${isAt(place)}`.execute(query);
  return rows[0];
}

/** Until the transaction ends nobody else changes the number or its keywords. */
export async function lockNumber(tx: Transaction, place: NumberPlace): Promise<StoredNumber | undefined> {
  const { rows } = await sql<StoredNumber>`
    select ${columns} from sms_numbers where ${isAt(place)} for update`.execute(tx);
  return rows[0];
}

export async function listNumbers(
  query: Executor,
  accountId: string,
  after: readonly unknown[] | undefined,
  limit: number,
): Promise<StoredNumber[]> {
  const [number = ''] = (after ?? []) as [string?];
  const { rows } = await sql<StoredNumber>`
    select ${columns} from sms_numbers where account_id = ${accountId} and number > ${number}
    order by number limit ${limit}`.execute(query);
  return rows;
}

/** Keeps the creation date of the one that is there. */
export async function putNumber(tx: Transaction, number: StoredNumber): Promise<StoredNumber> {
  const { rows } = await sql<StoredNumber>`
    insert into sms_numbers (account_id, number, project_number, topic_arn, webhook_url, sealed_webhook_secret,
                             self_managed_opt_outs, help_text, stop_text, start_text, created_at, last_modified_at,
                             last_modified_by)
    values (${number.accountId}, ${number.number}, ${number.projectNumber}, ${number.topicArn}, ${number.webhookUrl},
            ${number.sealedWebhookSecret}, ${number.selfManagedOptOuts}, ${number.helpText}, ${number.stopText},
            ${number.startText}, ${number.createdAt}, ${number.lastModifiedAt}, ${number.lastModifiedBy})
    on conflict (account_id, number) do update set
      project_number = excluded.project_number, topic_arn = excluded.topic_arn, webhook_url = excluded.webhook_url,
      sealed_webhook_secret = excluded.sealed_webhook_secret, self_managed_opt_outs = excluded.self_managed_opt_outs,
      help_text = excluded.help_text, stop_text = excluded.stop_text, start_text = excluded.start_text,
      last_modified_at = excluded.last_modified_at, last_modified_by = excluded.last_modified_by
    returning ${columns}`.execute(tx);
  return rows[0] as StoredNumber;
}

/** Its keywords go with it. */
export async function deleteNumber(tx: Transaction, place: NumberPlace): Promise<StoredNumber | undefined> {
  const { rows } = await sql<StoredNumber>`
    delete from sms_numbers where ${isAt(place)} returning ${columns}`.execute(tx);
  return rows[0];
}

export async function listKeywords(query: Executor, place: NumberPlace): Promise<Keyword[]> {
  const { rows } = await sql<Keyword>`
    select keyword, action, response from sms_keywords where ${isAt(place)} order by keyword`.execute(query);
  return rows;
}

export async function putKeyword(tx: Transaction, place: NumberPlace, keyword: Keyword): Promise<void> {
  await sql`
    insert into sms_keywords (account_id, number, keyword, action, response)
    values (${place.accountId}, ${place.number}, ${keyword.keyword}, ${keyword.action}, ${keyword.response})
    on conflict (account_id, number, keyword) do update set
      action = excluded.action, response = excluded.response`.execute(tx);
}

export async function deleteKeyword(
  tx: Transaction,
  place: NumberPlace,
  keyword: string,
): Promise<Keyword | undefined> {
  const { rows } = await sql<Keyword>`
    delete from sms_keywords where ${isAt(place)} and keyword = ${keyword}
    returning keyword, action, response`.execute(tx);
  return rows[0];
}

/** What decisions about several numbers go by; numbers that nobody configured are missing. */
export async function findRules(
  query: Executor,
  accountId: string,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, StoredNumber & NumberRules>> {
  const { rows } = await sql<StoredNumber & NumberRules>`
    select ${columns},
           coalesce((select json_agg(json_build_object('keyword', keyword, 'action', action, 'response', response))
                     from sms_keywords
                     where sms_keywords.account_id = sms_numbers.account_id
                       and sms_keywords.number = sms_numbers.number), '[]') as keywords
    from sms_numbers where account_id = ${accountId} and number = any (${numbers}::text[])`.execute(query);
  return new Map(rows.map((row) => [row.number, row]));
}
