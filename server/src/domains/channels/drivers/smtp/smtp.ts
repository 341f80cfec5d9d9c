/** SMTP (RFC 5321): mails through a server of the operator's or the user's own. */
import type { Driver, DriverKind, DriverParts } from '../../driver.ts';
import { readFeedbackForm } from '../../email/feedback.ts';
import { checkSignedBody } from '../../signed-body.ts';
import { watchStop } from '../delivery/stop.ts';
import { Job } from './job.ts';
import { SmtpPool } from './pool.ts';
import { createPreparer } from './prepare.ts';
import { defaultTimeouts, openSession, type Timeouts } from './session.ts';
import { readSettings, type SmtpSettings, showSettings } from './settings.ts';

export const smtpKind: DriverKind<SmtpSettings> = {
  kind: 'SMTP',
  channelTypes: ['EMAIL'],
  readSettings,
  show: showSettings,
  open: (settings, parts) => openSmtp(settings, parts),

  /** A mail server tells nothing by itself: whoever reads its log or its bounces posts them, signed (`email/feedback.ts`). */
  async readCallback({ callbackSecret }, { headers, body }, { clock }) {
    checkSignedBody(callbackSecret, headers['x-repoint-signature'], body);
    return { news: readFeedbackForm(body, clock.now()), status: 204 };
  },
};

/** @param timeouts tests are in a hurry */
export function openSmtp(
  settings: SmtpSettings,
  { networks, clock, logger }: DriverParts,
  timeouts: Timeouts = defaultTimeouts,
): Driver {
  const pool = new SmtpPool({
    connections: settings.connections,
    idleMilliseconds: timeouts.idle,
    openSession: (signal) => openSession(settings, networks, timeouts, signal),
    prepare: createPreparer(settings, clock),
    logger,
  });
  return {
    tellsReceipts: settings.callbackSecret !== undefined,
    limits: {
      batch: 200,
      // One waits in the queue while the other is answered.
      concurrency: 4,
      inFlight: settings.connections,
      ...(settings.messagesPerSecond !== undefined && { messagesPerSecond: settings.messagesPerSecond }),
    },
    async deliver(messages, report, signal) {
      const settled = messages.map((message) => {
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        const job = new Job(message, (outcome) => {
          try {
            resolve(report(message, outcome));
          } catch (error) {
            reject(error);
          }
        });
        return { job, promise };
      });
      const jobs = settled.map(({ job }) => job);
      const stop = watchStop(signal, {
        onAborted: () => jobs.forEach((job) => void job.stop()),
        onOver: () => jobs.forEach((job) => void job.giveUp()),
      });
      pool.add(jobs);
      const reported = await Promise.allSettled(settled.map(({ promise }) => promise));
      stop.forget();
      // The connections go on; what the caller's own function threw is the caller's.
      for (const result of reported) if (result.status === 'rejected') throw result.reason;
    },
    close: () => pool.close(),
  };
}
