/** What stands on the overview page, of reports that each have a page of their own (dossier/events-journeys-console §4.1). */
import type {
  CampaignDay,
  OverviewDay,
  OverviewReport,
  RevenueDay,
  TransactionalEmailDay,
  UsageDay,
} from '../../../contract/repoint-types.ts';
import type { Executor } from '../../../database/index.ts';
import { campaignsReport } from '../campaigns/report.ts';
import { describePeriod } from './period.ts';
import { revenueReport } from './revenue.ts';
import type { Asked } from './store.ts';
import { summarise } from './summary.ts';
import { transactionalEmailReport } from './transactional.ts';
import { usageReport } from './usage.ts';

export const overviewColumns = [
  ...['Date', 'DailyActiveEndpoints', 'MonthlyActiveEndpoints', 'NewEndpoints', 'SevenDayRetention', 'Sessions'],
  ...['Revenue', 'MessagesDelivered', 'DeliveryRate', 'OptOutRate', 'EmailOpenRate', 'PushOpenRate'],
  ...['EndpointDeliveries', 'EmailSends', 'EmailDeliveries', 'EmailOpens', 'EmailClicks'],
] as const;

const currency = 'USD';

export async function overviewReport(query: Executor, asked: Asked): Promise<OverviewReport> {
  const { projectNumber, period } = asked;
  const [usage, revenue, campaigns, mails] = await Promise.all([
    usageReport(query, projectNumber, period),
    revenueReport(query, projectNumber, period, currency),
    campaignsReport(query, asked),
    transactionalEmailReport(query, projectNumber, period),
  ]);
  const Days = period.dates.map((_date, index) =>
    overviewOf(
      usage.Days[index] as UsageDay,
      revenue.Days[index] as RevenueDay,
      campaigns.Days[index] as CampaignDay,
      mails.Days[index] as TransactionalEmailDay,
    ),
  );
  const columns = overviewColumns.filter((column) => column !== 'Date') as (keyof OverviewDay)[];
  const { ActiveCampaigns } = campaigns;
  return { ...describePeriod(period), ActiveCampaigns, Days, Summary: summarise(Days, columns) };
}

function overviewOf(
  { Date: date, DailyActiveEndpoints, MonthlyActiveEndpoints, NewEndpoints, SevenDayRetention, Sessions }: UsageDay,
  { Revenue }: RevenueDay,
  { MessagesDelivered, EndpointDeliveries, ...campaigns }: CampaignDay,
  { Sends, Deliveries, Opens, Clicks }: TransactionalEmailDay,
): OverviewDay {
  const rates = { ...campaigns, SevenDayRetention };
  const names = ['SevenDayRetention', 'DeliveryRate', 'OptOutRate', 'EmailOpenRate', 'PushOpenRate'] as const;
  return {
    ...{ Date: date, DailyActiveEndpoints, MonthlyActiveEndpoints, NewEndpoints, Sessions, Revenue },
    ...{ MessagesDelivered, EndpointDeliveries },
    ...{ EmailSends: Sends, EmailDeliveries: Deliveries, EmailOpens: Opens, EmailClicks: Clicks },
    // Left out where there was nothing to divide by.
    ...Object.fromEntries(names.flatMap((name) => (rates[name] === undefined ? [] : [[name, rates[name]]]))),
  };
}
