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
} from '../../database/index.ts';
import { toE164 } from '../channels/index.ts';
import type { IdempotentCalls } from './direct/idempotent-calls.ts';
import type { OneTimePasswords } from './otp/passwords.ts';
import { type AddressHashes, addressedChannelTypes, recipientOfEndpoint } from './sends/send.ts';

export interface MessagingLocationParts {
  readonly hashes: AddressHashes;
  readonly passwords: Pick<OneTimePasswords, 'addressHash'>;
  readonly idempotentCalls: Pick<IdempotentCalls, 'peopleOf' | 'forget'>;
}

export function messagingLocations({
  hashes,
  passwords,
  idempotentCalls,
}: MessagingLocationParts): readonly Location[] {
  const isSentTo = (subject: Subject) =>
    isRecipient(hashes, subject, isOfSubject(subject, sql`(detail ->> 'endpointGeneration')::bigint`, sql`claimed_at`));
  return [
    {
      ...rowsOf({
        name: 'sends',
        table: 'sends',
        goes: 'in steps',
        key: ['bucket', 'recipient', 'run_id', 'started_at'],
        where: isSentTo,
      }),
      aged: agedRows(
        'SENDS',
        'sends',
        ['bucket', 'recipient', 'run_id', 'started_at'],
        ({ projectNumber }, before) => sql`project_number = ${projectNumber} and started_at < ${before}`,
      ),
      async countUnderWay(query, subject) {
        const where = isSentTo(subject);
        return where === undefined ? 0 : countRows(query, sql`select from sends where ${where} and status = 'CLAIMED'`);
      },
    },
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
        where: (subject) =>
          eitherOf([
            subject.addresses.length > 0 &&
              sql`account_id = ${subject.accountId} and address_hash = any (${hashesOf(hashes, subject)}::bytea[])
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

/** Whoever was written to as an endpoint, or at a bare address on whichever channel. */
function isRecipient(hashes: AddressHashes, subject: Subject, isMeant: ReturnType<typeof isOfSubject>) {
  const recipients = [
    ...subject.endpoints.map(recipientOfEndpoint),
    ...subject.addresses.flatMap(({ address }) =>
      address === null ? [] : addressedChannelTypes.map((channelType) => hashes.recipientOf(channelType, address)),
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
  return addresses.flatMap(({ address }) => (address === null ? [] : [hashes.of(address)]));
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
    read: (tx, subject) => readRows(tx, sql`select * from suppressed_addresses where ${isDetailed(subject)}`),
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
