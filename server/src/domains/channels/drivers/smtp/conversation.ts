/**
 * Mails over one session. With PIPELINING (RFC 2920) the commands of a mail leave together, and those of the next one
 * with the content of this one: one round trip a mail.
 */
import type { Outcome } from '../../driver.ts';
import { EmailRefused } from '../../email/refused.ts';
import { SmtpFault } from './fault.ts';
import type { Job } from './job.ts';
import { outcomeAfter, outcomeBefore, outcomeOf, type Step } from './outcomes.ts';
import type { PreparedMail, PrepareMail } from './prepare.ts';
import { isPositive, type Reply } from './replies.ts';
import type { Session } from './session.ts';

/** Where jobs come from, and where one goes back to when its connection ended before it was sent. */
export interface JobSource {
  take(): Job | undefined;
  /** Only when no other connection is free for it. */
  takeAhead(): Job | undefined;
  giveBack(job: Job): void;
  /** A fault of ours. */
  couldNotCompose(error: unknown): Outcome;
}

interface Task {
  readonly job: Job;
  readonly mail: PreparedMail;
}

/** Servers count mails and end connections of their own accord after some hundreds. */
const maximumMails = 100;
/** Connections that may end before a message's content was sent: servers end many at once. Then it is a failure. */
const maximumLostConnections = 3;

const data = 'DATA\r\n';
const reset = 'RSET\r\n';

export class Conversation {
  readonly #session: Session;
  readonly #source: JobSource;
  readonly #prepare: PrepareMail;
  #mails = 0;
  /** A transaction was begun and not ended. */
  #isOpen = false;
  /** The commands of the next one left with the content of the last. */
  #isAnnounced = false;

  constructor(session: Session, source: JobSource, prepare: PrepareMail) {
    this.#session = session;
    this.#source = source;
    this.#prepare = prepare;
  }

  /** Nothing can be sent over it any more: it ended, has served long enough, or the server spoke out of turn. */
  get isOver(): boolean {
    const { connection } = this.#session;
    return connection.isBroken || this.#mails >= maximumMails || (!this.#isAnnounced && connection.hasReplies);
  }

