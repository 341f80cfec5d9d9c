/** How many get through the steps of a funnel, in order and within a time: one pass over the events of each. */
import { type RawBuilder, sql } from 'kysely';
import type { FunnelReport, FunnelStepReport, WriteFunnelRequest } from '../../../contract/repoint-types.ts';
import type { Database, Executor } from '../../../database/index.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { storableText } from '../../../kernel/storable-text.ts';
import { describePeriod, type Period } from '../pages/period.ts';
import { sumByLabel } from '../pages/store.ts';
import { quotient } from '../pages/summary.ts';
import { attributeOf, countedAt, filterCondition, subjectOf, withinPeriod } from '../stored-events.ts';

export const funnelColumns = ['Step', 'Name', 'Count', 'Share', 'DropOff'] as const;
export const breakdownColumns = ['Breakdown', ...funnelColumns] as const;

const fewestSteps = 2;
const mostSteps = 10;
const mostBreakdowns = 50;
const longestName = 100;

/** @throws BadRequestException */
export function checkFunnel({ Name, Steps, WindowSeconds, Filter, BreakdownBy }: WriteFunnelRequest): void {
  for (const name of [Name, ...Steps.map((step) => step.Name)]) {
    if (name === '' || name.length > longestName) throw badRequest(`Name must have 1 to ${longestName} characters`);
  }
  if (Steps.length < fewestSteps || Steps.length > mostSteps) {
    throw badRequest(`Steps must be ${fewestSteps} to ${mostSteps}`);
  }
  if (WindowSeconds !== undefined && WindowSeconds < 1) throw badRequest('WindowSeconds must be at least 1');
  if (BreakdownBy === '') throw badRequest('BreakdownBy must not be empty');
  for (const filter of [Filter ?? {}, ...Steps.map((step) => step.Filter)]) filterCondition(filter);
}

interface Reached {
  readonly breakdown: string | null;
  readonly counts: number[];
}

export async function funnelReport(
  database: Database,
  projectNumber: number,
  period: Period,
  funnel: WriteFunnelRequest,
): Promise<FunnelReport> {
  checkFunnel(funnel);
  const reached = new Map<string, Reached>();
  const passes = await countPasses(database.query, projectNumber, period, funnel);
  for (let pass = 0; pass < passes; pass += 1) {
    const question = { projectNumber, period, funnel, pass, passes };
    for (const { codes, breakdown } of await readCodes(database, question)) {
      const steps = furthestStep(JSON.parse(codes) as number[], funnel);
      if (steps === 0) continue;
      const { counts } = getOrMake(reached, breakdown, funnel.Steps.length);
      for (let step = 0; step < steps; step += 1) counts[step] = (counts[step] as number) + 1;
    }
  }
  const rows = [...reached.values()];
  const total = funnel.Steps.map((_step, index) =>
    rows.reduce((sum, { counts }) => sum + (counts[index] as number), 0),
  );
  const Steps = stepsOf(funnel, total);
  if (funnel.BreakdownBy === undefined) return { ...describePeriod(period), Steps };
  const Breakdowns = rows
    .toSorted((one, other) => (other.counts[0] as number) - (one.counts[0] as number))
    .slice(0, mostBreakdowns)
    .flatMap(({ breakdown, counts }) =>
      stepsOf(funnel, counts).map((step) => ({ Breakdown: breakdown ?? '', ...step })),
    );
  return { ...describePeriod(period), Steps, Breakdowns };
}

function getOrMake(reached: Map<string, Reached>, breakdown: string | null, steps: number): Reached {
  const key = breakdown ?? '';
  const known = reached.get(key) ?? { breakdown, counts: new Array<number>(steps).fill(0) };
  reached.set(key, known);
  return known;
}

function stepsOf({ Steps }: WriteFunnelRequest, counts: readonly number[]): FunnelStepReport[] {
  return Steps.map(({ Name }, index) => {
    const Count = counts[index] as number;
    const first = counts[0] as number;
    const DropOff = index === 0 ? 0 : (counts[index - 1] as number) - Count;
    return { Step: index + 1, Name, Count, DropOff, ...quotient('Share', Count, first) };
  });
}

/** A pass reads a part of the people, so that what one of them brings fits into memory: about 15 bytes an event. */
const mostEventsOfPass = 4_000_000;

