/**
 * How many refusals the log takes. The key of an app can be read out of the app, and anybody may try to sign in:
 * without a limit, either could fill the disk with entries that say the same.
 */
import type { AuditRecord } from '../../../operations/audit-record.ts';

const entriesPerMinute = 60;

export class RefusalLimit {
  #minute = 0;
  /** Entries of this minute, by who was refused. */
  readonly #taken = new Map<string, number>();

  /** @returns false when the log has taken as many refusals of this user and key within the minute as it does */
  take({ time, caller }: AuditRecord): boolean {
    const minute = Math.floor(time.getTime() / 60_000);
    if (minute !== this.#minute) this.#taken.clear();
    this.#minute = minute;
    const who = [caller.accountId, caller.userName, caller.accessKeyId].join('\n');
    const taken = this.#taken.get(who) ?? 0;
    this.#taken.set(who, taken + 1);
    return taken < entriesPerMinute;
  }
}
