/** What every long-lived part of the process promises, so that `main.ts` can start and stop them alike. */
export interface Service {
  readonly name: string;
  /** Begins work; resolves when the part is ready to serve. */
  run(): Promise<void>;
  /** Takes no new work and resolves when what was begun has ended or stands at a safe point. */
  drain(): Promise<void>;
  /** Releases everything. Called after `drain`, also when `run` failed half-way. */
  stop(): Promise<void>;
}
