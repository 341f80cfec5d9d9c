/** How many get through the steps of a funnel, in order and within a time: one pass over the events of each. */
import { type RawBuilder, sql } from 'kysely';
import type { FunnelReport, FunnelStepReport, WriteFunnelRequest } from '../../../contract/repoint-types.ts';
import type { Database } from '../../../database/index.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { storableText } from '../../../kernel/storable-text.ts';
import { describePeriod, type Period } from '../pages/period.ts';
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
  readonly counts: readonly number[];
}

export async function funnelReport(
  database: Database,
  projectNumber: number,
  period: Period,
  funnel: WriteFunnelRequest,
): Promise<FunnelReport> {
  checkFunnel(funnel);
  const rows = await database.transaction(
    async (tx) => {
      // One sort in memory of what may be millions of narrow rows, once, and nothing worth compiling.
      await sql`select set_config('work_mem', '128MB', true), set_config('jit', 'off', true)`.execute(tx);
      return (await funnelQuery(projectNumber, period, funnel).execute(tx)).rows;
    },
    { readOnly: true },
  );
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

function stepsOf({ Steps }: WriteFunnelRequest, counts: readonly number[]): FunnelStepReport[] {
  return Steps.map(({ Name }, index) => {
    const Count = counts[index] as number;
    const first = counts[0] as number;
    const DropOff = index === 0 ? 0 : (counts[index - 1] as number) - Count;
    return { Step: index + 1, Name, Count, DropOff, ...quotient('Share', Count, first) };
  });
}

/**
 * With each event that can be step k stands the latest begin of all chains through steps 1 to k that end with it: the
 * latest is the one that lasts longest within the window. It is the latest begin at step k-1 before it, which is a
 * running maximum, since begins never go back in time. All steps look through the same window, so there is one sort.
 */
function funnelQuery(
  projectNumber: number,
  period: Period,
  { Steps, WindowSeconds, CountBy = 'ENDPOINT', Filter = {}, BreakdownBy }: WriteFunnelRequest,
): RawBuilder<Reached> {
  const steps = Steps.map((step, index) => ({ match: sql.ref(`m${index}`), begin: sql.ref(`b${index}`), ...step }));
  const types = Steps.map((step) => step.Filter.EventType);
  const ofTypes = types.every((type) => type !== undefined)
    ? sql`and e.type = any (${types.map(storableText)}::text[])`
    : sql``;
  const matches = sql.join(steps.map(({ match, Filter: filter }) => sql`${filterCondition(filter)} as ${match}`));
  let chains = sql`
    select *, case when m0 then at end as b0 from (
      select ${subjectOf[CountBy]} as subject, ${countedAt} as at, e.sequence, ${matches}
        ${BreakdownBy === undefined ? sql`` : sql`, ${attributeOf(BreakdownBy)} as breakdown`}
      from events as e
      where ${withinPeriod(projectNumber, period)} and e.endpoint_id is not null
        ${ofTypes} and ${filterCondition(Filter)}
    ) as matched where ${sql.join(
      steps.map(({ match }) => match),
      sql` or `,
    )}`;
  const window = sql`(partition by subject order by at, sequence rows between unbounded preceding and 1 preceding)`;
  for (const [index, { match, begin }] of steps.entries()) {
    const before = steps[index - 1];
    if (before === undefined) continue;
    const latest = sql.ref(`l${index}`);
    const inTime =
      WindowSeconds === undefined ? sql`` : sql`and at <= ${latest} + make_interval(secs => ${WindowSeconds})`;
    chains = sql`
      select *, case when ${match} ${inTime} then ${latest} end as ${begin} from (
        select *, max(${before.begin}) over ${window} as ${latest} from (${chains}) as before
      ) as step`;
  }
  const reached = sql.join(steps.map(({ begin }, index) => sql`count(${begin}) > 0 as ${sql.ref(`r${index}`)}`));
  const counts = sql.join(steps.map((_step, index) => sql`count(*) filter (where ${sql.ref(`r${index}`)})`));
  const first = sql`(array_agg(breakdown order by at, sequence) filter (where m0))[1]`;
  return sql<Reached>`
    select breakdown, array[${counts}] as counts from (
      select ${BreakdownBy === undefined ? sql`null::text` : first} as breakdown, ${reached}
      from (${chains}) as chains group by subject
    ) as subjects
    where r0 group by breakdown`;
}
