/** Results of one campaign: by day, by run, by treatment (dossier/events-journeys-console §4.7). */
import {
  type ActivityResponse,
  type CampaignResponse,
  GetCampaignActivitiesCommand,
  GetCampaignCommand,
} from '@aws-sdk/client-pinpoint';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type {
  CampaignReport,
  CampaignRunTotal,
  CampaignTreatmentTotal,
} from '../../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../../app/project-place.tsx';
import { useApi } from '../../../app/session.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { PageButton } from '../../../ui/page-button.tsx';
import { Time } from '../../../ui/time.tsx';
import { AnalyticsFrame } from '../analytics-frame.tsx';
import { FigureCards } from '../charts/figure-cards.tsx';
import { asCount } from '../figures/figure.ts';
import { DayTable, figureColumns, ReportTable } from '../figures/report-table.tsx';
import { isNothing, NoEvents } from '../no-events.tsx';
import { useRange } from '../period/use-range.ts';
import { useReport } from '../queries.ts';
import { chartsOf, totalFigures, treatmentFigures } from './campaign-figures.ts';
import { CampaignSessions } from './campaign-sessions.tsx';
import { Conversions } from './conversions.tsx';

const above = [['Campaigns', 'analytics/campaigns']] as const;

export function CampaignPage() {
  const { campaignId = '' } = useParams();
  const days = useRange();
  const { path } = useProjectPlace();
  const campaign = useCampaign(campaignId);
  const activities = useActivities(campaignId);
  const query = useReport('GetCampaignReport', { asked: days.asked, further: { CampaignId: campaignId } });
  return (
    <AnalyticsFrame
      title={campaign.data?.Name ?? 'Campaign'}
      description="What this campaign sent on these days, and what became of it."
      days={days}
      above={above}
      actions={<PageButton to={path(`campaigns/${encodeURIComponent(campaignId)}`)}>Open campaign</PageButton>}
    >
      <Loaded query={query}>
        {(report) =>
          isNothing(report.Days) ? (
            <NoEvents>This campaign sent nothing on these days. Choose others, or send an event:</NoEvents>
          ) : (
            <SpaceBetween size="l">
              <FigureCards report={report} figures={chartsOf(report.Days)} />
              <Runs report={report} activities={activities.data ?? []} campaign={campaign.data} />
              {activities.error ? <Loaded query={activities}>{() => null}</Loaded> : null}
              <Treatments report={report} campaign={campaign.data} />
              <DayTable days={report.Days} figures={totalFigures} name={`campaign_${campaignId}`} />
            </SpaceBetween>
          )
        }
      </Loaded>
      <CampaignSessions campaignId={campaignId} days={days} />
      <Conversions campaignId={campaignId} />
    </AnalyticsFrame>
  );
}

function useCampaign(campaignId: string) {
  const { pinpoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  return useQuery({
    queryKey: [...scope, 'campaigns', projectId, campaignId],
    queryFn: async (): Promise<CampaignResponse> => {
      const answer = await pinpoint.send(new GetCampaignCommand({ ApplicationId: projectId, CampaignId: campaignId }));
      if (answer.CampaignResponse === undefined) throw new Error('The server answered without a campaign');
      return answer.CampaignResponse;
    },
  });
}

type Activities = readonly ActivityResponse[];

/** The newest five hundred: a run of each treatment is one. */
function useActivities(campaignId: string) {
  const { pinpoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  return useQuery({
    queryKey: [...scope, 'analytics', projectId, 'activities', campaignId],
    queryFn: async (): Promise<Activities> => {
      const question = { ApplicationId: projectId, CampaignId: campaignId, PageSize: '500' };
      const answer = await pinpoint.send(new GetCampaignActivitiesCommand(question));
      return answer.ActivitiesResponse?.Item ?? [];
    },
  });
}

interface RunsProps extends TreatmentsProps {
  readonly activities: Activities;
}

function Runs({ report, activities, campaign }: RunsProps) {
  const activityOf = ({ CampaignActivityId }: CampaignRunTotal) =>
    activities.find(({ Id }) => Id === CampaignActivityId);
  const beginOf = (run: CampaignRunTotal) => activityOf(run)?.Start ?? activityOf(run)?.ScheduledStart;
  return (
    <ReportTable<CampaignRunTotal>
      title="Runs"
      description="Targeted: those a message was to leave to, without duplicates and endpoints that are inactive"
      rows={report.Runs}
      columns={[
        {
          id: 'Run',
          header: 'Run',
          value: (run) => beginOf(run) ?? run.CampaignActivityId,
          cell: (run) => (beginOf(run) === undefined ? run.CampaignActivityId : <Time value={beginOf(run)} />),
        },
        { id: 'Treatment', header: 'Treatment', value: (run) => nameOf(campaign, activityOf(run)?.TreatmentId) },
        {
          id: 'Targeted',
          header: 'Endpoints targeted',
          value: (run) => activityOf(run)?.TotalEndpointCount,
          cell: (run) => {
            const count = activityOf(run)?.TotalEndpointCount;
            return count === undefined ? '–' : asCount(count);
          },
        },
        ...figureColumns(totalFigures),
      ]}
      idOf={({ CampaignActivityId }) => CampaignActivityId}
      fileName={`campaign_${report.CampaignId}_runs`}
      empty="No run sent anything on these days"
      newestFirst
    />
  );
}

interface TreatmentsProps {
  readonly report: CampaignReport;
  readonly campaign: CampaignResponse | undefined;
}

function Treatments({ report, campaign }: TreatmentsProps) {
  if (report.Treatments.length < 2) return null;
  return (
    <ReportTable<CampaignTreatmentTotal>
      title="Treatments"
      rows={report.Treatments}
      columns={[
        {
          id: 'Treatment',
          header: 'Treatment',
          value: ({ TreatmentId }) => nameOf(campaign, TreatmentId),
          cell: ({ TreatmentId }) => <bdi>{nameOf(campaign, TreatmentId)}</bdi>,
        },
        ...figureColumns(treatmentFigures),
      ]}
      idOf={({ TreatmentId }) => TreatmentId}
      fileName={`campaign_${report.CampaignId}_treatments`}
      empty="No treatment sent anything on these days"
    />
  );
}

/** Those of a campaign with one message have none. */
function nameOf(campaign: CampaignResponse | undefined, treatmentId: string | undefined): string | undefined {
  const further = campaign?.AdditionalTreatments?.find(({ Id }) => Id === treatmentId)?.TreatmentName;
  return further ?? (treatmentId === '0' ? campaign?.TreatmentName : undefined) ?? treatmentId;
}
