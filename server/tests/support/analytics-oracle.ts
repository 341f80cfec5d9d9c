/** A recount of events in plain TypeScript, one by one, for what analytics is held against. */
import type { NewEvent } from '../../src/domains/events/index.ts';

const day = 24 * 3600 * 1000;
const hour = 3600 * 1000;

export function timeOf({ record }: NewEvent): number {
  return Math.min(Math.max(record.event_timestamp, record.arrival_timestamp - 90 * day), record.arrival_timestamp);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

export function dateIn(zone: string, milliseconds: number): string {
  const known = formatters.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  formatters.set(zone, known);
  return known.format(milliseconds);
}

const endpointOf = (event: NewEvent) => (event.endpointId as string).toLowerCase();

function contextOf({ record }: NewEvent): { User?: { UserId?: string }; Demographic?: { Platform?: string } } {
  const custom = record.client_context?.custom;
  return custom !== undefined && 'endpoint' in custom ? JSON.parse(custom.endpoint) : {};
}

export const userOf = (event: NewEvent) => contextOf(event).User?.UserId;
export const platformOf = (event: NewEvent) => contextOf(event).Demographic?.Platform;

interface MailDocument {
  readonly message_id?: string;
  readonly destination?: readonly string[];
}

const isOfApp = ({ record: { event_type: type } }: NewEvent) =>
  !/^_(email|SMS|campaign\.send|journey\.send)/.test(type);

export class Recount {
  readonly #events: readonly NewEvent[];
  readonly #app: readonly NewEvent[];

  constructor(events: readonly NewEvent[]) {
    this.#events = events;
    this.#app = events.filter(isOfApp);
  }

  /** How many of a type on a day of a time zone. */
  eventsOn(type: string, date: string, zone: string): number {
    return this.#app.filter((event) => event.record.event_type === type && dateIn(zone, timeOf(event)) === date).length;
  }

  /** Distinct ones of a range of UTC days, `last` included. */
  active(whose: 'endpoint' | 'user', first: string, last: string): number {
    const within = this.#app.filter((event) => {
      const date = dateIn('UTC', timeOf(event));
      return date >= first && date <= last;
    });
    return new Set(within.map(whose === 'endpoint' ? endpointOf : userOf).filter((id) => id !== undefined)).size;
  }

  firstDays(): Map<string, string> {
    const days = new Map<string, string>();
    for (const event of this.#app) {
      const date = dateIn('UTC', timeOf(event));
      const before = days.get(endpointOf(event));
      if (before === undefined || date < before) days.set(endpointOf(event), date);
    }
    return days;
  }

  /** Of those whose first day is `cohort`, how many were there on a day. */
  cohort(cohort: string, date: string): number {
    const first = this.firstDays();
    const there = this.#app.filter((event) => dateIn('UTC', timeOf(event)) === date).map(endpointOf);
    return new Set(there.filter((id) => first.get(id) === cohort)).size;
  }

  purchases() {
    return this.#app.filter(({ record }) => record.event_type === '_monetization.purchase');
  }

  /** Clock hours in which somebody opened a mail of that sending date, by mail and address. */
  opensOf(date: string): number {
    const opens = this.#events.filter(
      (event) => event.record.event_type === '_email.open' && dateIn('UTC', timeOf(event)) === date,
    );
    return new Set(
      opens.map(({ record }) => {
        const { message_id, destination } = (record.facets?.email_channel.mail_event['mail'] ?? {}) as MailDocument;
        return JSON.stringify([message_id, destination, Math.floor(record.arrival_timestamp / hour)]);
      }),
    ).size;
  }

  /** How many got to each step: every chain is tried from its first event on. */
  funnel(types: readonly string[], windowMilliseconds: number): number[] {
    const byEndpoint = new Map<string, NewEvent[]>();
    for (const event of this.#app) {
      byEndpoint.set(endpointOf(event), [...(byEndpoint.get(endpointOf(event)) ?? []), event]);
    }
    const reached = types.map(() => 0);
    for (const events of byEndpoint.values()) {
      const ordered = events.toSorted((one, other) => timeOf(one) - timeOf(other));
      let furthest = 0;
      for (const [index, begin] of ordered.entries()) {
        if (begin.record.event_type !== types[0]) continue;
        let step = 1;
        for (const next of ordered.slice(index + 1)) {
          if (timeOf(next) - timeOf(begin) > windowMilliseconds) break;
          if (next.record.event_type === types[step]) step += 1;
        }
        furthest = Math.max(furthest, step);
      }
      for (let step = 0; step < furthest; step += 1) reached[step] = (reached[step] as number) + 1;
    }
    return reached;
  }
}
