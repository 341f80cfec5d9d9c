/** The event explorer: stored events by day, and by the values of an attribute (dossier/events-journeys-console §4.4). */
import { type RawBuilder, sql } from 'kysely';
import type {
  EventName,
  EventsDay,
  EventsGroup,
  EventsReport,
  ExploreEventsRequest,
} from '../../../contract/repoint-types.ts';
import type { Database, Executor } from '../../../database/index.ts';
import { storableText } from '../../../kernel/storable-text.ts';
import { forgotten } from '../counting/labels.ts';
import { readNames } from '../names/store.ts';
import { attributeOf, countedAt, filterCondition, metricOr, withinPeriod } from '../stored-events.ts';
import { describePeriod, type Period } from './period.ts';
import { sumByDayAndLabel, sumByLabel } from './store.ts';
import { quotient, summarise } from './summary.ts';

const eventsColumns = ['Date', 'Events', 'Endpoints', 'EventsPerSession'] as const;
const boughtColumns = ['Purchases', 'UnitsSold', 'Revenue'] as const;
export const eventsGroupColumns = ['Value', 'Events', 'Endpoints'] as const;
export const eventTypeColumns = ['EventType', 'Count'] as const;

const mostGroups = 1_000;

/** Of the days, as they were asked for. */
export function eventsColumnsOf({ Currency }: ExploreEventsRequest): readonly (keyof EventsDay)[] {
  return [...eventsColumns, ...(Currency === undefined ? [] : boughtColumns)];
}

interface Counted {
  readonly key: string;
  readonly events: number;
  readonly endpoints: number;
}

interface Bought {
  readonly purchases: number;
  readonly units: number;
  readonly revenue: number;
}

export async function eventsReport(
  { query }: Database,
  projectNumber: number,
  period: Period,
  request: ExploreEventsRequest,
): Promise<EventsReport> {
  const { Filter = {}, GroupBy, Currency } = request;
  const where = sql`${withinPeriod(projectNumber, period)} and ${filterCondition(Filter)}`;
  const counts = sql`count(*) as events, count(distinct hashtextextended(e.endpoint_id, 0)) as endpoints`;
  const [byDay, groups, sessions] = await Promise.all([
    sql<Counted & Bought>`
      select to_char(${countedAt} at time zone ${period.zone}, 'YYYY-MM-DD') as key, ${counts}
        ${Currency === undefined ? sql`` : sql`, ${boughtIn(Currency)}`}
      from events as e where ${where} group by 1`.execute(query),
    GroupBy === undefined
      ? { rows: [] }
      : sql<Counted>`
          select ${attributeOf(GroupBy)} as key, ${counts} from events as e
          where ${where} and ${attributeOf(GroupBy)} is not null
          group by 1 order by 2 desc, 1 limit ${mostGroups}`.execute(query),
    sumByDayAndLabel(query, { projectNumber, period }, 'event', ['_session.start']),
  ]);
  const days = new Map(byDay.rows.map((row) => [row.key, row]));
  const sessionsOf = new Map(sessions.map(({ day, value }) => [day, value]));
  const Days = period.dates.map((date): EventsDay => {
    const { events = 0, endpoints = 0, purchases = 0, units = 0, revenue = 0 } = days.get(date) ?? {};
    const perSession = quotient('EventsPerSession', events, sessionsOf.get(date) ?? 0);
    const bought = Currency !== undefined && { Purchases: purchases, UnitsSold: units, Revenue: revenue };
    return { Date: date, Events: events, Endpoints: endpoints, ...perSession, ...bought };
  });
  const Groups = groups.rows.map(
    ({ key, events, endpoints }): EventsGroup => ({ Value: key, Events: events, Endpoints: endpoints }),
  );
  const columns = eventsColumnsOf(request).filter((column) => column !== 'Date');
  return { ...describePeriod(period), Days, Groups, Summary: summarise(Days, columns) };
}

/** As counters have it (`purchaseOf`). Codes of currencies are ASCII, and `C` makes nothing else of other letters. */
function boughtIn(currency: string): RawBuilder<unknown> {
  const given = sql`btrim(e.attributes ->> '_currency', E' \\t\\r\\n')`;
  const code = sql`coalesce(nullif(upper(${given} collate "C"), ''), 'USD')`;
  const isPurchase = sql`e.type = '_monetization.purchase' and ${code} = ${storableText(currency.trim().toUpperCase())}`;
  const [units, price] = [metricOr('_quantity', 1), metricOr('_item_price', 0)];
  return sql`count(*) filter (where ${isPurchase}) as purchases,
    coalesce(sum(${units}) filter (where ${isPurchase}), 0)::float8 as units,
    coalesce(sum(${price} * ${units}) filter (where ${isPurchase}), 0)::float8 as revenue`;
}

/** Of the days of the period, the most frequent first: those whose names are noted, and what was forgotten. */
export async function eventTypes(query: Executor, projectNumber: number, period: Period) {
  const [sums, names] = await Promise.all([
    sumByLabel(query, { projectNumber, period }, ['event']),
    readNames(query, projectNumber),
  ]);
  const noted = new Set([forgotten, ...names.filter(({ kind }) => kind.endsWith('event')).map(({ name }) => name)]);
  return sums
    .keys('event')
    .filter((type) => noted.has(type))
    .map((EventType) => ({ EventType, Count: sums.of('event', EventType) }))
    .toSorted((one, other) => other.Count - one.Count || (one.EventType < other.EventType ? -1 : 1));
}

export const eventNameColumns = ['Kind', 'Name'] as const;

const shownKinds = {
  event: 'EVENT',
  'standard event': 'STANDARD_EVENT',
  attribute: 'ATTRIBUTE',
  metric: 'METRIC',
} as const;

export async function eventNames(query: Executor, projectNumber: number): Promise<EventName[]> {
  const names = await readNames(query, projectNumber);
  return names.map(({ kind, name }) => ({ Kind: shownKinds[kind], Name: name }));
}
