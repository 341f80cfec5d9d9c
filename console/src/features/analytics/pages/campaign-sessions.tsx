/** How often the app was opened, and what was bought, within a day of a message of the campaign. */
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { CampaignSessionsDay, CampaignSessionsReport } from '../../../../../server/src/contract/repoint-types.ts';
import { Loaded } from '../../../ui/loaded.tsx';
import { FigureCards } from '../charts/figure-cards.tsx';
import { WeekHours } from '../charts/week-hours.tsx';
import { asCount, asQuotient, type Figure } from '../figures/figure.ts';
import { DayTable } from '../figures/report-table.tsx';
import { isNothing } from '../no-events.tsx';
import type { RangeInAddress } from '../period/use-range.ts';
import { useReport } from '../queries.ts';

const sessions: readonly Figure<CampaignSessionsDay>[] = [
  { id: 'Sessions', title: 'Sessions', show: asCount, adds: true, about: 'The app was opened' },
  { id: 'SessionsPerEndpoint', title: 'Sessions per endpoint', show: asQuotient, about: 'Of those that opened it' },
];

const units: readonly Figure<CampaignSessionsDay>[] = [
  { id: 'UnitsSold', title: 'Units sold', show: asCount, adds: true },
  { id: 'UnitsSoldPerEndpoint', title: 'Units sold per endpoint', show: asQuotient, about: 'Of those that bought' },
];

interface CampaignSessionsProps {
  readonly campaignId: string;
  readonly days: RangeInAddress;
}

export function CampaignSessions({ campaignId, days }: CampaignSessionsProps) {
  const query = useReport('GetCampaignSessions', { asked: days.asked, further: { CampaignId: campaignId } });
  return (
    <SpaceBetween size="l">
      <Header
        variant="h2"
        description="By endpoints that got a message of this campaign, within 24 hours of it; each session once"
      >
        Sessions and purchases
      </Header>
      <Loaded query={query}>{(report) => <Followed report={report} />}</Loaded>
    </SpaceBetween>
  );
}

function Followed({ report }: { readonly report: CampaignSessionsReport }) {
  if (isNothing(report.Days)) return <>Nobody opened the app or bought within a day of a message on these days.</>;
  const bought = report.Days.some(({ Buyers }) => Buyers > 0);
  const figures = bought ? [...sessions, ...units] : sessions;
  const title = 'Sessions after the message, by day of the week and hour';
  return (
    <SpaceBetween size="l">
      <FigureCards report={report} figures={figures} />
      <Container
        header={
          <Header variant="h3" description="In the local time of each endpoint; in UTC where it told none">
            {title}
          </Header>
        }
      >
        <WeekHours label={title} of={report.Hours} />
      </Container>
      <DayTable
        title="Sessions and purchases day by day"
        days={report.Days}
        figures={figures}
        name={`campaign_${report.CampaignId}_sessions`}
      />
    </SpaceBetween>
  );
}
