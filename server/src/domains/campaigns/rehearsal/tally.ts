/** What a rehearsal adds up to, by everything that it is asked about. Pure. */
import type { CampaignRehearsal } from '../../../contract/repoint-types.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { minuteOfDayIn } from '../schedule/local-time.ts';

/** What would become of one endpoint. */
export interface Fate {
  /** `SEND`, or why not. */
  readonly judgement: string;
  readonly channelType: string | null;
  /** `0` to `4`, or `HOLDOUT`. */
  readonly cohort: string;
  readonly timeZone: string | undefined;
  /** When it would be written to. */
  readonly at: Date;
  /** Each hour is one of its zones'. */
  readonly isLocal: boolean;
}

interface Both {
  messages: number;
  skipped: Map<string, number>;
}

type Totals = Pick<CampaignRehearsal, 'Total' | 'Messages' | 'Skipped' | 'Channels' | 'LocalHours' | 'Times'>;

export interface TreatmentTotals {
  readonly messages: number;
  readonly skipped: Readonly<Record<string, number>>;
}

const unknownHour = -1;

export class RehearsalTally {
  readonly #all = newBoth();
  readonly #channels = new Map<string | null, Both>();
  readonly #cohorts = new Map<string, Both>();
  readonly #hours = new Map<number, number>();
  readonly #times = new Map<number, { messages: number; zones: Set<string> }>();

  add({ judgement, channelType, cohort, timeZone, at, isLocal }: Fate): void {
    for (const both of [this.#all, within(this.#channels, channelType), within(this.#cohorts, cohort)]) {
      if (judgement === 'SEND') both.messages += 1;
      else count(both.skipped, judgement);
    }
    if (judgement !== 'SEND') return;
    const minutes = timeZone === undefined ? undefined : minuteOfDayIn(timeZone, at);
    count(this.#hours, minutes === undefined ? unknownHour : Math.floor(minutes / 60));
    const time = this.#times.get(at.getTime()) ?? { messages: 0, zones: new Set<string>() };
    this.#times.set(at.getTime(), time);
    time.messages += 1;
    if (isLocal && timeZone !== undefined) time.zones.add(timeZone);
  }

  /** @param share of the segment that was added: the counts are made those of the whole */
  totals(share: number): Totals {
    const whole = (part: number) => Math.round(part / share);
    const skipped = this.#shown(this.#all, share).skipped;
    const Messages = whole(this.#all.messages);
    return {
      Total: Messages + sumOf(Object.values(skipped)),
      Messages,
      Skipped: skipped,
      Channels: [...this.#channels].toSorted(byName).map(([channelType, both]) => ({
        ...(channelType !== null && { ChannelType: channelType }),
        Messages: whole(both.messages),
        Skipped: sumOf(Object.values(this.#shown(both, share).skipped)),
      })),
      LocalHours: [...this.#hours].toSorted(byNumber).map(([hour, messages]) => ({
        ...(hour !== unknownHour && { Hour: hour }),
        Messages: whole(messages),
      })),
      Times: [...this.#times].toSorted(byNumber).map(([at, { messages, zones }]) => ({
        At: toTimestamp(new Date(at)),
        ...(zones.size > 0 && { TimeZones: [...zones].toSorted() }),
        Messages: whole(messages),
      })),
    };
  }

  ofCohort(cohort: string, share: number): TreatmentTotals {
    return this.#shown(this.#cohorts.get(cohort) ?? newBoth(), share);
  }

  #shown({ messages, skipped }: Both, share: number): TreatmentTotals {
    const inOrder = [...skipped].toSorted(byName).map(([reason, of]) => [reason, Math.round(of / share)]);
    return { messages: Math.round(messages / share), skipped: Object.fromEntries(inOrder) };
  }
}

function newBoth(): Both {
  return { messages: 0, skipped: new Map() };
}

function within<Key>(map: Map<Key, Both>, key: Key): Both {
  const both = map.get(key) ?? newBoth();
  map.set(key, both);
  return both;
}

function count<Key>(map: Map<Key, number>, key: Key): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, each) => sum + each, 0);
}

function byName([one]: readonly [string | null, unknown], [other]: readonly [string | null, unknown]): number {
  return (one ?? '') < (other ?? '') ? -1 : 1;
}

function byNumber([one]: readonly [number, unknown], [other]: readonly [number, unknown]): number {
  return one - other;
}
