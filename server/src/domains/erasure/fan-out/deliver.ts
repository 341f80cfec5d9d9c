/** Brings one message to whoever is told: signed, never into closed networks, tried again when it was not taken. */
import type { Database } from '../../../database/index.ts';
import { handleJob, type JobHandler } from '../../../jobs/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { OutgoingFault, type OutgoingHttp } from '../../../outgoing/http.ts';
import { findNotice, type Notice, type NoticeKind, noteAttempt, noticeAttempts, noticeJob } from './notice.ts';

export interface NoticeMessage {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Undefined: there is nobody to tell any more. */
export type NoticeWriter = (notice: Notice, now: Date) => Promise<NoticeMessage | undefined>;

export interface DeliveryParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly http: OutgoingHttp;
  readonly writers: Readonly<Record<NoticeKind, NoticeWriter>>;
}

/** Nobody took it, yet: the job is tried again. */
class NoticeNotTaken extends Error {
  constructor(fault: string) {
    super(`A notice of an erasure was not taken: ${fault}`);
    this.name = 'NoticeNotTaken';
  }
}

export function noticeJobs(parts: DeliveryParts): JobHandler[] {
  const { database, clock } = parts;
  return [
    handleJob(noticeJob, async (key, { attempt, signal }) => {
      const notice = await findNotice(database.query, key);
      if (notice === undefined || notice.state !== 'PENDING') return;
      const outcome = await deliver(parts, notice, signal);
      signal.throwIfAborted();
      const { fault = null, isFinal = false } = outcome;
      const hasFailed = fault !== null && (isFinal || attempt >= noticeAttempts);
      const state = fault === null ? 'DELIVERED' : hasFailed ? 'FAILED' : 'PENDING';
      await noteAttempt(database.query, notice, { state, fault, now: clock.now() });
      if (fault !== null && !hasFailed) throw new NoticeNotTaken(fault);
    }),
  ];
}

interface Outcome {
  /** Without it, it was taken. */
  readonly fault?: string;
  /** Trying again would not help. */
  readonly isFinal?: boolean;
}

const finalKinds = new Set(['refused address', 'invalid address']);

async function deliver({ http, writers, clock }: DeliveryParts, notice: Notice, signal: AbortSignal): Promise<Outcome> {
  const message = await writers[notice.kind](notice, clock.now());
  if (message === undefined) return { fault: 'nobody is told any more', isFinal: true };
  const headers = { 'content-type': 'application/json', ...message.headers };
  try {
    const { status } = await http.request({ method: 'POST', url: notice.url, headers, body: message.body, signal });
    return status >= 200 && status < 300 ? {} : { fault: `status ${status}` };
  } catch (error) {
    if (!(error instanceof OutgoingFault)) throw error;
    return { fault: error.kind, isFinal: finalKinds.has(error.kind) };
  }
}
