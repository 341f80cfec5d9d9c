/** Health of the whole server, and its background jobs: what an operator asks, and retrying what gave up. */
import type { BackgroundJob } from '../../contract/repoint-types.ts';
import {
  countJobs,
  findJob,
  type JobState,
  jobStates,
  listJobs,
  type QueuedJob,
  type QueueFilter,
  retryJob,
} from '../../jobs/index.ts';
import { toTimestamp } from '../../kernel/clock.ts';
import { badRequest, conflict, notFound } from '../../kernel/errors.ts';
import { type PagingTokens, readPage } from '../../kernel/paging.ts';
import type { Handlers } from '../../operations/call.ts';
import { type OperatorParts, requireOperator } from '../accounts/index.ts';
import { examine, type HealthParts, toCounts } from './examine.ts';

type Operation = 'GetHealth' | 'GetBackgroundJobs' | 'RetryBackgroundJob';

type Parts = HealthParts & OperatorParts & { readonly pagingTokens: PagingTokens };

export function healthOperations(parts: Parts): Handlers<Operation> {
  const { database, pagingTokens } = parts;

  return {
    async GetHealth(_input, call) {
      await requireOperator(parts, call);
      return examine(parts);
    },

    async GetBackgroundJobs({ State, JobName, ...page }, call) {
      await requireOperator(parts, call);
      const filter: QueueFilter = { state: readState(State), name: JobName };
      const { items, NextToken } = await readPage(
        pagingTokens,
        `background-jobs ${JSON.stringify(filter)}`,
        page,
        (after, limit) => listJobs(database.query, filter, after, limit),
        (last) => [last.id],
      );
      return { Item: items.map(toResponse), Counts: toCounts(await countJobs(database.query)), NextToken };
    },

    async RetryBackgroundJob({ JobId }, call) {
      await requireOperator(parts, call);
      const id = /^[0-9]{1,15}$/.test(JobId) ? Number(JobId) : undefined;
      if (id === undefined) throw notFound('There is no such job; what is done is not kept');
      return call.transaction(async (tx) => {
        const retried = await retryJob(tx, id);
        const job = await findJob(tx, id);
        if (job === undefined) throw notFound('There is no such job; what is done is not kept');
        if (!retried) throw conflict('The job is running');
        return toResponse(job);
      });
    },
  };
}

function readState(text: string | undefined): JobState | undefined {
  const state = jobStates.find((each) => each === text);
  if (text !== undefined && state === undefined) throw badRequest(`state must be one of ${jobStates.join(', ')}`);
  return state;
}

function toResponse(job: QueuedJob): BackgroundJob {
  return {
    ...{ JobId: String(job.id), JobName: job.name, State: job.state },
    ...{ Attempts: job.attempts, MaxAttempts: job.maxAttempts },
    ...(job.reason !== null && { Reason: job.reason }),
    ...(job.queue !== null && { QueueName: job.queue }),
    ...{ CreationDate: toTimestamp(job.createdAt), RunTime: toTimestamp(job.runAt) },
    ...(job.startedAt !== null && { StartTime: toTimestamp(job.startedAt) }),
  };
}
