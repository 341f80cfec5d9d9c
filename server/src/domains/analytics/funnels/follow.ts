/**
 * Stored events of a funnel on their way to `Chains`: one scan by several connections, of which each event is two numbers
 * (who and which steps, and when), thousands of them in a row.
 */
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { type RawBuilder, sql } from 'kysely';
import type { WriteFunnelRequest } from '../../../contract/repoint-types.ts';
import {
  type BinaryRow,
  copyRows,
  type Database,
  type Executor,
  readFromOneSnapshot,
} from '../../../database/index.ts';
import { storableText } from '../../../kernel/storable-text.ts';
import type { Period } from '../pages/period.ts';
import { sumByLabel } from '../pages/store.ts';
import { attributeOf, countedAt, filterCondition, subjectOf, withinPeriod } from '../stored-events.ts';
import { Chains, type Reached, Values } from './chains.ts';
import { type EventsPart, findParts } from './parts.ts';

/** A pass reads a part of the people, so that their events take at most some 300 MB. */
const mostEventsOfPass = 12_000_000;

export interface FunnelQuestion {
  readonly projectNumber: number;
  readonly period: Period;
  readonly funnel: WriteFunnelRequest;
}

/** @param most events of a pass */
export async function followEvents(
  database: Database,
  question: FunnelQuestion,
  most = mostEventsOfPass,
): Promise<Reached> {
  // Counters know about how many there are; filters leave fewer.
  for (let passes = Math.max(Math.ceil((await countEvents(database.query, question)) / most), 1); ; passes *= 2) {
    const reached = await followPasses(database, question, passes, most);
    if (reached !== undefined) return reached;
  }
}

/** @returns undefined when a pass brought far more than it may */
async function followPasses(
  database: Database,
  question: FunnelQuestion,
  passes: number,
  most: number,
): Promise<Reached | undefined> {
  const { Steps, WindowSeconds, BreakdownBy } = question.funnel;
  const options = {
    steps: Steps.length,
    windowMilliseconds: WindowSeconds === undefined ? Number.POSITIVE_INFINITY : WindowSeconds * 1000,
    hasBreakdown: BreakdownBy !== undefined,
  };
  const values = new Values();
  // Nobody can choose ids that fall together.
  const seed = randomInt(2 ** 47);
  let reached: Reached | undefined;
  for (let pass = 0; pass < passes; pass += 1) {
    const chains = new Chains(options, values);
    if (!(await readChains(database, { ...question, seed, pass, passes }, chains, values, most * 1.25))) return;
    reached = await chains.reached(reached);
  }
  return reached;
}

async function countEvents(query: Executor, { projectNumber, period, funnel }: FunnelQuestion): Promise<number> {
  const types = typesOf(funnel);
  const sums = await sumByLabel(query, { projectNumber, period }, ['event']);
  return (types ?? sums.keys('event')).reduce((sum, type) => sum + sums.of('event', type), 0);
}

/** Undefined where a step may be of any type. */
function typesOf({ Steps }: WriteFunnelRequest): string[] | undefined {
  const types = Steps.flatMap(({ Filter: { EventType } }) => (EventType === undefined ? [] : storableText(EventType)));
  return types.length < Steps.length ? undefined : [...new Set(types)];
}

interface Pass extends FunnelQuestion {
  readonly seed: number;
  readonly pass: number;
  readonly passes: number;
}

/** More would wait for this process to take what they have read. */
const readers = Math.min(availableParallelism(), 4);

/** @returns false when there were more than `most` */
async function readChains(
  database: Database,
  question: Pass,
  chains: Chains,
  values: Values,
  most: number,
): Promise<boolean> {
  const hasBreakdown = question.funnel.BreakdownBy !== undefined;
  const take = takeEvents(chains, question, hasBreakdown ? values : undefined, most);
  await readFromOneSnapshot(
    database,
    readers,
    (tx) => findParts(tx, conditionOf(question)),
    async (tx, part) => {
      await sql`select set_config('jit', 'off', true)`.execute(tx);
      await copyRows(tx, eventsQuery(question, part), hasBreakdown ? 3 : 2, take);
    },
  );
  return chains.length <= most;
}

/** Of a list of one dimension; each element has its length in front. */
const headOfList = 20;
const countInHead = 12;
const lengthBytes = 4;
const numberBytes = 8;

