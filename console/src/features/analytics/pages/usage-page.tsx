/** Usage: who was there, how often, and who came back (dossier/events-journeys-console §4.2). */
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { RetentionReport, UsageDay } from '../../../../../server/src/contract/repoint-types.ts';
import { Loaded } from '../../../ui/loaded.tsx';
import { AnalyticsFrame } from '../analytics-frame.tsx';
import { FigureCards } from '../charts/figure-cards.tsx';
import { lastColumn, retentionRows, shownDaysLater } from '../charts/retention-rows.ts';
import { ShadedTable } from '../charts/shaded-table.tsx';
import { WeekHours } from '../charts/week-hours.tsx';
import { asCount, asQuotient, asRate, type Figure } from '../figures/figure.ts';
import { DayTable } from '../figures/report-table.tsx';
import { EndpointFilter, useEndpointFilter } from '../filters/endpoint-filter.tsx';
import { isNothing, NoEvents } from '../no-events.tsx';
import { type RangeInAddress, useRange } from '../period/use-range.ts';
import { useReport } from '../queries.ts';
import { FilteredUsage } from './filtered-usage.tsx';

const people: readonly Figure<UsageDay>[] = [
  { id: 'DailyActiveEndpoints', title: 'Daily active endpoints', show: asCount, about: 'Sent an event that day' },
  {
    ...{ id: 'MonthlyActiveEndpoints', title: 'Monthly active endpoints', show: asCount },
    about: 'Sent an event that day or on the 29 days before',
  },
  { id: 'NewEndpoints', title: 'New endpoints', show: asCount, adds: true, about: 'Active for the first time' },
  { id: 'DailyActiveUsers', title: 'Daily active users', show: asCount },
  { id: 'MonthlyActiveUsers', title: 'Monthly active users', show: asCount },
  { id: 'NewUsers', title: 'New users', show: asCount, adds: true },
  {
    ...{ id: 'SevenDayRetention', title: '7-day retention', show: asRate },
    about: 'Of those active seven days before, who came again since',
  },
  { id: 'StickyFactor', title: 'Sticky factor', show: asQuotient, about: 'Daily by monthly active endpoints' },
];

const sessions: readonly Figure<UsageDay>[] = [
  { id: 'Sessions', title: 'Sessions', show: asCount, adds: true },
  { id: 'SessionsPerEndpoint', title: 'Sessions per endpoint', show: asQuotient },
  { id: 'SessionsPerUser', title: 'Sessions per user', show: asQuotient },
];

const authentication: readonly Figure<UsageDay>[] = [
  { id: 'SignIns', title: 'Sign-ins', show: asCount, adds: true },
  { id: 'SignUps', title: 'Sign-ups', show: asCount, adds: true },
  { id: 'AuthenticationFailures', title: 'Authentication failures', show: asCount, adds: true },
];

const usageFigures = [...people, ...sessions, ...authentication];

export function UsagePage() {
  const days = useRange();
  const filter = useEndpointFilter();
  return (
    <AnalyticsFrame title="Usage" description="Who used the apps of this project, and who came back." days={days}>
      <EndpointFilter />
      {filter === undefined ? <WholeUsage days={days} /> : <FilteredUsage asked={days.asked} filter={filter} />}
    </AnalyticsFrame>
  );
}

function WholeUsage({ days }: { readonly days: RangeInAddress }) {
  const usage = useReport('GetUsageReport', { asked: days.asked, further: {} });
  return (
    <Loaded query={usage}>
      {(report) =>
        isNothing(report.Days) ? (
          <NoEvents />
        ) : (
          <SpaceBetween size="l">
            <Header variant="h2">Endpoints and users</Header>
            <FigureCards report={report} figures={people} />
            <Retention days={days} />
            <Header variant="h2">Sessions</Header>
            <FigureCards report={report} figures={sessions} />
            <SessionHours days={days} />
            <Header variant="h2">Authentication</Header>
            <FigureCards report={report} figures={authentication} />
            <DayTable days={report.Days} figures={usageFigures} name="usage" />
          </SpaceBetween>
        )
      }
    </Loaded>
  );
}

function SessionHours({ days }: { readonly days: RangeInAddress }) {
  const query = useReport('GetSessionHours', { asked: days.asked, further: {} });
  return (
    <Container
      header={
        <Header variant="h3" description="In the local time of each endpoint; in UTC where it told none">
          Sessions by day of the week and hour
        </Header>
      }
    >
      <Loaded query={query}>
        {({ Hours }) => <WeekHours label="Sessions by day of the week and hour" of={Hours} />}
      </Loaded>
    </Container>
  );
}

function Retention({ days }: { readonly days: RangeInAddress }) {
  const query = useReport('GetRetentionReport', { asked: days.asked, further: {} });
  return (
    <Container
      header={
        <Header
          variant="h3"
          description="Of the endpoints that were new on a day (how many), who was active so many days later"
        >
          Retention of new endpoints
        </Header>
      }
    >
      <Loaded query={query}>{(report) => <Cohorts report={report} />}</Loaded>
    </Container>
  );
}

function Cohorts({ report }: { readonly report: RetentionReport }) {
  const rows = retentionRows(report.Cohorts);
  if (rows.length === 0) return <>No endpoint was new on these days.</>;
  return (
    <ShadedTable
      label="Retention of new endpoints"
      corner="New on"
      columns={shownDaysLater.slice(0, lastColumn(rows)).map((later) => `+${later}`)}
      rows={rows}
      show={(share) => `${Math.round(100 * share)}%`}
      most={1}
    />
  );
}
