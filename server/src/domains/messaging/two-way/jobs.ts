/** Jobs of two-way SMS: answers, publishing, and the end of what is older than thirty days. */
import { type Cron, handleJob, type JobHandler } from '../../../jobs/index.ts';
import { type AnswerParts, answerMessage } from './answer.ts';
import { deleteInboundBefore } from './inbound-store.ts';
import { answerInboundMessage, publishInboundMessage, sweepInboundMessages } from './job-definitions.ts';
import { type PublishParts, publishMessage } from './publish.ts';

const keepMilliseconds = 30 * 24 * 3600 * 1000;

export type TwoWayJobParts = AnswerParts & PublishParts;

export function twoWayJobs(parts: TwoWayJobParts): JobHandler[] {
  const { database, clock } = parts;
  return [
    handleJob(answerInboundMessage, ({ inboundId }, job) => answerMessage(parts, inboundId, job)),
    handleJob(publishInboundMessage, ({ inboundId, destination }, job) =>
      publishMessage(parts, inboundId, destination, job),
    ),
    handleJob(sweepInboundMessages, (_payload, { signal }) =>
      deleteInboundBefore(database, new Date(clock.now().getTime() - keepMilliseconds), signal),
    ),
  ];
}

export const twoWayCrons: readonly Cron[] = [{ job: sweepInboundMessages, match: '37 * * * *' }];
