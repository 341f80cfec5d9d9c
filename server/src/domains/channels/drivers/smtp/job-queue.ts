/** Jobs that wait for a connection, first come first served. Those that were settled meanwhile are passed over. */
import type { Job } from './job.ts';

export class JobQueue {
  #jobs: Job[] = [];
  /** Of the next one: `shift` of a long array moves all that follow. */
  #position = 0;

  get size(): number {
    this.#skipSettled();
    return this.#jobs.length - this.#position;
  }

  add(job: Job): void {
    this.#jobs.push(job);
  }

  addFirst(job: Job): void {
    if (this.#position > 0) {
      this.#position -= 1;
      this.#jobs[this.#position] = job;
    } else {
      this.#jobs.unshift(job);
    }
  }

  take(): Job | undefined {
    this.#skipSettled();
    const job = this.#jobs[this.#position];
    if (job === undefined) return undefined;
    this.#position += 1;
    if (this.#position >= 1000) {
      this.#jobs = this.#jobs.slice(this.#position);
      this.#position = 0;
    }
    return job;
  }

  #skipSettled(): void {
    while (this.#jobs[this.#position]?.settled === true) this.#position += 1;
    if (this.#position >= this.#jobs.length) {
      this.#jobs = [];
      this.#position = 0;
    }
  }
}
