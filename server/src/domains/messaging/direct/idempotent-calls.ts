/**
 * Calls with an `Idempotency-Key`: a repeated one gets the first answer, and nothing is sent twice. Kept for a day,
 * sealed, because answers hold addresses.
 */
import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Executor, isOfSubject, type Subject, type Transaction } from '../../../database/index.ts';
import { badRequest, conflict } from '../../../kernel/errors.ts';
import type { Logger } from '../../../kernel/logger.ts';
import { openWith, sealWith } from '../../../kernel/master-key.ts';
import { namesIn, withoutNames } from './people-in-answers.ts';

export interface IdempotentName {
  readonly projectNumber: number;
  readonly accessKeyId: string;
  readonly operation: string;
  readonly key: string;
}

/** A repeated call that comes while the first is under way waits for it that long. */
const longestWaitMilliseconds = 10_000;
const lookMilliseconds = 50;

export class IdempotentCalls {
  readonly #query: Executor;
  readonly #key: Buffer;
  readonly #logger: Logger;

  constructor(query: Executor, key: Buffer, logger: Logger) {
    this.#query = query;
    this.#key = key;
    this.#logger = logger;
  }

  /**
   * @throws BadRequestException when the key stood for another request; ConflictException when the first call has not
   *   answered yet, or never will because its process was killed: nobody knows then what it sent
   */
  async once<Answer>(name: IdempotentName, request: unknown, now: Date, call: () => Promise<Answer>): Promise<Answer> {
    if (name.key.length > 255) throw badRequest('Idempotency-Key can have at most 255 characters');
    const callHash = this.#hash([name.projectNumber, name.accessKeyId, name.operation, name.key]);
    const requestHash = this.#hash(request);
    const row = sql`project_number = ${name.projectNumber} and call_hash = ${callHash}`;
    const { numAffectedRows: isFirst } = await sql`
      insert into idempotent_calls (project_number, call_hash, request_hash, created_at)
      values (${name.projectNumber}, ${callHash}, ${requestHash}, ${now})
      on conflict do nothing`.execute(this.#query);
    if (isFirst !== 1n) return this.#firstAnswer(row, requestHash);
    const answer = await this.#make(row, call);
    try {
      const sealed = sealWith(this.#key, 'idempotent answer', JSON.stringify(answer));
      const people = namesIn(answer).map((person) => this.#personHash(name.projectNumber, person));
      await sql`
        update idempotent_calls set answer = ${sealed}, people = ${people}::bytea[] where ${row}`.execute(this.#query);
    } catch (error) {
      // The call was made: it stays taken, and whoever repeats it is told that nobody knows.
      this.#logger.error({ operation: name.operation, err: error }, 'the answer of an idempotent call was not kept');
    }
    return answer;
  }

  /** A call that fails sent nothing: it may be made again, corrected. */
  async #make<Answer>(row: ReturnType<typeof sql>, call: () => Promise<Answer>): Promise<Answer> {
    try {
      return await call();
    } catch (error) {
      await sql`delete from idempotent_calls where ${row}`.execute(this.#query);
      throw error;
    }
  }

  async #firstAnswer<Answer>(row: ReturnType<typeof sql>, requestHash: Buffer): Promise<Answer> {
    for (let waited = 0; waited < longestWaitMilliseconds; waited += lookMilliseconds) {
      const { rows } = await sql<{ requestHash: Buffer; answer: Buffer | null }>`
        select request_hash as "requestHash", answer from idempotent_calls where ${row}`.execute(this.#query);
      const [first] = rows;
      if (first === undefined) throw conflict('The first call with this Idempotency-Key was refused. Try again.');
      if (!first.requestHash.equals(requestHash)) {
        throw badRequest('The Idempotency-Key was used for another request');
      }
      if (first.answer !== null) {
        return JSON.parse(openWith(this.#key, 'idempotent answer', first.answer)) as Answer;
      }
      await pause(lookMilliseconds);
    }
    throw conflict('The first call with this Idempotency-Key has not answered; what it sent is not known');
  }

  /** Keyed hashes by which answers that name somebody of a subject are found. */
  peopleOf(subject: Subject): Buffer[] {
    return subjectNames(subject).map((person) => this.#personHash(subject.projectNumber, person));
  }

  /** Takes a subject out of answers; what they say of others stays, so that a repeated call sends nothing twice. */
  async forget(tx: Transaction, subject: Subject, limit: number): Promise<number> {
    const people = this.peopleOf(subject);
    if (people.length === 0) return 0;
    const { rows } = await sql<{ callHash: Buffer; answer: Buffer; people: Buffer[] }>`
      select call_hash as "callHash", answer, people from idempotent_calls
      where project_number = ${subject.projectNumber} and people && ${people}::bytea[]
        and ${isOfSubject(subject, sql`null::bigint`, sql`created_at`)}
      limit ${limit} for update`.execute(tx);
    const names = new Set(subjectNames(subject).map((name) => name.toLowerCase()));
    const gone = new Set(people.map((hash) => hash.toString('hex')));
    for (const row of rows) {
      const answer: unknown = JSON.parse(openWith(this.#key, 'idempotent answer', row.answer));
      const sealed = sealWith(this.#key, 'idempotent answer', JSON.stringify(withoutNames(answer, names)));
      const left = row.people.filter((hash) => !gone.has(hash.toString('hex')));
      await sql`
        update idempotent_calls set answer = ${sealed}, people = ${left}::bytea[]
        where project_number = ${subject.projectNumber} and call_hash = ${row.callHash}`.execute(tx);
    }
    return rows.length;
  }

  #personHash(projectNumber: number, name: string): Buffer {
    return this.#hash(['person', projectNumber, name.toLowerCase()]);
  }

  #hash(value: unknown): Buffer {
    return createHmac('sha256', this.#key).update(JSON.stringify(value)).digest();
  }
}

function subjectNames({ endpoints, users, addresses }: Subject): string[] {
  return [
    ...endpoints.map(({ id }) => id),
    ...users.map(({ userId }) => userId),
    ...addresses.flatMap(({ address }) => address ?? []),
  ];
}

export async function deleteIdempotentCallsBefore(query: Executor, before: Date): Promise<void> {
  await query.deleteFrom('idempotent_calls').where('created_at', '<', before).execute();
}
