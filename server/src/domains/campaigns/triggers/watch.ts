/**
 * Looks at every event that is appended, and writes down those that a campaign waits for, in their transaction. A project
 * without such campaigns costs a look in memory.
 */
import {
  type Database,
  NewsCache,
  type Notifications,
  notify,
  sendLast,
  type Transaction,
} from '../../../database/index.ts';
import { bucketOf, foldEndpointId } from '../../../kernel/bucket.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { Service } from '../../../kernel/service.ts';
import type { EventsHandler, NewEvent } from '../../events/index.ts';
import { campaignsTopic } from '../announce.ts';
import { type Campaign, treatmentsOf } from '../campaign.ts';
import { endOf, firstSlot } from '../schedule/slots.ts';
import { listAliveCampaigns } from '../store.ts';
import { compileFilter, type EventTest } from './match.ts';
import { insertingTriggers } from './store.ts';
import type { Trigger } from './trigger.ts';

/** Told when triggers were written, a moment after. */
export const triggersTopic = 'campaign triggers';

/** What a campaign waits for, and when. */
interface Watch {
  readonly campaignId: string;
  readonly treatmentId: string;
  readonly from: number;
  readonly to: number;
  readonly fits: EventTest;
}

/** Notifying takes a lock that all commits of the database queue for: at most twenty times a second in a process. */
const gatherMilliseconds = 50;

export class EventWatches implements Service {
  readonly name = 'campaigns that wait for events';
  readonly #database: Database;
  readonly #logger: Logger;
  /** By project number; most have none. */
  readonly #watches: NewsCache<readonly Watch[]>;
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> = Promise.resolve();

  constructor(parts: { database: Database; notifications: Notifications; logger: Logger }) {
    this.#database = parts.database;
    this.#logger = parts.logger;
    this.#watches = new NewsCache({ notifications: parts.notifications, topic: campaignsTopic });
  }

  /** Joined to the log of events. */
  readonly handler: EventsHandler = async (tx, events) => {
    const triggers: Trigger[] = [];
    let ofProject: { readonly number: number; readonly watches: readonly Watch[] } | undefined;
    for (const event of events) {
      const number = event.projectNumber;
      if (ofProject?.number !== number) ofProject = { number, watches: await this.#watchesOf(tx, number) };
      if (ofProject.watches.length > 0) triggers.push(...triggersOf(event, ofProject.watches));
    }
    if (triggers.length === 0) return;
    await sendLast(tx, [insertingTriggers(triggers)]);
    this.#timer ??= setTimeout(() => this.#tell(), gatherMilliseconds).unref();
  };

  async run(): Promise<void> {}

  async drain(): Promise<void> {}

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#telling;
  }

  async #watchesOf(tx: Transaction, projectNumber: number): Promise<readonly Watch[]> {
    const key = String(projectNumber);
    return (
      this.#watches.get(key) ??
      (await this.#watches.load(key, async () => {
        const campaigns = await listAliveCampaigns(tx, projectNumber);
        return campaigns.filter(({ isPaused }) => !isPaused).flatMap(watchesOf);
      }))
    );
  }

  #tell(): void {
    this.#timer = undefined;
    this.#telling = notify(this.#database.query, triggersTopic, '').catch((error: unknown) => {
      // Workers look by themselves twice a second.
      this.#logger.warn({ err: error }, 'workers could not be told of events that campaigns wait for');
    });
  }
}

/** Also before their window opens, so that nothing is missed when it does. */
function watchesOf({ id, definition, createdAt }: Campaign): Watch[] {
  return treatmentsOf(definition).flatMap(({ id: treatmentId, schedule, hasOwnSchedule }) => {
    if (treatmentId !== '0' && !hasOwnSchedule) return [];
    if (schedule.Frequency !== 'EVENT' || schedule.EventFilter === undefined) return [];
    const from = firstSlot(schedule, createdAt).getTime();
    const to = endOf(schedule)?.getTime() ?? Number.POSITIVE_INFINITY;
    return [{ campaignId: id, treatmentId, from, to, fits: compileFilter(schedule.EventFilter) }];
  });
}

/**
 * A message of a campaign does not make the campaign send another one: neither by what becomes of it, nor by what an app
 * tells of it (§1.7).
 */
function triggersOf(event: NewEvent, watches: readonly Watch[]): Trigger[] {
  const { projectNumber, endpointId, record } = event;
  if (endpointId === undefined) return [];
  const arrivedAt = record.arrival_timestamp;
  const cause = record.attributes['campaign_id'];
  return watches
    .filter(({ from, to, campaignId, fits }) => {
      return from <= arrivedAt && arrivedAt <= to && campaignId !== cause && fits(event);
    })
    .map(({ campaignId, treatmentId }) => {
      const folded = foldEndpointId(endpointId);
      return {
        ...{ id: newId(), projectNumber, bucket: bucketOf(folded), endpointId: folded },
        ...{ campaignId, treatmentId, arrivedAt: new Date(arrivedAt) },
      };
    });
}
