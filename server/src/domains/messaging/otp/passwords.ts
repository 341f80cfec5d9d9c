/** One-time passwords as they are kept: keyed hashes only, gone once entered, expired or tried too often. */
import { createHmac, randomInt } from 'node:crypto';
import { sql } from 'kysely';
import type { Executor } from '../../../database/index.ts';

export class OneTimePasswords {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  /** Digits; leading zeros are as good as others. */
  draw(length: number): string {
    return Array.from({ length }, () => randomInt(10)).join('');
  }

  /** Replaces the code that was sent before for the same number and reference, with all its attempts. */
  async store(
    query: Executor,
    name: PasswordName,
    code: string,
    { attempts, expiresAt }: { readonly attempts: number; readonly expiresAt: Date },
  ): Promise<void> {
    await sql`
      insert into one_time_passwords
        (project_number, reference_hash, code_hash, attempts_left, expires_at, address_hash)
      values (${name.projectNumber}, ${this.#nameHash(name)}, ${this.#codeHash(name, code)}, ${attempts}, ${expiresAt},
              ${this.addressHash(name)})
      on conflict (project_number, reference_hash) do update set
        code_hash = excluded.code_hash, attempts_left = excluded.attempts_left, expires_at = excluded.expires_at`.execute(
      query,
    );
  }

  /**
   * Every attempt is paid for before it is compared, so that many at once get no more than their number; a right code is
   * used up by whoever deletes it.
   */
  async verify(query: Executor, name: PasswordName, code: string, now: Date): Promise<boolean> {
    const key = sql`project_number = ${name.projectNumber} and reference_hash = ${this.#nameHash(name)}`;
    const codeHash = this.#codeHash(name, code);
    const { rows } = await sql<{ right: boolean }>`
      update one_time_passwords set attempts_left = attempts_left - 1
      where ${key} and attempts_left > 0 and expires_at > ${now}
      returning code_hash = ${codeHash} as right`.execute(query);
    if (!rows[0]?.right) return false;
    const used = await sql`delete from one_time_passwords where ${key} and code_hash = ${codeHash}`.execute(query);
    return used.numAffectedRows === 1n;
  }

  /** By which the codes of a number are found to be erased. */
  addressHash({ projectNumber, destination }: Pick<PasswordName, 'projectNumber' | 'destination'>): Buffer {
    return this.#hash(['address', projectNumber, destination]);
  }

  #nameHash({ projectNumber, destination, referenceId }: PasswordName): Buffer {
    return this.#hash(['name', projectNumber, destination, referenceId]);
  }

  #codeHash({ projectNumber, destination, referenceId }: PasswordName, code: string): Buffer {
    return this.#hash(['code', projectNumber, destination, referenceId, code]);
  }

  #hash(parts: readonly (string | number)[]): Buffer {
    return createHmac('sha256', this.#key).update(JSON.stringify(parts)).digest();
  }
}

export interface PasswordName {
  readonly projectNumber: number;
  /** E.164 */
  readonly destination: string;
  readonly referenceId: string;
}

/** Codes whose time is over, and those that were tried too often. */
export async function deleteExpiredPasswords(query: Executor, now: Date): Promise<void> {
  await query.deleteFrom('one_time_passwords').where('expires_at', '<', now).execute();
}
