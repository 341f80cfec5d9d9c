/**
 * The audit trail: an entry for every change, a count for calls of the data plane. Entries are written with the change
 * itself; counts are gathered and written every second, so a `kill -9` loses at most the last second of them.
 */
import type { Database, Transaction } from '../../../database/index.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { Service } from '../../../kernel/service.ts';
import type { AuditRecord } from '../../../operations/audit-record.ts';
import { concealIdentities } from './conceal.ts';
import { RefusalLimit } from './refusal-limit.ts';
import { type AuditCount, addCounts, insertEntry } from './store.ts';

const writeEveryMilliseconds = 1_000;

type Count = AuditCount & { readonly accountId: string };

export class AuditTrail implements Service {
  readonly name = 'audit trail';
  readonly #database: Database;
  readonly #identityKey: Buffer;
  readonly #logger: Logger;
  readonly #refusals = new RefusalLimit();
  #counts = new Map<string, Count>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** @param options.identityKey makes the hashes that stand for identities */
  constructor(options: { database: Database; identityKey: Buffer; logger: Logger }) {
    this.#database = options.database;
    this.#identityKey = options.identityKey;
    this.#logger = options.logger;
  }

  /** In the transaction of the change: there is no change without its entry. */
  async recordChange(tx: Transaction, record: AuditRecord): Promise<void> {
    await insertEntry(tx, record.caller.accountId, this.#toEntry(record));
  }

  /** Outside of any transaction: refusals, and changes that needed none. A flood of refusals is counted only. */
  async record(record: AuditRecord): Promise<void> {
    if (record.errorCode !== undefined && !this.#refusals.take(record)) return this.count(record);
    await insertEntry(this.#database.query, record.caller.accountId, this.#toEntry(record));
  }

  count({ caller, time, operation, projectId = '', status }: AuditRecord): void {
    const minute = new Date(Math.floor(time.getTime() / 60_000) * 60_000);
    const statusClass = status < 400 ? '2xx' : status < 500 ? '4xx' : '5xx';
    const { accountId, accessKeyId } = caller;
    this.#add({ accountId, minute, accessKeyId, operation, projectId, statusClass, count: 1 });
  }

  async run(): Promise<void> {
    this.#timer = setInterval(() => this.#writeSoon(), writeEveryMilliseconds).unref();
  }

  async drain(): Promise<void> {
    clearInterval(this.#timer);
    this.#writeSoon();
    await this.#writing;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
  }

  /** One write at a time. */
  #writeSoon(): void {
    this.#writing = this.#writing.then(() => this.#write());
  }

  async #write(): Promise<void> {
    if (this.#counts.size === 0) return;
    const counts = [...this.#counts.values()];
    this.#counts = new Map();
    try {
      await addCounts(this.#database.query, counts);
    } catch (error) {
      for (const count of counts) this.#add(count);
      this.#logger.warn({ err: error }, 'could not write the counts of the audit log; trying again');
    }
  }

  #add(count: Count): void {
    const key = [count.minute.getTime(), ...keyOf(count)].join('\n');
    const known = this.#counts.get(key);
    this.#counts.set(key, known === undefined ? count : { ...known, count: known.count + count.count });
  }

  #toEntry(record: AuditRecord) {
    const { caller } = record;
    return {
      at: record.time,
      userName: caller.userName,
      accessKeyId: caller.accessKeyId,
      operation: record.operation,
      region: record.region,
      projectId: record.projectId ?? null,
      resource: concealIdentities(this.#identityKey, record.resource),
      sourceAddress: caller.sourceAddress,
      status: record.status,
      errorCode: record.errorCode ?? null,
      requestId: record.requestId,
    };
  }
}

function keyOf({ accountId, accessKeyId, operation, projectId, statusClass }: Count): readonly string[] {
  return [accountId, accessKeyId, operation, projectId, statusClass];
}
