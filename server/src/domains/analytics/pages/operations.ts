/** Our own API for the analytics of the console (dossier/events-journeys-console §4). */
import { DateTime } from 'luxon';
import type { Database } from '../../../database/index.ts';
import type { Handlers } from '../../../operations/call.ts';
import { demographicDimensions } from '../counting/labels.ts';
import { inFormat } from '../csv.ts';
import {
  eventNameColumns,
  eventNames,
  eventsColumnsOf,
  eventsGroupColumns,
  eventsReport,
  eventTypeColumns,
  eventTypes,
} from './explorer.ts';
import { readPeriod } from './period.ts';
import { revenueColumns, revenueReport } from './revenue.ts';
import { readDemographics } from './store.ts';
import { summaryColumns } from './summary.ts';
import {
  emailColumns,
  smsColumns,
  smsCountryColumns,
  smsErrorColumns,
  transactionalEmailReport,
  transactionalSmsReport,
} from './transactional.ts';
import {
  cohortColumns,
  retentionReport,
  sessionHourColumns,
  sessionHoursReport,
  usageColumns,
  usageReport,
} from './usage.ts';

type Operation =
  | 'GetUsageReport'
  | 'GetSessionHours'
  | 'GetRetentionReport'
  | 'GetRevenueReport'
  | 'GetDemographicsReport'
  | 'GetTransactionalEmailReport'
  | 'GetTransactionalSmsReport'
  | 'GetEventTypes'
  | 'GetEventNames'
  | 'ExploreEvents';

const daysOfEventTypes = 14;

export function pageOperations({ database }: { readonly database: Database }): Handlers<Operation> {
  const { query } = database;
  return {
    ...explorerOperations(database),

    async GetUsageReport({ ApplicationId: _id, ...input }, { project, now }) {
      const report = await usageReport(query, project.number, readPeriod(input, now));
      return inFormat(report, input, { Days: usageColumns, Summary: summaryColumns });
    },

    async GetSessionHours(input, { project, now }) {
      const report = await sessionHoursReport(query, project.number, readPeriod(input, now));
      return inFormat(report, input, { Hours: sessionHourColumns });
    },

    async GetRetentionReport(input, { project, now }) {
      const today = now.toISOString().slice(0, 10);
      const report = await retentionReport(query, project.number, readPeriod(input, now), today);
      return inFormat(report, input, { Cohorts: cohortColumns });
    },

    async GetRevenueReport({ Currency = 'USD', ...input }, { project, now }) {
      const report = await revenueReport(query, project.number, readPeriod(input, now), Currency.toUpperCase());
      return inFormat(report, input, { Days: revenueColumns, Summary: summaryColumns });
    },

    async GetDemographicsReport({ ChannelType, ...input }, { project }) {
      const rows = await readDemographics(query, project.number, demographicDimensions, ChannelType);
      const Rows = rows.map(({ dimension, value, endpoints }) => ({
        ...{ Dimension: dimension, Value: value, Endpoints: endpoints },
      }));
      return inFormat({ Rows }, input, { Rows: ['Dimension', 'Value', 'Endpoints'] });
    },

    async GetTransactionalEmailReport(input, { project, now }) {
      const report = await transactionalEmailReport(query, project.number, readPeriod(input, now));
      return inFormat(report, input, { Days: emailColumns, Summary: summaryColumns });
    },

    async GetTransactionalSmsReport(input, { project, now }) {
      const report = await transactionalSmsReport(query, project.number, readPeriod(input, now));
      const tables = { Days: smsColumns, Countries: smsCountryColumns, Errors: smsErrorColumns };
      return inFormat(report, input, { ...tables, Summary: summaryColumns });
    },
  };
}

function explorerOperations(database: Database): Handlers<'GetEventTypes' | 'GetEventNames' | 'ExploreEvents'> {
  return {
    async GetEventNames(input, { project }) {
      return inFormat({ Item: await eventNames(database.query, project.number) }, input, { Item: eventNameColumns });
    },

    async GetEventTypes(input, { project, now }) {
      const first = DateTime.fromJSDate(now, { zone: 'UTC' }).minus({ days: daysOfEventTypes - 1 });
      const period = readPeriod({ StartDate: first.toFormat('yyyy-MM-dd') }, now);
      const Item = await eventTypes(database.query, project.number, period);
      return inFormat({ Item }, input, { Item: eventTypeColumns });
    },

    async ExploreEvents({ ExploreEventsRequest: request, ...input }, { project, now }) {
      const report = await eventsReport(database, project.number, readPeriod(input, now), request);
      const tables = { Days: eventsColumnsOf(request), Groups: eventsGroupColumns, Summary: summaryColumns };
      return inFormat(report, input, tables);
    },
  };
}
