/** What a job is: a name, the shape of its payload, and what it does. */

/** Ids of what the job is about, never addresses or content: payloads and failures stay in the queue. */
export type JobPayload = Readonly<Record<string, string | number | boolean | null>>;

/** Known to whoever enqueues; what the job does is joined to it by `handleJob`. */
export interface JobDefinition<Payload extends JobPayload> {
  /** `domain/what`, fixed for ever: jobs of former versions wait in the queue. */
  readonly name: string;
  /** @throws when a payload, perhaps of a former version, is not one of this job */
  readonly validate: (payload: unknown) => Payload;
}

export interface RunningJob {
  readonly id: string;
  /** 1 at the first run. */
  readonly attempt: number;
  /** Aborted when the process is to stop. `throwIfAborted()` at a safe point; the job runs again later. */
  readonly signal: AbortSignal;
}

export interface JobHandler {
  readonly name: string;
  /** Runs at least once, so it must stand being run again after a kill. */
  run(payload: unknown, job: RunningJob): Promise<void>;
}

export interface Cron {
  readonly job: JobDefinition<JobPayload>;
  /** Five fields, UTC: minute, hour, day, month, weekday. */
  readonly match: string;
  readonly payload?: JobPayload;
}

/**
 * @example
 * const closeSessions = defineJob('accounts/close sessions', (payload) => ({ userNumber: Number(field(payload, 'userNumber')) }));
 */
export function defineJob<Payload extends JobPayload>(
  name: string,
  validate: (payload: unknown) => Payload,
): JobDefinition<Payload> {
  return { name, validate };
}

export function handleJob<Payload extends JobPayload>(
  definition: JobDefinition<Payload>,
  run: (payload: Payload, job: RunningJob) => Promise<void>,
): JobHandler {
  return { name: definition.name, run: (payload, job) => run(definition.validate(payload), job) };
}
