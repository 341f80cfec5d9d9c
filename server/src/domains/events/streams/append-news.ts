/**
 * Tells the readers of streams that something was appended: not for each event, since notifying takes a lock that all
 * commits of the database queue for, but at most ten times a second for all of a process, and of streamed projects only.
 */
import { type Database, type Notifications, notify } from '../../../database/index.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { Service } from '../../../kernel/service.ts';
import type { EventsHandler } from '../append.ts';
import { streamedProjects } from './store.ts';

export const topics = { appended: 'events appended', changed: 'event streams' } as const;

const gatherMilliseconds = 100;
/** A payload has at most 7,900 bytes. */
const projectsOfPayload = 400;

export class AppendNews implements Service {
  readonly name = 'news of events';
  readonly #database: Database;
  readonly #logger: Logger;
  /** Undefined: not known, so that any project may be one. */
  #streamed: ReadonlySet<number> | undefined;
  /** Rises with every change: what was read before it is not kept. */
  #changes = 0;
  readonly #appended = new Set<number>();
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> = Promise.resolve();

  constructor(parts: { database: Database; notifications: Notifications; logger: Logger }) {
    this.#database = parts.database;
    this.#logger = parts.logger;
    const changed = () => {
      this.#streamed = undefined;
      this.#changes += 1;
      void this.#learn();
    };
    parts.notifications.subscribe({ topic: topics.changed, changed, forgetAll: changed });
  }

  /** Joined to the log of events. A moment after the append, which then has been committed. */
  readonly handler: EventsHandler = async (_tx, events) => {
    for (const { projectNumber } of events) {
      if (this.#streamed?.has(projectNumber) ?? true) this.#appended.add(projectNumber);
    }
    if (this.#appended.size > 0) this.#timer ??= setTimeout(() => this.#tell(), gatherMilliseconds).unref();
  };

  async run(): Promise<void> {}

  async drain(): Promise<void> {}

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#telling;
  }

  #tell(): void {
    const projects = [...this.#appended];
    this.#appended.clear();
    this.#timer = undefined;
    this.#telling = this.#notify(projects).catch((error: unknown) => {
      // Readers look by themselves every few seconds.
      this.#logger.warn({ err: error }, 'readers of event streams could not be told of events');
    });
  }

  async #notify(projects: readonly number[]): Promise<void> {
    for (let start = 0; start < projects.length; start += projectsOfPayload) {
      const payload = projects.slice(start, start + projectsOfPayload).join(' ');
      await notify(this.#database.query, topics.appended, payload);
    }
  }

  async #learn(): Promise<void> {
    const changes = this.#changes;
    try {
      const streamed = new Set(await streamedProjects(this.#database.query));
      if (changes === this.#changes) this.#streamed = streamed;
    } catch (error) {
      this.#logger.warn({ err: error }, 'it could not be read which projects stream their events');
    }
  }
}
