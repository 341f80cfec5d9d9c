/** Our own API for the pages Overview and Campaigns of the console (dossier/events-journeys-console §4.1, §4.7). */
import { sql } from 'kysely';
import type { TargetableEndpointsRow } from '../../../contract/repoint-types.ts';
import type { Database, Executor } from '../../../database/index.ts';
import { notFound } from '../../../kernel/errors.ts';
import type { Handlers } from '../../../operations/call.ts';
import { inFormat } from '../csv.ts';
import type { CampaignLookup } from '../kpis/operations.ts';
import { overviewColumns, overviewReport } from '../pages/overview.ts';
import { readPeriod } from '../pages/period.ts';
import { summaryColumns } from '../pages/summary.ts';
import { sessionHourColumns } from '../pages/usage.ts';
import {
  campaignColumns,
  campaignReport,
  campaignsReport,
  dayColumns,
  runColumns,
  treatmentColumns,
} from './report.ts';
import { campaignSessionsReport, sessionsColumns } from './sessions.ts';

type Operation =
  | 'GetOverviewReport'
  | 'GetCampaignsReport'
  | 'GetCampaignReport'
  | 'GetCampaignSessions'
  | 'GetTargetableEndpoints';

export function campaignReportOperations({
  database,
  campaignCreatedAt,
}: {
  readonly database: Database;
  readonly campaignCreatedAt: CampaignLookup;
}): Handlers<Operation> {
  const { query } = database;
  return {
    async GetOverviewReport(input, { project, now }) {
      const report = await overviewReport(query, { projectNumber: project.number, period: readPeriod(input, now) });
      return inFormat(report, input, { Days: overviewColumns, Summary: summaryColumns });
    },

    async GetCampaignsReport(input, { project, now }) {
      const report = await campaignsReport(query, { projectNumber: project.number, period: readPeriod(input, now) });
      return inFormat(report, input, { Days: dayColumns, Campaigns: campaignColumns, Summary: summaryColumns });
    },

    async GetCampaignReport({ CampaignId, ...input }, { project, now }) {
      const asked = { projectNumber: project.number, period: readPeriod(input, now) };
      if ((await campaignCreatedAt(query, project.number, CampaignId)) === undefined) throw notFound();
      const report = await campaignReport(query, asked, CampaignId);
      const tables = { Days: dayColumns, Runs: runColumns, Treatments: treatmentColumns };
      return inFormat(report, input, { ...tables, Summary: summaryColumns });
    },

    async GetCampaignSessions({ CampaignId, ...input }, { project, now }) {
      const createdAt = await campaignCreatedAt(query, project.number, CampaignId);
      if (createdAt === undefined) throw notFound();
      const campaign = { projectNumber: project.number, campaignId: CampaignId, createdAt };
      const report = await campaignSessionsReport(database, campaign, readPeriod(input, now));
      const tables = { Days: sessionsColumns, Hours: sessionHourColumns, Summary: summaryColumns };
      return inFormat(report, input, tables);
    },

    async GetTargetableEndpoints(input, { project }) {
      const Rows = await countTargetable(query, project.number);
      const Total = Rows.reduce((sum, { Endpoints }) => sum + Endpoints, 0);
      return inFormat({ Total, Rows }, input, { Rows: ['ChannelType', 'Endpoints'] });
    },
  };
}

/** As estimates of segments count those that are eligible: by facets. A read model over a table of audience. */
async function countTargetable(query: Executor, projectNumber: number): Promise<TargetableEndpointsRow[]> {
  const { rows } = await sql<TargetableEndpointsRow>`
    select channel_type as "ChannelType", count(*) as "Endpoints" from endpoint_facets
    where project_number = ${projectNumber} and eligible and channel_type is not null
    group by 1 order by 2 desc, 1`.execute(query);
  return rows;
}