async function countPasses(
  query: Executor,
  projectNumber: number,
  period: Period,
  { Steps }: WriteFunnelRequest,
): Promise<number> {
  const types = Steps.map(({ Filter }) => Filter.EventType);
  const sums = await sumByLabel(query, { projectNumber, period }, ['event']);
  const wanted = types.every((type) => type !== undefined) ? [...new Set(types)] : sums.keys('event');
  const events = wanted.reduce((sum, type) => sum + sums.of('event', type), 0);
  return Math.max(Math.ceil(events / mostEventsOfPass), 1);
}

/** What an event is in a code: milliseconds since the begin of the period, and one bit for each step that it can be, perhaps none. */
const bits = 2 ** mostSteps;

/**
 * How many steps somebody got through. For each step, the latest begin of all chains that lead to it is known: the
 * latest is the one that lasts longest within the window. Events of one instant count in the order of the steps.
 * @param codes of all events of one of them, in any order
 */
function furthestStep(codes: number[], { Steps, WindowSeconds }: WriteFunnelRequest): number {
  const window = WindowSeconds === undefined ? Number.POSITIVE_INFINITY : WindowSeconds * 1000;
  const begins = new Array<number>(Steps.length).fill(Number.NEGATIVE_INFINITY);
  let furthest = 0;
  for (const code of codes.sort((one, other) => one - other)) {
    const at = Math.floor(code / bits);
    const matches = code % bits;
    // From the last step to the first, so that no event is two steps of one chain.
    for (let step = Steps.length - 1; step >= 0; step -= 1) {
      if ((matches & (1 << step)) === 0) continue;
      const begin = step === 0 ? at : (begins[step - 1] as number);
      if (at - begin > window) continue;
      if (begin === Number.NEGATIVE_INFINITY) continue;
      // Begins never go back in time.
      begins[step] = begin;
      furthest = Math.max(furthest, step + 1);
    }
  }
  return furthest;
}

interface Question {
  readonly projectNumber: number;
  readonly period: Period;
  readonly funnel: WriteFunnelRequest;
  readonly pass: number;
  readonly passes: number;
}

interface Codes {
  /** JSON */
  readonly codes: string;
  readonly breakdown: string | null;
}

/** One pass over the events, without a sort: those of one person are few, and sorted here. */
async function readCodes(database: Database, question: Question): Promise<Codes[]> {
  return database.transaction(
    async (tx) => {
      await sql`select set_config('work_mem', '256MB', true), set_config('jit', 'off', true)`.execute(tx);
      return (await codesQuery(question).execute(tx)).rows;
    },
    { readOnly: true },
  );
}

function codesQuery({ projectNumber, period, funnel, pass, passes }: Question): RawBuilder<Codes> {
  const { Steps, CountBy = 'ENDPOINT', Filter = {}, BreakdownBy } = funnel;
  const types = Steps.map((step) => step.Filter.EventType);
  const ofTypes = types.every((type) => type !== undefined)
    ? sql`and e.type = any (${types.map(storableText)}::text[])`
    : sql``;
  const matches = sql.join(
    Steps.map((step, index) => sql`case when ${filterCondition(step.Filter)} then ${sql.lit(2 ** index)} else 0 end`),
    sql` + `,
  );
  const begin = period.start.getTime() / 1000;
  const part =
    passes === 1
      ? sql``
      : sql`and (${subjectOf[CountBy]} & 9223372036854775807) % ${sql.lit(passes)} = ${sql.lit(pass)}`;
  const breakdown =
    BreakdownBy === undefined
      ? sql`null::text`
      : sql`(array_agg(breakdown order by at) filter (where matches & 1 = 1))[1]`;
  return sql<Codes>`
    select translate(array_agg(((at - ${begin}) * 1000)::bigint * ${sql.lit(bits)} + matches)::text, '{}', '[]')
             as codes,
           ${breakdown} as breakdown
    from (
      select ${subjectOf[CountBy]} as subject, date_part('epoch', ${countedAt}) as at, ${matches} as matches
        ${BreakdownBy === undefined ? sql`` : sql`, ${attributeOf(BreakdownBy)} as breakdown`}
      from events as e
      where ${withinPeriod(projectNumber, period)} and e.endpoint_id is not null
        ${ofTypes} ${part} and ${filterCondition(Filter)}
    ) as matched
    group by subject`;
}