/** Takes the lists of a row. Millions of times: nothing is made here. */
function takeEvents(chains: Chains, { period }: Pass, values: Values | undefined, most: number) {
  const begin = period.start.getTime();
  return (row: BinaryRow) => {
    const { view, starts, lengths } = row;
    // No event is on these pages.
    if ((lengths[0] as number) < 0 || chains.length > most) return;
    const count = view.getInt32((starts[0] as number) + countInHead);
    let code = (starts[0] as number) + headOfList + lengthBytes;
    let moment = (starts[1] as number) + headOfList + lengthBytes;
    let value = values === undefined ? 0 : (starts[2] as number) + headOfList;
    for (let event = 0; event < count; event += 1) {
      const low = view.getUint32(code + 4);
      const mask = low & maskOfCode;
      const valueNumber = values === undefined || (mask & 1) === 0 ? 0 : readValue(values, row, value);
      const hash = view.getUint32(code) * 2 ** bitsOfLow + (low >>> (32 - bitsOfLow));
      chains.add(hash, readMoment(view, moment) - begin, mask, valueNumber);
      code += numberBytes + lengthBytes;
      moment += numberBytes + lengthBytes;
      if (values !== undefined) value += lengthBytes + Math.max(view.getInt32(value), 0);
    }
  };
}

/** @param at where the length of the text is; null has none */
function readValue(values: Values, { bytes, view }: BinaryRow, at: number): number {
  const length = view.getInt32(at);
  const start = at + lengthBytes;
  return length > 0 ? values.numberOf(bytes.toString('utf8', start, start + length)) : 0;
}

/** Of the lower half of a hash; the last ten are the steps, and what is between is one more than a number is exact for. */
const bitsOfLow = 21;
const maskOfCode = 2 ** 10 - 1;
const microsecondsOf2000 = Date.UTC(2000, 0) * 1000;

/** Milliseconds since 1970 of microseconds since 2000. */
function readMoment(view: DataView, at: number): number {
  const microseconds = view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4);
  return Math.round((microseconds + microsecondsOf2000) / 1000);
}

function hashOf({ seed, funnel: { CountBy = 'ENDPOINT' } }: Pass): RawBuilder<unknown> {
  return sql`hashtextextended(${subjectOf[CountBy]}, ${sql.lit(seed)}::bigint)`;
}

function conditionOf(question: Pass): RawBuilder<boolean> {
  const { projectNumber, period, funnel, pass, passes } = question;
  const types = typesOf(funnel);
  const ofTypes = types === undefined ? sql`` : sql`and e.type = any (${types}::text[])`;
  const part =
    passes === 1
      ? sql``
      : sql`and ((${hashOf(question)} >> 10) & 9007199254740991) % ${sql.lit(passes)} = ${sql.lit(pass)}`;
  return sql<boolean>`
    ${withinPeriod(projectNumber, period)} and e.endpoint_id is not null
      ${ofTypes} ${part} and ${filterCondition(funnel.Filter ?? {})}`;
}

/** So many make a list of some thousand events, which no process has to keep for long. */
const pagesOfList = 100;

function eventsQuery(question: Pass, { table, pages }: EventsPart): RawBuilder<unknown> {
  const { funnel } = question;
  const first = funnel.Steps[0] as (typeof funnel.Steps)[number];
  const columns = [
    sql`(${hashOf(question)} & ${sql.lit(-maskOfCode - 1)}::bigint) | ${maskOf(funnel)}`,
    countedAt,
    ...(funnel.BreakdownBy === undefined
      ? []
      : [sql`case when ${filterCondition(first.Filter)} then ${attributeOf(funnel.BreakdownBy)} end`]),
  ];
  const events = sql`from only ${sql.table(table)} as e where ${conditionOf(question)}`;
  if (pages === undefined) return sql`select ${sql.join(columns.map((column) => sql`array[${column}]`))} ${events}`;
  return sql`
    select found.*
    from generate_series(${sql.lit(pages.from)}, ${sql.lit(pages.to - 1)}, ${sql.lit(pagesOfList)}) as page
    cross join lateral (
      select ${sql.join(columns.map((column) => sql`array_agg(${column})`))} ${events}
        and e.ctid >= format('(%s,0)', page)::tid
        and e.ctid < format('(%s,0)', least(page + ${sql.lit(pagesOfList)}, ${sql.lit(pages.to)}))::tid) as found`;
}

/** A bit for each step that an event can be. Types are told apart once, as they mostly are all that is asked. */
function maskOf({ Steps }: WriteFunnelRequest): RawBuilder<unknown> {
  const bits = Steps.map(({ Filter: { EventType, ...Filter } }, index) => {
    const bit = sql.lit(2 ** index);
    const isPlain = Object.keys(Filter).length === 0;
    const type = EventType === undefined ? undefined : storableText(EventType);
    return { type, sum: isPlain ? sql`${bit}` : sql`case when ${filterCondition(Filter)} then ${bit} else 0 end` };
  });
  const sumOf = (type: string | undefined) => {
    const sums = bits.filter((each) => each.type === type).map(({ sum }) => sum);
    return sums.length === 0 ? sql`0` : sql.join(sums, sql` + `);
  };
  const types = [...new Set(bits.flatMap(({ type }) => type ?? []))];
  const whens = types.map((type) => sql`when ${type} then ${sumOf(type)}`);
  const ofTypes = types.length === 0 ? sql`0` : sql`case e.type ${sql.join(whens, sql` `)} else 0 end`;
  return sql`(${ofTypes} + ${sumOf(undefined)})`;
}
