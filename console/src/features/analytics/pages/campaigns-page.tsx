/** What campaigns sent, and what became of it: all of them, and each (dossier/events-journeys-console §4.7). */
import { GetCampaignsCommand } from '@aws-sdk/client-pinpoint';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import type { CampaignsReport, CampaignTotal } from '../../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../../app/project-place.tsx';
import { useApi } from '../../../app/session.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { PageLink } from '../../../ui/page-link.tsx';
import { AnalyticsFrame } from '../analytics-frame.tsx';
import { FigureCards } from '../charts/figure-cards.tsx';
import { DayTable, figureColumns, ReportTable } from '../figures/report-table.tsx';
import { isNothing, NoEvents } from '../no-events.tsx';
import { useRange } from '../period/use-range.ts';
import { useReport } from '../queries.ts';
import { chartsOf, totalFigures } from './campaign-figures.ts';
import { Targetable } from './overview-page.tsx';

export function CampaignsPage() {
  const days = useRange();
  const query = useReport('GetCampaignsReport', { asked: days.asked, further: {} });
  return (
    <AnalyticsFrame
      title="Campaigns"
      description="What campaigns sent on these days, and what became of it."
      days={days}
    >
      <Targetable activeCampaigns={query.data?.ActiveCampaigns} />
      <Loaded query={query}>
        {(report) =>
          isNothing(report.Days) ? (
            <NoEvents>No campaign sent anything on these days. Create one under Campaigns, or send an event:</NoEvents>
          ) : (
            <SpaceBetween size="l">
              <EachCampaign report={report} suffix={days.suffix} />
              <FigureCards report={report} figures={chartsOf(report.Days)} />
              <DayTable days={report.Days} figures={totalFigures} name="campaigns_by_day" />
            </SpaceBetween>
          )
        }
      </Loaded>
    </AnalyticsFrame>
  );
}

function EachCampaign({ report, suffix }: { readonly report: CampaignsReport; readonly suffix: string }) {
  const { path } = useProjectPlace();
  const ids = report.Campaigns.map(({ CampaignId }) => CampaignId);
  const names = useCampaignNames(ids);
  const nameOf = (id: string) => names.data?.get(id) ?? id;
  return (
    <ReportTable<CampaignTotal>
      title="By campaign"
      rows={report.Campaigns}
      columns={[
        {
          id: 'Campaign',
          header: 'Campaign',
          value: ({ CampaignId }) => nameOf(CampaignId),
          cell: ({ CampaignId }) => (
            <PageLink to={path(`analytics/campaigns/${encodeURIComponent(CampaignId)}${suffix}`)}>
              <bdi>{nameOf(CampaignId)}</bdi>
            </PageLink>
          ),
        },
        ...figureColumns(totalFigures),
      ]}
      idOf={({ CampaignId }) => CampaignId}
      fileName={`campaigns_${report.StartDate}_${report.EndDate}`}
      empty="No campaign sent anything on these days"
    />
  );
}

/** Of those that are there still: pages of the list until each of `ids` is named. Without a name, its id stands for it. */
function useCampaignNames(ids: readonly string[]) {
  const { pinpoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  return useQuery({
    queryKey: [...scope, 'campaign-names', projectId, ids],
    queryFn: async (): Promise<ReadonlyMap<string, string>> => {
      const names = new Map<string, string>();
      const unnamed = new Set(ids);
      let Token: string | undefined;
      do {
        const page = { ApplicationId: projectId, PageSize: '500', ...(Token !== undefined && { Token }) };
        const { CampaignsResponse } = await pinpoint.send(new GetCampaignsCommand(page));
        for (const { Id = '', Name } of CampaignsResponse?.Item ?? []) {
          names.set(Id, Name ?? Id);
          unnamed.delete(Id);
        }
        Token = CampaignsResponse?.NextToken;
      } while (Token !== undefined && unnamed.size > 0);
      return names;
    },
    enabled: ids.length > 0,
  });
}
