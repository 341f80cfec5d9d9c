/** Cohorts as rows of a table: of those who were new on a day, the share that came back so many days later. Pure. */
import type { RetentionCohort } from '../../../../../server/src/contract/repoint-types.ts';
import type { ShadedRow } from './shaded-table.tsx';

export const shownDaysLater = [0, 1, 2, 3, 4, 5, 6, 7, 14, 21, 28, 30, 60, 90] as const;

/** Newest day first. Days that are still to come are undefined; nobody was new on a day without a row. */
export function retentionRows(cohorts: readonly RetentionCohort[]): readonly ShadedRow[] {
  const byDate = Map.groupBy(cohorts, (cohort) => cohort.Date);
  return [...byDate]
    .toSorted(([one], [other]) => (one < other ? 1 : -1))
    .map(([date, of]) => {
      const shares = new Map(of.map(({ DaysLater, Share }) => [DaysLater, Share]));
      return { title: `${date} (${of[0]?.CohortSize})`, values: shownDaysLater.map((later) => shares.get(later)) };
    });
}

/** Only those columns in which something stands. */
export function lastColumn(rows: readonly ShadedRow[]): number {
  return Math.max(0, ...rows.map(({ values }) => values.findLastIndex((value) => value !== undefined))) + 1;
}
