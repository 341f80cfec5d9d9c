/** One campaign: its state, each run as it goes, and which of its messages does best. */
import { type CampaignResponse, GetCampaignCommand } from '@aws-sdk/client-pinpoint';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { CampaignProgress, CampaignRunProgress } from '../../../../server/src/contract/repoint-types.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { isOver, JobProgress, JobStatus, useLongJob } from '../../ui/long-job.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { PageButton } from '../../ui/page-button.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { Time } from '../../ui/time.tsx';
import { attributeOperators, metricOperators } from '../segments/builder/choices.ts';
import { describeFilter } from './event-form.ts';
import { inAppLimits, sendingLimits } from './limits-form.ts';
import { WinnerSection } from './winner-section.tsx';

const above = [['Campaigns', 'campaigns']] as const;

export function CampaignPage() {
  const { campaignId = '' } = useParams();
  const { pinpoint, repoint, scope } = useApi();
  const { projectId, path } = useProjectPlace();
  const campaign = useQuery({
    queryKey: [...scope, 'campaigns', projectId, campaignId],
    queryFn: async () => {
      const answer = await pinpoint.send(new GetCampaignCommand({ ApplicationId: projectId, CampaignId: campaignId }));
      if (answer.CampaignResponse === undefined) throw new Error('The server answered without a campaign');
      return answer.CampaignResponse;
    },
  });
  const progress = useLongJob<CampaignProgress>({
    queryKey: [...scope, 'campaign-progress', projectId, campaignId],
    load: () => repoint.send('GetCampaignProgress', { ApplicationId: projectId, CampaignId: campaignId }),
    isOver: ({ State }) => isOver(State),
  });
  return (
    <ProjectFrame
      title={campaign.data?.Name ?? 'Campaign'}
      above={above}
      actions={
        <PageButton to={path(`analytics/campaigns/${encodeURIComponent(campaignId)}`)}>View analytics</PageButton>
      }
    >
      <SpaceBetween size="l">
        <Loaded query={campaign}>
          {(found) => <Overview campaign={found} state={progress.data?.State ?? found.State?.CampaignStatus} />}
        </Loaded>
        <Loaded query={progress}>
          {(found) => (
            <Runs
              campaignId={campaignId}
              runs={found.Runs}
              inApp={campaign.data?.Schedule?.Frequency === 'IN_APP_EVENT'}
            />
          )}
        </Loaded>
        {(campaign.data?.AdditionalTreatments?.length ?? 0) > 0 ? <WinnerSection campaignId={campaignId} /> : null}
      </SpaceBetween>
    </ProjectFrame>
  );
}

interface OverviewProps {
  readonly campaign: CampaignResponse;
  readonly state: string | undefined;
}

function Overview({ campaign, state }: OverviewProps) {
  const { path } = useProjectPlace();
  const { Schedule, SegmentId = '', HoldoutPercent, AdditionalTreatments, CreationDate } = campaign;
  return (
    <Facts
      title="Campaign"
      facts={[
        { label: 'State', value: <JobStatus status={state} /> },
        { label: 'Segment', value: <PageLink to={path(`segments/${encodeURIComponent(SegmentId)}`)}>Open</PageLink> },
        { label: 'Held out', value: `${HoldoutPercent ?? 0} %` },
        { label: 'Messages', value: (AdditionalTreatments?.length ?? 0) + 1 },
        {
          label: 'Begins',
          value: Schedule?.StartTime === 'IMMEDIATE' ? 'At once' : <Time value={Schedule?.StartTime} />,
        },
        { label: 'How often', value: frequencies[Schedule?.Frequency ?? 'ONCE'] },
        ...waitingFacts(campaign),
        { label: 'Created', value: <Time value={CreationDate} /> },
      ]}
    />
  );
}

