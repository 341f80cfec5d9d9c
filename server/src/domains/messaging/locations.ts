/** Where messaging holds people: what they were sent, what they wrote, and why they are not written to. */
import { sql } from 'kysely';
import {
  agedRows,
  countRows,
  eitherOf,
  isOfSubject,
  type Location,
  readRows,
  rowsOf,
  type Subject,
  type Transaction,
} from '../../database/index.ts';
import { toE164 } from '../channels/index.ts';
import type { MessageOrigin } from '../events/index.ts';
import type { IdempotentCalls } from './direct/idempotent-calls.ts';
import type { OneTimePasswords } from './otp/passwords.ts';
import { type AddressHashes, addressedChannelTypes, recipientOfEndpoint } from './sends/send.ts';

/** Told of claims that go before anything is known of their message, in the transaction that removes them. */
export type ErasedClaimsHandler = (
  tx: Transaction,
  projectNumber: number,
  claims: readonly { readonly origin: MessageOrigin }[],
) => Promise<void>;

export interface MessagingLocationParts {
  readonly hashes: AddressHashes;
  readonly passwords: Pick<OneTimePasswords, 'addressHash'>;
  readonly idempotentCalls: Pick<IdempotentCalls, 'peopleOf' | 'forget'>;
  readonly erasedClaims: ErasedClaimsHandler;
}

export function messagingLocations({
  hashes,
  passwords,
  idempotentCalls,
  erasedClaims,
}: MessagingLocationParts): readonly Location[] {
  return [
    sends(hashes, erasedClaims),
    rowsOf({
      name: 'message ids of providers',
      table: 'provider_messages',
      goes: 'in steps',
      key: ['provider_message_id', 'sent_at'],
      where: (subject) => isRecipient(hashes, subject, isOfSubject(subject, sql`null::bigint`, sql`sent_at`)),
    }),
    {
      ...rowsOf({
        name: 'inbound messages',
        table: 'inbound_messages',
        goes: 'in steps',
        key: ['id'],
        columns: sql`
          number, from_address, body, keyword, action, sent_at, received_at, answer, answer_status, answer_detail`,
        where: (subject) =>
          eitherOf([
            subject.addresses.length > 0 &&
              // What was written to another project is that project's; what names none is the account's.
              sql`account_id = ${subject.accountId} and address_hash = any (${hashesOf(hashes, subject)}::bytea[])
                and (project_number = ${subject.projectNumber} or project_number is null)
                and ${isOfSubject(subject, sql`null::bigint`, sql`received_at`)}`,
          ]),
      }),
      aged: agedRows(
        'INBOUND_MESSAGES',
        'inbound_messages',
        ['id'],
        ({ accountId, projectNumber }, before) =>
          sql`account_id = ${accountId} and project_number = ${projectNumber} and received_at < ${before}`,
      ),
    },
    suppressionDetail(hashes),
    oneTimePasswords(passwords),
    idempotentAnswers(idempotentCalls),
  ];
}

function sends(hashes: AddressHashes, erasedClaims: ErasedClaimsHandler): Location {
  const where = (subject: Subject) =>
    isRecipient(hashes, subject, isOfSubject(subject, sql`(detail ->> 'endpointGeneration')::bigint`, sql`claimed_at`));
  const key = ['bucket', 'recipient', 'run_id', 'started_at'];
  return {
    ...rowsOf({ name: 'sends', table: 'sends', goes: 'in steps', key, where }),
    aged: agedRows(
      'SENDS',
      'sends',
      key,
      ({ projectNumber }, before) => sql`project_number = ${projectNumber} and started_at < ${before}`,
    ),
    async countUnderWay(query, subject) {
      const condition = where(subject);
      return condition === undefined
        ? 0
        : countRows(query, sql`select from sends where ${condition} and status = 'CLAIMED'`);
    },
    async forget(tx, subject, limit) {
      const condition = where(subject);
      if (condition === undefined) return 0;
      const keys = sql.join(key.map((column) => sql.ref(column)));
      // The condition stands twice, as in `rowsOf`.
      const { rows } = await sql<{ status: string; origin: MessageOrigin }>`
        delete from sends
        where ${condition} and (${keys}) in (select ${keys} from sends where ${condition} limit ${limit}::int)
        returning status, detail -> 'origin' as origin`.execute(tx);
      const claims = rows.filter(({ status }) => status === 'CLAIMED');
      if (claims.length > 0) await erasedClaims(tx, subject.projectNumber, claims);
      return rows.length;
    },
  };
}

