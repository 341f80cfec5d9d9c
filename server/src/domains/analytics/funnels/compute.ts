/** How many get through the steps of a funnel, in order and within a time. */
import type { FunnelReport, FunnelStepReport, WriteFunnelRequest } from '../../../contract/repoint-types.ts';
import type { Database } from '../../../database/index.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { describePeriod, type Period } from '../pages/period.ts';
import { quotient } from '../pages/summary.ts';
import { filterCondition } from '../stored-events.ts';
import { followEvents } from './follow.ts';

const stepColumns = ['Step', 'Name', 'Count', 'Share', 'DropOff'] as const;
export const funnelColumns = [...stepColumns, 'AverageSeconds'] as const;
export const breakdownColumns = ['Breakdown', ...stepColumns] as const;

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

export async function funnelReport(
  database: Database,
  projectNumber: number,
  period: Period,
  funnel: WriteFunnelRequest,
): Promise<FunnelReport> {
  checkFunnel(funnel);
  const { counts, milliseconds, byValue } = await followEvents(database, { projectNumber, period, funnel });
  // The first step is where time begins.
  const Steps = stepsOf(funnel, counts).map((step, index) => ({
    ...step,
    ...(index > 0 && quotient('AverageSeconds', (milliseconds[index] as number) / 1000, step.Count)),
  }));
  if (funnel.BreakdownBy === undefined) return { ...describePeriod(period), Steps };
  const Breakdowns = [...byValue]
    .toSorted(([one, [ones = 0]], [other, [others = 0]]) => others - ones || (one < other ? -1 : 1))
    .slice(0, mostBreakdowns)
    .flatMap(([value, of]) => stepsOf(funnel, of).map((step) => ({ Breakdown: value, ...step })));
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