  /** Sends until there is nothing to send or the session is over. Every job it took is settled or given back. */
  async run(): Promise<void> {
    let current: Task | undefined;
    let next: Task | undefined;
    try {
      while (!this.isOver) {
        current = next ?? (await this.#take(() => this.#source.take()));
        next = undefined;
        if (current === undefined) return;
        this.#mails += 1;
        const afterReset = !this.#isAnnounced && this.#announce(current);
        this.#isAnnounced = false;
        // Composed while the server thinks.
        if (this.#mails < maximumMails) next = await this.#take(() => this.#source.takeAhead());
        if (!(await this.#begin(current, afterReset))) continue;
        this.#isAnnounced = next !== undefined && this.#session.extensions.pipelining;
        await this.#send(current, this.#isAnnounced ? next : undefined);
      }
    } catch (error) {
      this.#end(error, [current, next]);
      return;
    }
    // The session was over although there was a next one.
    if (next !== undefined) this.#source.giveBack(next.job);
  }

  close(): void {
    this.#session.connection.quit();
  }

  /** The next job that can be sent; those that cannot are settled. */
  async #take(from: () => Job | undefined): Promise<Task | undefined> {
    for (let job = from(); job !== undefined; job = from()) {
      try {
        const mail = await this.#prepare(job.message, this.#session.extensions);
        if (!job.settled) return { job, mail };
      } catch (error) {
        job.settle(error instanceof EmailRefused ? error.outcome : this.#source.couldNotCompose(error));
      }
    }
    return undefined;
  }

  /** @returns whether the answer to RSET comes first */
  #announce(task: Task): boolean {
    if (!this.#session.extensions.pipelining) return false;
    this.#session.connection.write(this.#commands(task));
    return this.#isOpen;
  }

  #commands({ mail }: Task): string {
    return `${this.#isOpen ? reset : ''}${mail.commands.join('')}${data}`;
  }

  /** @returns whether the server waits for the content */
  async #begin(task: Task, afterReset: boolean): Promise<boolean> {
    const refusal = this.#session.extensions.pipelining
      ? await this.#readAnswers(task, afterReset)
      : await this.#askEach(task);
    if (refusal !== undefined) {
      this.#isOpen = true;
      return false;
    }
    // The process stopped meanwhile. A server that waits for content can only be left.
    if (task.job.settled) throw new SmtpFault('closed');
    return true;
  }

  async #readAnswers(task: Task, afterReset: boolean): Promise<Reply | undefined> {
    if (afterReset) await this.#read();
    const refusals = [await this.#judge(task, 'MAIL'), await this.#judge(task, 'RCPT')];
    const answer = await this.#read();
    const refusal = refusals.find((reply) => reply !== undefined);
    if (refusal === undefined) return answer.code === 354 ? undefined : this.#refuse(task, answer, 'DATA');
    if (answer.code === 354) {
      // It waits for content although nobody is to get it (RFC 2920 §3.1).
      this.#session.connection.write('.\r\n');
      await this.#read();
    }
    return refusal;
  }

  async #askEach(task: Task): Promise<Reply | undefined> {
    const { connection } = this.#session;
    if (this.#isOpen) {
      connection.write(reset);
      await this.#read();
    }
    const [mail, recipient] = task.mail.commands;
    connection.write(mail);
    const refusal = await this.#judge(task, 'MAIL');
    if (refusal !== undefined) return refusal;
    connection.write(recipient);
    const refused = await this.#judge(task, 'RCPT');
    if (refused !== undefined) return refused;
    connection.write(data);
    const answer = await this.#read();
    return answer.code === 354 ? undefined : this.#refuse(task, answer, 'DATA');
  }

  /** @returns the reply when it is a refusal; its job is settled then */
  async #judge(task: Task, step: Step): Promise<Reply | undefined> {
    const reply = await this.#read();
    return isPositive(reply) ? undefined : this.#refuse(task, reply, step);
  }

  #refuse({ job, mail }: Task, reply: Reply, step: Step): Reply {
    job.settle(outcomeOf(reply, step, mail.messageId));
    return reply;
  }

  async #send(task: Task, next: Task | undefined): Promise<void> {
    const { connection, timeouts } = this.#session;
    task.job.sent = true;
    this.#isOpen = false;
    connection.write(...task.mail.content, ...(next === undefined ? [] : [this.#commands(next)]));
    const reply = await connection.read(timeouts.content);
    task.job.settle(outcomeOf(reply, 'content', task.mail.messageId));
    if (reply.code === 421) throw new SmtpFault('closed', reply);
  }

  /** @throws SmtpFault also for 421: the server closes the connection (RFC 5321 §3.8) */
  async #read(): Promise<Reply> {
    const { connection, timeouts } = this.#session;
    const reply = await connection.read(timeouts.answer);
    if (reply.code === 421) throw new SmtpFault('closed', reply);
    return reply;
  }

  /** @throws what is no fault of the server */
  #end(error: unknown, tasks: readonly (Task | undefined)[]): void {
    this.#session.connection.destroy();
    const jobs = tasks.flatMap((task) => (task === undefined ? [] : [task.job]));
    if (!(error instanceof SmtpFault)) {
      for (const job of jobs) this.#source.giveBack(job);
      throw error;
    }
    for (const job of jobs.filter(({ settled }) => !settled)) {
      if (job.sent) {
        job.settle(outcomeAfter(error));
      } else if (error.kind === 'closed' && job.lostConnections < maximumLostConnections) {
        job.lostConnections += 1;
        this.#source.giveBack(job);
      } else {
        job.settle(outcomeBefore(error));
      }
    }
  }
}
