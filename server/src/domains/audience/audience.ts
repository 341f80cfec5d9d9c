/** Endpoints as requests meet them: concurrent writes and reads go together (DESIGN decision 4). */
import { CoalescedRead, Coalescer, type Database, type Notifications } from '../../database/index.ts';
import { forbidden, ServiceError } from '../../kernel/errors.ts';
import { type EndpointKey, keyText } from './endpoint.ts';
import { IdentityHashes } from './identities.ts';
import { RecentlyErased } from './recently-erased.ts';
import { RulesCache } from './rules.ts';
import { findEndpoints, type WholeEndpoint } from './store.ts';
import { Tombstones } from './tombstones.ts';
import type { EndpointWrite } from './workspace.ts';
import type { UnitOutcome, WriteParts, WriteUnit } from './write.ts';
import { ShortWay, writeCalls } from './write-quick.ts';

export interface AudienceOptions {
  readonly database: Database;
  readonly tombstoneKey: Buffer;
  readonly notifications?: Notifications;
}

export class Audience {
  readonly tombstones: Tombstones;
  readonly identities: IdentityHashes;
  readonly erased: RecentlyErased;
  readonly #parts: WriteParts;
  readonly #single: Coalescer<WriteUnit, UnitOutcome>;
  readonly #several: Coalescer<WriteUnit, UnitOutcome>;
  readonly #reads: CoalescedRead<EndpointKey, WholeEndpoint | undefined>;

  /**
   * @param options.tombstoneKey makes the hashes that stand for deleted endpoints
   * @param options.notifications tell of rules that change on other nodes; without them every batch looks
   */
  constructor({ database, tombstoneKey, notifications }: AudienceOptions) {
    this.tombstones = new Tombstones(tombstoneKey);
    this.erased = new RecentlyErased(this.tombstones, notifications);
    this.identities = new IdentityHashes(tombstoneKey);
    this.#parts = { identities: this.identities, rules: new RulesCache(notifications), tombstones: this.tombstones };
    const runner = () => {
      const shortWay = new ShortWay();
      return (units: readonly WriteUnit[]) => writeCalls(database, this.#parts, units, shortWay);
    };
    this.#single = new Coalescer({
      name: 'endpoint writes',
      run: runner(),
      maximumBatch: 200,
      maximumInFlight: 2,
      // A batch costs about as much as twenty endpoints do, whatever is in it.
      worthwhileBeside: 32,
      maximumWaiting: 20_000,
    });
    // A unit is up to a hundred endpoints.
    this.#several = new Coalescer({
      name: 'endpoint batch writes',
      run: runner(),
      maximumBatch: 3,
      maximumInFlight: 3,
      maximumWaiting: 500,
    });
    this.#reads = new CoalescedRead<EndpointKey, WholeEndpoint | undefined>({
      name: 'endpoint reads',
      read: (keys) => findEndpoints(database.query, keys),
      identify: keyText,
      worthwhileBeside: 16,
    });
  }

  /** For writers that bring a transaction of their own. */
  get writeParts(): WriteParts {
    return this.#parts;
  }

  /** After a change of a project's rules that this process made itself. */
  forgetRules(projectNumber: number): void {
    this.#parts.rules.forget(projectNumber);
  }

  get figures() {
    return { writes: this.#single.figures, batchWrites: this.#several.figures, reads: this.#reads.figures };
  }

  /** Durable when it resolves. @throws ServiceError; nothing of the unit is written then */
  async write(writes: readonly EndpointWrite[]): Promise<void> {
    const coalescer = writes.length === 1 ? this.#single : this.#several;
    // A deletion that commits while this waits comes after it, however the two are written.
    const outcome = await coalescer.submit({ writes, waitingSince: performance.now() });
    if (outcome === 'suppressed') throw suppressed();
    if (outcome instanceof ServiceError) throw outcome;
  }

  find(key: EndpointKey): Promise<WholeEndpoint | undefined> {
    return this.#reads.find(key);
  }
}

/** What whoever writes of a suppressed person is told. */
export function suppressed(): ServiceError {
  return forbidden('The endpoint, its user or its address was erased and may not be stored again');
}
