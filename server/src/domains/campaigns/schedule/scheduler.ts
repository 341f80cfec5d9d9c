/**
 * Makes the runs that are due, on nodes with the role scheduler. It sleeps until the next one is, or until it hears that
 * schedules have changed, and looks at the clock every second whatever it was told: clocks jump, and news get lost. Any
 * number of schedulers may work at once: each works on a campaign whose row it has locked, and a slot has one run.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Database, Notifications, Transaction } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { Service } from '../../../kernel/service.ts';
import { type Campaign, type CampaignKey, treatmentsOfSchedule } from '../campaign.ts';
import { createRun } from '../run/create.ts';
import { limitsOf } from '../run/plan.ts';
import { findCampaign } from '../store.ts';
import { closeWindow } from '../triggers/window.ts';
import { type DuePlan, type PlannedSchedule, planDue } from './plan.ts';
import { schedulesTopic, settleState } from './schedules.ts';
import { frequencyOf } from './slots.ts';
import { deleteSchedules, lockDue, nextDue, readSchedules, writeSchedule } from './store.ts';

export interface CampaignSchedulerParts {
  readonly database: Database;
  readonly notifications: Notifications;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A clock may jump meanwhile. */
const longestSleepMilliseconds = 1_000;
/** Something is due that somebody else has locked. */
const busyMilliseconds = 50;
/** A campaign that cannot be run must not hold up the others. */
const failedMilliseconds = 5_000;
/** Many campaigns have the full hour as their slot. */
const takers = 4;

export class CampaignScheduler implements Service {
  readonly name = 'campaign scheduler';
  readonly #parts: CampaignSchedulerParts;
  /** Campaigns that failed, and when they are tried again. */
  readonly #failed = new Map<string, number>();
  readonly #ending = new AbortController();
  #sleep = new AbortController();
  #news = false;
  #working: Promise<void> = Promise.resolve();

  constructor(parts: CampaignSchedulerParts) {
    this.#parts = parts;
    const wake = () => {
      this.#news = true;
      this.#sleep.abort();
    };
    parts.notifications.subscribe({ topic: schedulesTopic, changed: wake, forgetAll: wake });
    this.#ending.signal.addEventListener('abort', wake);
  }

  async run(): Promise<void> {
    this.#working = this.#work();
  }

  async drain(): Promise<void> {
    this.#ending.abort();
    await this.#working;
  }

  async stop(): Promise<void> {
    await this.drain();
  }

  async #work(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      this.#news = false;
      let milliseconds = longestSleepMilliseconds;
      try {
        milliseconds = await this.#makeRuns();
      } catch (error) {
        if (!this.#ending.signal.aborted) {
          this.#parts.logger.warn({ err: error }, 'campaigns that are due cannot be begun at the moment');
        }
      }
      await this.#rest(milliseconds);
    }
  }

  async #rest(milliseconds: number): Promise<void> {
    this.#sleep = new AbortController();
    if (this.#news) return;
    // Cut short by news.
    await pause(milliseconds, undefined, { signal: this.#sleep.signal }).catch(() => undefined);
  }

  /** @returns how long there is nothing to do */
  async #makeRuns(): Promise<number> {
    const { database, clock } = this.#parts;
    const next = await nextDue(database.query, this.#failing());
    if (next === undefined) return longestSleepMilliseconds;
    const wait = next.getTime() - clock.now().getTime();
    if (wait > 0) return Math.min(wait, longestSleepMilliseconds);
    const taken = await Promise.all(Array.from({ length: takers }, () => this.#takeAll()));
    return taken.some((some) => some) ? 0 : busyMilliseconds;
  }

  /** @returns whether there was any */
  async #takeAll(): Promise<boolean> {
    for (let some = false; ; some = true) {
      if (this.#ending.signal.aborted || !(await this.#takeOne())) return some;
    }
  }

  async #takeOne(): Promise<boolean> {
    const { database, clock, logger } = this.#parts;
    let key: CampaignKey | undefined;
    try {
      return await database.transaction(async (tx) => {
        const now = clock.now();
        key = await lockDue(tx, now, this.#failing());
        if (key !== undefined) await this.#advance(tx, key, now);
        return key !== undefined;
      });
    } catch (error) {
      if (key === undefined) throw error;
      logger.error({ campaign: key.id, err: error }, 'a campaign that is due could not be begun; it is tried again');
      this.#failed.set(textOf(key), clock.now().getTime() + failedMilliseconds);
      return true;
    }
  }

  async #advance(tx: Transaction, key: CampaignKey, now: Date): Promise<void> {
    const campaign = await findCampaign(tx, key);
    if (campaign === undefined || campaign.state === 'DELETED' || campaign.state === 'INVALID') {
      // Its project may be gone.
      await deleteSchedules(tx, key);
      return;
    }
    const { maximumSeconds } = limitsOf(campaign);
    for (const schedule of await readSchedules(tx, key)) {
      if (schedule.nextRunAt === null || schedule.nextRunAt > now) continue;
      const plan = planDue(schedule, now, { isPaused: campaign.isPaused, maximumDuration: maximumSeconds });
      await writeSchedule(tx, key, await this.#follow(tx, campaign, plan, now));
    }
    await settleState(tx, key);
  }

  /** @returns the schedule as it stands then */
  async #follow(tx: Transaction, campaign: Campaign, plan: DuePlan, now: Date): Promise<PlannedSchedule> {
    const { run, closes, missed, schedule } = plan;
    if (missed) this.#parts.logger.warn({ campaign: campaign.id }, 'slots of a campaign were missed and are left out');
    const isInApp = frequencyOf(schedule.timing) === 'IN_APP_EVENT';
    if (run !== undefined && !isInApp) {
      const kind = frequencyOf(schedule.timing) === 'EVENT' ? 'EVENT' : 'SCHEDULED';
      const treatments = treatmentsOfSchedule(campaign.definition, schedule.treatmentId);
      await createRun(tx, campaign, {
        treatments,
        scheduledStart: run.slot,
        kind,
        ...(run.local && { local: run.local }),
      });
    }
    if (!closes || isInApp) return schedule;
    const again = await closeWindow(tx, campaign, schedule, now);
    return again === undefined ? schedule : { ...schedule, nextRunAt: again };
  }

  #failing(): string[] {
    const now = this.#parts.clock.now().getTime();
    for (const [key, until] of this.#failed) if (until <= now) this.#failed.delete(key);
    return [...this.#failed.keys()];
  }
}

function textOf({ projectNumber, id }: CampaignKey): string {
  return `${projectNumber}/${id}`;
}
