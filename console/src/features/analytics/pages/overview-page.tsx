/** Analytics at a glance: apps, campaigns, transactional mails (dossier/events-journeys-console §4.1). */
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { OverviewDay, OverviewReport } from '../../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../../app/project-place.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { PageButton } from '../../../ui/page-button.tsx';
import { AnalyticsFrame } from '../analytics-frame.tsx';
import { FigureCards } from '../charts/figure-cards.tsx';
import { asCount, asRate, type Figure, moneyIn } from '../figures/figure.ts';
import { DayTable } from '../figures/report-table.tsx';
import { isNothing, NoEvents } from '../no-events.tsx';
import { useRange } from '../period/use-range.ts';
import { useReport } from '../queries.ts';

const apps: readonly Figure<OverviewDay>[] = [
  { id: 'DailyActiveEndpoints', title: 'Daily active endpoints', show: asCount },
  { id: 'MonthlyActiveEndpoints', title: 'Monthly active endpoints', show: asCount },
  { id: 'NewEndpoints', title: 'New endpoints', show: asCount, adds: true },
  { id: 'SevenDayRetention', title: '7-day retention', show: asRate },
  { id: 'Sessions', title: 'Sessions', show: asCount, adds: true },
  { id: 'Revenue', title: 'Revenue (USD)', show: moneyIn('USD'), adds: true },
];

const campaigns: readonly Figure<OverviewDay>[] = [
  { id: 'MessagesDelivered', title: 'Messages delivered', show: asCount, adds: true },
  { id: 'EndpointDeliveries', title: 'Endpoints delivered to', show: asCount },
  { id: 'DeliveryRate', title: 'Delivery rate', show: asRate },
  { id: 'EmailOpenRate', title: 'E-mail open rate', show: asRate },
  { id: 'PushOpenRate', title: 'Push open rate', show: asRate },
  { id: 'OptOutRate', title: 'Opt-out rate', show: asRate },
];

const mails: readonly Figure<OverviewDay>[] = [
  { id: 'EmailSends', title: 'Transactional e-mail sent', show: asCount, adds: true },
  { id: 'EmailDeliveries', title: 'Transactional e-mail delivered', show: asCount, adds: true },
  { id: 'EmailOpens', title: 'Transactional e-mail opened', show: asCount, adds: true },
  { id: 'EmailClicks', title: 'Transactional e-mail clicked', show: asCount, adds: true },
];

export function OverviewPage() {
  const days = useRange();
  const overview = useReport('GetOverviewReport', { asked: days.asked, further: {} });
  return (
    <AnalyticsFrame title="Analytics" description="The whole project at a glance." days={days}>
      <Targetable activeCampaigns={overview.data?.ActiveCampaigns} />
      <Loaded query={overview}>
        {(report) => (isNothing(report.Days) ? <NoEvents /> : <Sections report={report} suffix={days.suffix} />)}
      </Loaded>
    </AnalyticsFrame>
  );
}

export function Targetable({ activeCampaigns }: { readonly activeCampaigns: number | undefined }) {
  const query = useReport('GetTargetableEndpoints', { further: {} });
  return (
    <Loaded query={query}>
      {({ Total, Rows }) => (
        <Facts
          title="Now"
          description="Endpoints that can be sent to: active, with an address, not opted out"
          columns={4}
          facts={[
            { label: 'Active campaigns', value: activeCampaigns === undefined ? undefined : asCount(activeCampaigns) },
            { label: 'Targetable endpoints', value: asCount(Total) },
            ...Rows.map(({ ChannelType, Endpoints }) => ({ label: ChannelType, value: asCount(Endpoints) })),
          ]}
        />
      )}
    </Loaded>
  );
}

function Sections({ report, suffix }: { readonly report: OverviewReport; readonly suffix: string }) {
  const { path } = useProjectPlace();
  const more = (text: string, below: string) => (
    <PageButton to={path(`analytics/${below}${suffix}`)} variant="inline-link">
      {text}
    </PageButton>
  );
  return (
    <SpaceBetween size="l">
      <Header variant="h2" actions={more('More about usage', 'usage')}>
        Apps
      </Header>
      <FigureCards report={report} figures={apps} />
      <Header variant="h2" actions={more('More about campaigns', 'campaigns')}>
        Campaigns
      </Header>
      <FigureCards report={report} figures={campaigns} />
      <Header variant="h2" actions={more('More about transactional messages', 'transactional')}>
        Transactional e-mail
      </Header>
      <FigureCards report={report} figures={mails} />
      <DayTable days={report.Days} figures={[...apps, ...campaigns, ...mails]} name="overview" />
    </SpaceBetween>
  );
}
