/** The readers of this process: one for each stream that it holds the lease of. On nodes with the role worker. */
import {
  claimableWork,
  claimRange,
  type Database,
  keepRenewing,
  type Lease,
  LeaseLost,
  type Notifications,
  releaseRange,
} from '../../../database/index.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { Service } from '../../../kernel/service.ts';
import { findProjectNames, type ProjectName } from '../../projects/index.ts';
import { topics } from './append-news.ts';
import { type DestinationParts, openDestination } from './open-destination.ts';
import { StreamReader } from './reader.ts';
import { resetAfterRestore } from './restored.ts';
import { streamWork, workKind } from './work.ts';

const claimMilliseconds = 2_000;

export interface StreamReaderParts extends DestinationParts {
  readonly database: Database;
  readonly notifications: Notifications;
  readonly logger: Logger;
  /** Of this process. */
  readonly nodeId: string;
}

interface Running {
  readonly reader: StreamReader;
  readonly ending: AbortController;
  readonly ended: Promise<void>;
}

export class StreamReaders implements Service {
  readonly name = 'event streams';
  readonly #parts: StreamReaderParts;
  readonly #running = new Map<number, Running>();
  #timer: NodeJS.Timeout | undefined;
  #claiming: Promise<void> = Promise.resolve();
  #drained = false;

  constructor(parts: StreamReaderParts) {
    this.#parts = parts;
    parts.notifications.subscribe({
      topic: topics.appended,
      changed: (projects) => {
        for (const number of projects.split(' ')) this.#running.get(Number(number))?.reader.wake();
      },
      forgetAll: () => {
        for (const { reader } of this.#running.values()) reader.wake();
      },
    });
    parts.notifications.subscribe({
      topic: topics.changed,
      changed: (project) => {
        this.#running.get(Number(project))?.reader.changed();
        this.#claim();
      },
      forgetAll: () => this.#claim(),
    });
  }

  async run(): Promise<void> {
    this.#timer = setInterval(() => this.#claim(), claimMilliseconds).unref();
    this.#claim();
  }

  async drain(): Promise<void> {
    this.#drained = true;
    clearInterval(this.#timer);
    await this.#claiming;
    for (const { ending } of this.#running.values()) ending.abort();
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  async stop(): Promise<void> {
    await this.drain();
  }

  #claim(): void {
    if (this.#timer === undefined) return; // Not a worker, or not yet.
    this.#claiming = this.#claiming
      .then(() => this.#claimAll())
      .catch((error: unknown) => this.#parts.logger.warn({ err: error }, 'event streams could not be claimed'));
  }

  async #claimAll(): Promise<void> {
    if (this.#drained) return;
    const { query } = this.#parts.database;
    const claimable = (await claimableWork(query, workKind)).map(Number);
    const numbers = [...claimable, ...this.#running.keys()];
    if (numbers.length === 0) return;
    const projects = new Map((await findProjectNames(query, numbers)).map((project) => [project.number, project]));
    for (const number of claimable) {
      const project = projects.get(number);
      if (project !== undefined) await this.#start(project);
    }
    // Deleted, or of an account that was closed: what is stored goes with the erasure, if it goes.
    for (const number of this.#running.keys()) if (!projects.has(number)) this.#running.get(number)?.ending.abort();
  }

  async #start(project: ProjectName): Promise<void> {
    // The former life of this reader has lost its lease, and is about to notice.
    await this.#running.get(project.number)?.ended;
    const lease = await claimRange(this.#parts.database.query, streamWork(project.number), this.#parts.nodeId);
    if (lease === undefined) return;
    const { database, clock, logger } = this.#parts;
    const open = (stream: Parameters<typeof openDestination>[1]) => openDestination(this.#parts, stream, project.id);
    const reader = new StreamReader({ database, clock, logger, openDestination: open }, project.number, lease);
    const ending = new AbortController();
    const ended = this.#work(project.number, reader, lease, ending);
    this.#running.set(project.number, { reader, ending, ended });
  }

  async #work(number: number, reader: StreamReader, lease: Lease, ending: AbortController): Promise<void> {
    const { database, logger } = this.#parts;
    const stopRenewing = keepRenewing(database, lease, () => ending.abort());
    try {
      if (await database.transaction((tx) => resetAfterRestore(tx, number))) {
        logger.warn(
          { projectNumber: number },
          'the database was restored: the event stream goes on with what was not sent',
        );
      }
      await reader.run(ending.signal);
    } catch (error) {
      if (!ending.signal.aborted && !(error instanceof LeaseLost)) {
        logger.error({ projectNumber: number, err: error }, 'an event stream stopped; it is taken up again');
      }
    } finally {
      stopRenewing();
      // When even that fails the lease runs out by itself.
      await releaseRange(database.query, lease).catch(() => undefined);
      this.#running.delete(number);
    }
  }
}