/** Of what has a window, waits for events, or has hours and limits of its own. */
function waitingFacts({ Schedule, Priority, Limits }: CampaignResponse): Fact[] {
  const words = new Map([...attributeOperators, ...metricOperators].map(({ value, label }) => [value, label]));
  const filter = Schedule?.EventFilter;
  const limits = [...sendingLimits, ...inAppLimits.slice(0, 1)].flatMap(({ name, label }) => {
    const value = Limits?.[name];
    return value === undefined || value === 0 ? [] : [`${label}: ${showNumber(value)}`];
  });
  return [
    ...(Schedule?.EndTime === undefined ? [] : [{ label: 'Until', value: <Time value={Schedule.EndTime} /> }]),
    ...(filter === undefined ? [] : [{ label: 'Waits for', value: <bdi>{describeFilter(filter, words)}</bdi> }]),
    ...(Schedule?.Frequency === 'IN_APP_EVENT' ? [{ label: 'Priority', value: Priority }] : []),
    ...(Schedule?.QuietTime?.Start && Schedule.QuietTime.End
      ? [{ label: 'Quiet time', value: `${Schedule.QuietTime.Start} to ${Schedule.QuietTime.End}` }]
      : []),
    ...(limits.length === 0 ? [] : [{ label: 'Limits', value: limits.join(', ') }]),
  ];
}

const frequencies: Readonly<Record<string, string>> = {
  ...{ ONCE: 'Once', HOURLY: 'Every hour', DAILY: 'Every day', WEEKLY: 'Every week', MONTHLY: 'Every month' },
  ...{ EVENT: 'When an event occurs', IN_APP_EVENT: 'Shown in apps when an event occurs' },
};

interface RunsProps {
  readonly campaignId: string;
  readonly runs: readonly CampaignRunProgress[];
  readonly inApp: boolean;
}

function Runs({ campaignId, runs, inApp }: RunsProps) {
  if (inApp) {
    return (
      <Container>
        <Empty title="Apps come for it">
          Nothing is sent: an app of the segment asks for its messages (GetInAppMessages), and shows this one when the
          event happens.
        </Empty>
      </Container>
    );
  }
  if (runs.length === 0) {
    return (
      <Container>
        <Empty title="No run yet">The first run shows up here when it begins.</Empty>
      </Container>
    );
  }
  return (
    <SpaceBetween size="l">
      {runs.map((run) => (
        <Run key={run.RunId} campaignId={campaignId} run={run} />
      ))}
    </SpaceBetween>
  );
}

function Run({ campaignId, run }: { readonly campaignId: string; readonly run: CampaignRunProgress }) {
  const skipped = Object.values(run.Skipped).reduce((sum, each) => sum + each, 0);
  const dealtWith = run.Sent + run.Failed + skipped;
  return (
    <Container
      header={
        <Header variant="h2" actions={<PauseButton campaignId={campaignId} run={run} />}>
          Run of <Time value={run.ScheduledStart} />
        </Header>
      }
    >
      <SpaceBetween size="m">
        {run.Fault === undefined ? null : <ErrorAlert error={new Error(run.Fault)} title="The run failed" />}
        {isOver(run.State) || run.Expected === undefined ? null : (
          <JobProgress label="Dealt with" done={dealtWith} of={run.Expected} />
        )}
        <KeyValuePairs
          columns={4}
          items={[
            { label: 'State', value: <JobStatus status={run.State} /> },
            { label: 'Sent', value: showNumber(run.Sent) },
            { label: 'Failed', value: showNumber(run.Failed) },
            { label: 'Under way', value: showNumber(run.InFlight) },
            { label: 'Messages per second', value: showNumber(Math.round(run.MessagesPerSecond)) },
            { label: 'Ended', value: <Time value={run.EndedAt ?? run.EstimatedEnd} /> },
            ...Object.entries(run.Skipped).map(([reason, count]) => ({
              label: `Left out: ${reason.toLowerCase().replaceAll('_', ' ')}`,
              value: showNumber(count),
            })),
          ]}
        />
      </SpaceBetween>
    </Container>
  );
}

function PauseButton({ campaignId, run }: { readonly campaignId: string; readonly run: CampaignRunProgress }) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  const paused = run.State === 'PAUSED';
  const change = useMutation({
    mutationFn: () =>
      repoint.send(paused ? 'ResumeCampaignRun' : 'PauseCampaignRun', {
        ...{ ApplicationId: projectId, CampaignId: campaignId, RunId: run.RunId },
      }),
    onSuccess: () => cache.invalidateQueries({ queryKey: [...scope, 'campaign-progress', projectId, campaignId] }),
  });
  if (isOver(run.State)) return null;
  return (
    <>
      <Button loading={change.isPending} onClick={() => change.mutate()}>
        {paused ? 'Resume' : 'Pause'}
      </Button>
      {change.error ? <ErrorAlert error={change.error} /> : null}
    </>
  );
}
