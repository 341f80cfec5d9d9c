/**
 * Operations that answer 501 NotImplemented for now. To add one: write its handler, take its name out of this list.
 * A name that is missing in both places, or stands in both, does not compile (see `app/handlers.ts`).
 */
import type { OperationName } from '../contract/operations.ts';

export const unanswered = [
  'CreateJourney',
  'DeleteJourney',
  'GetJourney',
  'GetJourneyDateRangeKpi',
  'GetJourneyExecutionActivityMetrics',
  'GetJourneyExecutionMetrics',
  'GetJourneyRunExecutionActivityMetrics',
  'GetJourneyRunExecutionMetrics',
  'GetJourneyRuns',
  'ListJourneys',
  'UpdateJourney',
  'UpdateJourneyState',
] as const satisfies readonly OperationName[];

export type AnsweredOperationName = Exclude<OperationName, (typeof unanswered)[number]>;