/** Whoever was written to as an endpoint, or at a bare address on whichever channel. */
function isRecipient(hashes: AddressHashes, subject: Subject, isMeant: ReturnType<typeof isOfSubject>) {
  const recipients = [
    ...subject.endpoints.map(recipientOfEndpoint),
    ...hashesOf(hashes, subject).flatMap((hash) =>
      addressedChannelTypes.map((channelType) => hashes.recipientOfHash(channelType, hash)),
    ),
  ];
  return eitherOf([
    recipients.length > 0 &&
      sql`project_number = ${subject.projectNumber}
          and bucket = any (${[...new Set(recipients.map(({ bucket }) => bucket))]}::int[])
          and recipient = any (${recipients.map(({ text }) => text)}::text[]) and ${isMeant}`,
  ]);
}

function hashesOf(hashes: AddressHashes, { addresses }: Subject): Buffer[] {
  return addresses.flatMap(({ address, hash }) => (address === null ? (hash ?? []) : hashes.of(address)));
}

/** Address and detail go; the keyed hash stays, and goes on keeping messages away from them. */
function suppressionDetail(hashes: AddressHashes): Location {
  const isDetailed = (subject: Subject) => sql`
    account_id = ${subject.accountId} and channel = any ('{EMAIL,SMS,VOICE}'::text[])
    and address_hash = any (${hashesOf(hashes, subject)}::bytea[]) and (address is not null or detail is not null)
    and ${isOfSubject(subject, sql`null::bigint`, sql`created_at`)}`;
  return {
    name: 'detail of suppressed addresses',
    tables: ['suppressed_addresses'],
    goes: 'in steps',
    find: (query, subject) => countRows(query, sql`select from suppressed_addresses where ${isDetailed(subject)}`),
    async forget(tx, subject) {
      const { numAffectedRows } = await sql`
        update suppressed_addresses set address = null, detail = null where ${isDetailed(subject)}`.execute(tx);
      return Number(numAffectedRows ?? 0n);
    },
    read: (tx, subject) =>
      readRows(
        tx,
        sql`select channel, address, reason, detail, created_at from suppressed_addresses where ${isDetailed(subject)}`,
      ),
  };
}

function oneTimePasswords(passwords: MessagingLocationParts['passwords']): Location {
  const hashesIn = ({ projectNumber, addresses }: Subject) =>
    addresses.flatMap(({ address }) => {
      const destination = address === null ? undefined : toE164(address);
      return destination === undefined ? [] : [passwords.addressHash({ projectNumber, destination })];
    });
  return rowsOf({
    name: 'one-time passwords',
    table: 'one_time_passwords',
    // A few minutes of one number: none is of a later life that anybody could tell apart.
    goes: 'at once',
    key: ['reference_hash'],
    where: (subject) => {
      const hashes = hashesIn(subject);
      return eitherOf([
        hashes.length > 0 && sql`project_number = ${subject.projectNumber} and address_hash = any (${hashes}::bytea[])`,
      ]);
    },
    columns: sql`expires_at, attempts_left`,
  });
}

/** Answers name several people: one is taken out of each, and the rest goes on keeping messages from leaving twice. */
function idempotentAnswers(calls: MessagingLocationParts['idempotentCalls']): Location {
  const isNamed = (subject: Subject) =>
    sql`project_number = ${subject.projectNumber} and people && ${calls.peopleOf(subject)}::bytea[]
        and ${isOfSubject(subject, sql`null::bigint`, sql`created_at`)}`;
  return {
    name: 'answers of idempotent calls',
    tables: ['idempotent_calls'],
    goes: 'in steps',
    find: (query, subject) => countRows(query, sql`select from idempotent_calls where ${isNamed(subject)}`),
    forget: (tx, subject, limit) => calls.forget(tx, subject, limit),
    // What was answered stands in the log of sends as well; the sealed answer names others besides.
    read: (tx, subject) => readRows(tx, sql`select created_at from idempotent_calls where ${isNamed(subject)}`),
  };
}
