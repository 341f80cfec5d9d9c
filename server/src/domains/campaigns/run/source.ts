/**
 * The recipients of one range of a slice, for `workRun`: pages are read, judged and composed ahead of the transaction that
 * claims them, so that the database and this process work at the same time.
 */
import { type Lease, readInKeyOrder, type Transaction } from '../../../database/index.ts';
import { endpointKey, findEndpoints } from '../../audience/index.ts';
import {
  type NextRecipients,
  type Pipeline,
  RateBudget,
  type RoutedSend,
  type RunSource,
  type UnsettledSend,
} from '../../messaging/index.ts';
import type { Source } from '../../segments/index.ts';
import { withinCaps } from './caps.ts';
import { enricher } from './enrich.ts';
import { type PageWanted, type Place, readPage, type ZoneFilter } from './enumerate.ts';
import { type JudgeContext, nothingReceived } from './judge.ts';
import type { OpenRun } from './open-run.ts';
import { decide, decided, judgeOne, type PageContext, type PreparedPage, withoutDuplicates } from './page.ts';
import { pageContext } from './page-context.ts';
import type { RunParts } from './parts.ts';
import { toResend } from './resend.ts';
import { writePage } from './write-page.ts';

const pageSize = 500;
/** All ranges begin at once: each with little, so that the first messages leave soon. */
const firstPageSize = 50;
/** A page that had to wait longer is read again: it may be night by now. */
const staleMilliseconds = 5_000;
/** Where a campaign sets no end: a provider that is down for longer fails the message. */
const longestRetryMilliseconds = 24 * 3600 * 1000;

export interface SliceOfRun {
  readonly open: OpenRun;
  readonly segment: Source;
  readonly zones: ZoneFilter | null;
  /** `zone` of local time; undefined: everybody is due. */
  readonly zone: JudgeContext['zone'];
  /** `MaximumDuration` after the slice's moment. */
  readonly expiresAt: Date | undefined;
}

interface Page extends PreparedPage {
  readonly context: PageContext;
  readonly after: Place | null;
  readonly preparedAt: number;
}

interface Prepared {
  readonly cursor: string;
  readonly page: Promise<Page>;
}

export class SliceSource implements RunSource {
  readonly run;
  readonly deadline: Date;
  readonly admit?: (messages: number, signal: AbortSignal) => Promise<void>;
  readonly #parts: RunParts;
  readonly #slice: SliceOfRun;
  readonly #lease: Lease;
  readonly #pageSize: number;
  readonly #signal: AbortSignal;
  #prepared: Prepared | undefined;
  #following: Prepared | undefined;
  /** Decided in this transaction, written once the claims have answered. */
  #writing: Page | undefined;

  /** @param signal ends calls of hooks */
  constructor(parts: RunParts, slice: SliceOfRun, lease: Lease, signal: AbortSignal) {
    this.#parts = parts;
    this.#slice = slice;
    this.#lease = lease;
    this.#signal = signal;
    this.run = slice.open.run;
    this.deadline = slice.expiresAt ?? new Date(parts.clock.now().getTime() + longestRetryMilliseconds);
    const { messagesPerSecond } = slice.open.limits;
    if (messagesPerSecond === undefined) this.#pageSize = pageSize;
    else {
      const budget = new RateBudget(
        parts.database.query,
        `campaign/${this.run.projectNumber}/${this.run.id}`,
        messagesPerSecond,
      );
      this.#pageSize = Math.min(pageSize, budget.portion);
      this.admit = (messages, signal) => budget.take(messages, signal);
    }
  }

