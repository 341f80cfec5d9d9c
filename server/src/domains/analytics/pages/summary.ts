/** Average, total and change of the columns of a report (dossier/events-journeys-console §4.0). Pure. */
import type { ReportSummary } from '../../../contract/repoint-types.ts';

export const summaryColumns = ['Name', 'Average', 'Total', 'Change'] as const;

/** Of days that have no value in a column (a rate of nothing) its average knows nothing. */
export function summarise<Day extends object>(
  days: readonly Day[],
  columns: readonly (keyof Day & string)[],
): ReportSummary[] {
  return columns.flatMap((Name) => {
    const values = days.map((day) => day[Name] as number | undefined).filter((value) => value !== undefined);
    if (values.length === 0) return [];
    const Total = values.reduce((sum, value) => sum + value, 0);
    const [first, last] = [days[0]?.[Name] as number | undefined, days.at(-1)?.[Name] as number | undefined];
    return [{ Name, Average: Total / values.length, Total, ...changeBetween(first, last) }];
  });
}

/** Left out where there was nothing on the first day: shown as a dash. */
export function changeBetween(first: number | undefined, last: number | undefined): { Change?: number } {
  return first === undefined || last === undefined || first === 0 ? {} : { Change: (last - first) / first };
}

/** A member that is left out when there is nothing to divide by. */
export function quotient<Name extends string>(name: Name, part: number, whole: number): { [Key in Name]?: number } {
  return whole > 0 ? ({ [name]: part / whole } as { [Key in Name]?: number }) : {};
}
