/**
 * News between processes over LISTEN/NOTIFY: how a cache learns that its source changed elsewhere. News can be missed
 * while the connection is away, so every reconnection tells the subscribers to forget everything.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type pg from 'pg';
import type { Logger } from '../kernel/logger.ts';
import type { Service } from '../kernel/service.ts';
import type { DatabaseConnection } from './connection.ts';
import type { Executor } from './open.ts';
import { connectOnce } from './reach.ts';

export interface Subscriber {
  /** Topic as given to `notify`. */
  readonly topic: string;
  changed(payload: string): void;
  /** The connection was away: anything may have changed. */
  forgetAll(): void;
}

const channel = 'repoint';
const longestPauseMilliseconds = 5_000;
/** A connection can die without a word (a failover, a firewall); nobody may trust a cache for long after that. */
const heartbeatMilliseconds = 10_000;
const heartbeatTimeoutMilliseconds = 5_000;

/**
 * Tells every process, this one included, once the transaction has committed.
 * @param payload ids of resources, never people; at most 7,900 bytes
 */
export async function notify(query: Executor, topic: string, payload: string): Promise<void> {
  await sql`select pg_notify(${channel}, ${JSON.stringify([topic, payload])})`.execute(query);
}

export class Notifications implements Service {
  readonly name = 'notifications';
  readonly #connection: DatabaseConnection;
  readonly #logger: Logger;
  readonly #subscribers: Subscriber[] = [];
  #client: pg.Client | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #listening = false;
  #stopped = false;

  constructor(connection: DatabaseConnection, logger: Logger) {
    this.#connection = connection;
    this.#logger = logger;
  }

  /** False while news may be missed: nobody may fill a cache then. */
  get listening(): boolean {
    return this.#listening;
  }

  subscribe(subscriber: Subscriber): void {
    this.#subscribers.push(subscriber);
  }

  async run(): Promise<void> {
    await this.#listen();
  }

  /** Caches stay true until the last request has been answered. */
  async drain(): Promise<void> {}

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#heartbeat);
    await this.#client?.end();
  }

  async #listen(): Promise<void> {
    const client = await connectOnce(this.#connection, 'repoint notifications');
    client.on('notification', ({ payload }) => this.#deliver(payload ?? ''));
    try {
      await client.query(`listen ${channel}`);
    } catch (error) {
      await client.end();
      throw error;
    }
    // Stopped meanwhile: nobody would end it, and the process would stay for its sake.
    if (this.#stopped) return client.end();
    this.#client = client;
    client.once('end', () => this.#lost());
    // It answers nothing from then on, no heartbeat either, though its socket may stay open.
    client.once('error', () => void client.end());
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => void this.#beat(client), heartbeatMilliseconds).unref();
    this.#listening = true;
    this.#forgetAll();
  }

  #lost(): void {
    this.#listening = false;
    if (this.#stopped) return;
    clearInterval(this.#heartbeat);
    this.#logger.warn('the connection for notifications was lost');
    void this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    // What is cached may have changed unheard: it is forgotten now and once more when we are back.
    this.#forgetAll();
    for (let attempt = 0; !this.#stopped; attempt += 1) {
      await pause(Math.min(longestPauseMilliseconds, 100 * 2 ** attempt), undefined, { ref: false });
      try {
        if (!this.#stopped) await this.#listen();
        return;
      } catch (error) {
        this.#logger.warn({ err: error }, 'notifications cannot be heard yet');
      }
    }
  }

  async #beat(client: pg.Client): Promise<void> {
    const timer = setTimeout(() => void client.end(), heartbeatTimeoutMilliseconds);
    // A failure shows as the end of the connection.
    await client.query('select 1').catch(() => undefined);
    clearTimeout(timer);
  }

  #forgetAll(): void {
    for (const subscriber of this.#subscribers) this.#tell(subscriber, () => subscriber.forgetAll());
  }

  #deliver(text: string): void {
    const news = parseNews(text);
    if (news === undefined) {
      this.#logger.warn('a notification that is none of ours was ignored');
      return;
    }
    for (const subscriber of this.#subscribers) {
      if (subscriber.topic === news.topic) this.#tell(subscriber, () => subscriber.changed(news.payload));
    }
  }

  /** One subscriber's fault must not keep the news from the others. */
  #tell({ topic }: Subscriber, news: () => void): void {
    try {
      news();
    } catch (error) {
      this.#logger.error({ topic, err: error }, 'a subscriber failed at a notification');
    }
  }
}

/** Anybody who may connect may notify. */
function parseNews(text: string): { topic: string; payload: string } | undefined {
  try {
    const [topic, payload] = JSON.parse(text) as unknown[];
    return typeof topic === 'string' && typeof payload === 'string' ? { topic, payload } : undefined;
  } catch {
    return undefined;
  }
}
