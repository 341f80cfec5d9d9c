/**
 * Events of apps on their way into the log. The batches of many calls go together in one transaction: endpoints first,
 * then events, each with its endpoint as it became (dossier/events-journeys-console §1.3, §1.6). Endpoints are locked
 * meanwhile, so that a deletion comes before or after, and never finds half of it.
 */
import { Coalescer, type Database, type Transaction } from '../../../database/index.ts';
import { ServiceError } from '../../../kernel/errors.ts';
import {
  type AlsoWritten,
  type Audience,
  type EndpointKey,
  keyText,
  RecentActivity,
  readGenerations,
  ShortWay,
  suppressed,
  toPublicEndpoint,
  tryShortWay,
  type UnitOutcome,
  type WholeEndpoint,
  type WriteUnit,
  writeBatch,
} from '../../audience/index.ts';
import type { EventLog } from '../append.ts';
import type { EventProject, NewEvent } from '../record.ts';
import { appEvent } from '../records/app-event.ts';
import type { ReadEvent } from './event.ts';
import type { Fingerprints } from './fingerprints.ts';

/** One endpoint of a call, with its events. */
export interface IngestUnit extends WriteUnit {
  readonly project: EventProject;
  readonly key: EndpointKey;
  /** As the caller spells it. */
  readonly endpointId: string;
  readonly events: readonly (ReadEvent & { readonly id: string })[];
  readonly arrivedAt: Date;
  /** Whether an event that was taken before is left out. */
  readonly deduplicates: boolean;
}

interface Done {
  /** Undefined: has to go the long way. */
  readonly outcome: UnitOutcome | undefined;
}

/**
 * A unit with more goes with few others: a transaction of some hundred events has its commit paid for already, and one of
 * thousands takes more memory than a session of the database keeps at hand (measured: a fifth more time for each event).
 */
const fewEvents = 10;

export class EventIngest {
  readonly #log: EventLog;
  readonly #fingerprints: Fingerprints;
  readonly #few: Coalescer<IngestUnit, Done>;
  readonly #many: Coalescer<IngestUnit, Done>;
  readonly #long: Coalescer<IngestUnit, Done>;

  constructor(parts: {
    readonly database: Database;
    readonly audience: Audience;
    readonly log: EventLog;
    readonly fingerprints: Fingerprints;
  }) {
    const { database, audience } = parts;
    this.#log = parts.log;
    this.#fingerprints = parts.fingerprints;
    const also: AlsoWritten<IngestUnit> = (tx, outcomes, written) => this.#append(tx, outcomes, written);
    const recent = new RecentActivity();
    const short = () => {
      const shortWay = new ShortWay();
      return async (units: readonly IngestUnit[]) =>
        (await tryShortWay(database, audience.writeParts, units, { shortWay, also, recent })).map((outcome) => ({
          outcome,
        }));
    };
    this.#few = new Coalescer({
      name: 'events',
      run: short(),
      maximumBatch: 200,
      maximumInFlight: 2,
      worthwhileBeside: 24,
      maximumWaiting: 20_000,
    });
    this.#many = new Coalescer({
      name: 'batches of events',
      run: short(),
      maximumBatch: 3,
      maximumInFlight: 4,
      maximumWaiting: 1_000,
    });
    // Endpoints that are new, or that meet others: a transaction of their own, so that what failed is all of it.
    this.#long = new Coalescer({
      name: 'events of new endpoints',
      run: async (units) =>
        (await writeBatch(database, audience.writeParts, units, also)).map((outcome) => ({ outcome })),
      maximumBatch: 50,
      maximumInFlight: 2,
      worthwhileBeside: 16,
      maximumWaiting: 20_000,
    });
  }

  /** Callers that wait, and batches. */
  get figures() {
    return { few: this.#few.figures, many: this.#many.figures, long: this.#long.figures };
  }

  /**
   * Durable when it resolves. A refused endpoint does not keep its events away.
   * @throws ServiceError when nothing of the unit was taken
   */
  async take(unit: IngestUnit): Promise<UnitOutcome> {
    const short = unit.events.length > fewEvents ? this.#many : this.#few;
    const outcome = (await short.submit(unit)).outcome ?? (await this.#long.submit(unit)).outcome;
    if (outcome === undefined) throw new Error('Events went neither way.');
    if (outcome === 'suppressed') throw suppressed();
    return outcome;
  }

  /** Events of endpoints that were deleted after their call began are left out: nothing of them may come back. */
  async #append(
    tx: Transaction,
    outcomes: readonly UnitOutcome[],
    { units, find }: Parameters<AlsoWritten<IngestUnit>>[2],
  ): Promise<void> {
    const kept = units.filter((_unit, index) => outcomes[index] !== 'deleted' && outcomes[index] !== 'suppressed');
    const endpoints = kept.map(({ key }) => find(key));
    const made = endpoints.filter((endpoint) => endpoint?.generation === 0) as readonly WholeEndpoint[];
    const generations = await readGenerations(tx, made);
    const isNews = await this.#fingerprints.note(tx, kept);
    const events = kept.flatMap((unit, index) => {
      const endpoint = endpoints[index];
      const generation = endpoint && (endpoint.generation || generations.get(keyText(endpoint)));
      return recordsOf(unit, { endpoint, generation, isNews });
    });
    await this.#log.append(tx, events);
  }
}

function recordsOf(
  unit: IngestUnit,
  state: {
    readonly endpoint: WholeEndpoint | undefined;
    readonly generation: number | undefined;
    isNews(unit: IngestUnit, index: number): boolean;
  },
): NewEvent[] {
  const { project, endpointId, arrivedAt, events } = unit;
  const { generation } = state;
  // One object for all of them: its text is made once.
  const endpoint = state.endpoint && toPublicEndpoint(state.endpoint);
  return events
    .filter((_event, index) => state.isNews(unit, index))
    .map(({ event, occurredAt }) =>
      appEvent(project, { endpointId, endpoint, event, occurredAt, arrivedAt, ...(generation && { generation }) }),
    );
}

/** What a client can be told of a failure that is not its own. */
export function asFault(error: unknown): ServiceError {
  return error instanceof ServiceError ? error : new ServiceError('InternalServerErrorException', 'Internal error');
}