  /** Ready when it resolves, and of this moment. */
  async prepare(cursor: unknown): Promise<void> {
    const { preparedAt } = await this.#pageBehind(cursor);
    if (this.#parts.clock.now().getTime() - preparedAt < staleMilliseconds) return;
    this.#prepared = undefined;
    await this.#pageBehind(cursor);
  }

  async next(tx: Transaction, _lease: Lease, cursor: unknown): Promise<NextRecipients> {
    const page = await this.#pageBehind(cursor);
    if (page.after === null) return { sends: [], cursor };
    this.#readAhead(page.after);
    const { decisions, others } = await withoutDuplicates(tx, page.context, page);
    // Other campaigns may have sent since the page was prepared.
    const capped = await withinCaps(tx, page.context.open, decisions, () => page.context);
    const written = { ...page, decisions: capped, others };
    const sends = capped.flatMap(({ send }) => send ?? []);
    if (sends.length > 0) this.#writing = written;
    else await writePage(tx, this.#parts, { page: written, verdicts: [], part: this.#lease.firstBucket });
    return { sends, cursor: page.after, goesOn: true };
  }

  async judged(
    tx: Transaction,
    _sends: readonly RoutedSend[],
    verdicts: Awaited<ReturnType<Pipeline['claim']>>,
  ): Promise<void> {
    const page = this.#writing as Page;
    await writePage(tx, this.#parts, { page, verdicts, part: this.#lease.firstBucket });
  }

  /** Judged once more, but for what was counted when they were claimed. */
  async again(unsettled: readonly UnsettledSend[]) {
    if (unsettled.length === 0) return [];
    const { projectNumber } = this.run;
    const keys = unsettled.map(({ recipient }) => endpointKey(projectNumber, recipient));
    const found = await findEndpoints(this.#parts.database.query, keys);
    const endpoints = found.map((endpoint) => endpoint && { ...endpoint, received: nothingReceived });
    const there = endpoints.filter((endpoint) => endpoint !== undefined);
    const context = await this.#context(there.map(({ channelType }) => channelType));
    // Its cohort may have become another run's when the campaign was changed: the claim stays this run's.
    const judged = there.map((endpoint) => judgeOne(context, endpoint, this.#slice.open.cohortOf(endpoint.id) ?? '0'));
    const toSend = judged.filter(({ judgement }) => judgement === 'SEND');
    const enriched = await enricher(this.#parts, this.#slice.open, this.#signal)(toSend);
    const attempts = new Map(unsettled.map((each) => [each.recipient, each.attempts]));
    return judged.map((each) => ({
      ...toResend(context, decided(context, each, enriched(each.endpoint))),
      attempts: attempts.get(each.endpoint.id) ?? 0,
    }));
  }

  #pageBehind(cursor: unknown): Promise<Page> {
    const key = JSON.stringify(cursor);
    if (this.#following?.cursor === key) {
      this.#prepared = this.#following;
      this.#following = undefined;
    }
    if (this.#prepared?.cursor !== key) this.#prepared = this.#begin(cursor as Place | null);
    return this.#prepared.page;
  }

  #readAhead(cursor: Place): void {
    if (this.#following?.cursor === JSON.stringify(cursor)) return;
    this.#following = this.#begin(cursor);
    // Whoever asks for it hears of its fault; should nobody, it is none.
    this.#following.page.catch(() => undefined);
  }

  #begin(cursor: Place | null): Prepared {
    return { cursor: JSON.stringify(cursor), page: this.#read(cursor) };
  }

  async #read(cursor: Place | null): Promise<Page> {
    const { open, segment, zones } = this.#slice;
    const now = this.#parts.clock.now();
    const wanted: PageWanted = {
      ...{ projectNumber: this.run.projectNumber, campaignId: open.stored.campaignId, limits: open.limits, zones },
      ...{ range: this.#lease, after: cursor, now },
      limit: cursor === null ? Math.min(firstPageSize, this.#pageSize) : this.#pageSize,
    };
    const endpoints = await readInKeyOrder(this.#parts.database, (tx) => readPage(tx, segment, wanted));
    const context = await this.#context(endpoints.map(({ channelType }) => channelType));
    const last = endpoints.at(-1);
    const after: Place | null = last === undefined ? null : [last.bucket, last.id];
    const page = await decide(context, endpoints, enricher(this.#parts, open, this.#signal));
    return { ...page, context, after, preparedAt: this.#parts.clock.now().getTime() };
  }

  #context(channelTypes: readonly (string | null)[]): Promise<PageContext> {
    const { open, zone, expiresAt } = this.#slice;
    return pageContext(this.#parts, open, { channelTypes, zone, expiresAt });
  }
}
