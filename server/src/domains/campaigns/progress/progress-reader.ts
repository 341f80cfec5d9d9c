/**
 * Who watches a campaign's runs in this process: however many they are, the database is asked once a second. Counts come
 * from all nodes, so it does not matter which one is asked.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { CampaignProgress } from '../../../contract/repoint-types.ts';
import type { Database } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { ServerSentEvent } from '../../../operations/event-stream.ts';
import { countMembers, findSource } from '../../segments/index.ts';
import type { CampaignKey } from '../campaign.ts';
import { findCampaign } from '../store.ts';
import { describeRun, isUnderWay, type Sample, sampleOf } from './progress.ts';
import { observeRuns, type RunOfCampaign } from './store.ts';

const intervalMilliseconds = 1_000;
/** Rates are those of the last seconds. */
const windowMilliseconds = 10_000;
/** What is remembered of runs, between one look and the next. */
const mostRuns = 1_000;

interface Seen {
  samples: readonly Sample[];
  /** Undefined: not counted yet, or the segment is gone. */
  readonly expected: Promise<number | undefined>;
}

interface Look {
  readonly at: number;
  readonly progress: Promise<CampaignProgress | undefined>;
}

export class ProgressReader {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #runs = new Map<string, Seen>();
  readonly #looks = new Map<string, Look>();

  constructor({ database, clock }: { readonly database: Database; readonly clock: Clock }) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Undefined when there is no such campaign, or when it was deleted. */
  read(key: CampaignKey): Promise<CampaignProgress | undefined> {
    const name = `${key.projectNumber} ${key.id}`;
    const before = this.#looks.get(name);
    const at = performance.now();
    if (before !== undefined && at - before.at < intervalMilliseconds / 2) return before.progress;
    const look = { at, progress: this.#look(key) };
    this.#looks.set(name, look);
    const forget = () => {
      if (this.#looks.get(name) === look) this.#looks.delete(name);
    };
    look.progress.then(() => setTimeout(forget, intervalMilliseconds).unref(), forget);
    return look.progress;
  }

  /**
   * One event whenever something changed; the last is called `end`: no run is under way any more, or the campaign is gone.
   * Of a campaign that waits for its first run, that run is waited for.
   */
  async *watch(key: CampaignKey, signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
    let sawRun = false;
    let told = '';
    let last: CampaignProgress = { CampaignId: key.id, State: 'DELETED', Runs: [] };
    while (!signal.aborted) {
      const progress = await this.read(key);
      const running = progress?.Runs.some(({ State }) => isUnderWay(State as RunOfCampaign['state'])) === true;
      sawRun ||= running;
      last = progress ?? { ...last, State: 'DELETED' };
      if (progress === undefined || (!running && (sawRun || !isBeforeRun(progress)))) {
        yield { event: 'end', data: last };
        return;
      }
      const text = JSON.stringify(progress);
      if (text !== told) yield { event: 'progress', data: progress };
      told = text;
      await pause(intervalMilliseconds, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(key: CampaignKey): Promise<CampaignProgress | undefined> {
    const { query } = this.#database;
    const [campaign, runs] = await Promise.all([findCampaign(query, key), observeRuns(query, key)]);
    if (campaign === undefined) return undefined;
    const now = this.#clock.now();
    const Runs = await Promise.all(
      runs.map(async (run) => {
        if (!isUnderWay(run.state)) return describeRun(run, now, { before: undefined, expected: undefined });
        const seen = this.#seen(key, run);
        const before = seen.samples.find(({ at }) => at >= now.getTime() - windowMilliseconds);
        const shown = describeRun(run, now, { before, expected: await seen.expected });
        seen.samples = [
          ...seen.samples.filter(({ at }) => at >= now.getTime() - windowMilliseconds),
          sampleOf(run, now),
        ];
        return shown;
      }),
    );
    return { CampaignId: campaign.id, State: campaign.state, Runs };
  }

  #seen(key: CampaignKey, run: RunOfCampaign): Seen {
    const known = this.#runs.get(run.id);
    if (known !== undefined) return known;
    const seen: Seen = { samples: [], expected: this.#countSegment(key, run) };
    seen.expected.catch(() => this.#runs.delete(run.id));
    this.#runs.set(run.id, seen);
    for (const oldest of this.#runs.keys()) {
      if (this.#runs.size <= mostRuns) break;
      this.#runs.delete(oldest);
    }
    return seen;
  }

  async #countSegment(
    { projectNumber }: CampaignKey,
    { kind, segmentId, segmentVersion }: RunOfCampaign,
  ): Promise<number | undefined> {
    if (kind === 'EVENT') return undefined;
    const { query } = this.#database;
    const segment = await findSource(query, projectNumber, segmentId, segmentVersion);
    if (segment === undefined) return undefined;
    return (await countMembers(query, segment, { projectNumber, now: this.#clock.now() })).total;
  }
}

/** Its first run is still to come. */
function isBeforeRun({ State, Runs }: CampaignProgress): boolean {
  return Runs.length === 0 && (State === 'SCHEDULED' || State === 'EXECUTING');
}
