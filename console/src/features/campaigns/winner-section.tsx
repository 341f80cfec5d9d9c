/** Which message of a campaign does best, and how sure that is. */
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import type { CampaignWinner } from '../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { showNumber } from '../../ui/numbers.ts';

const decisions: Record<CampaignWinner['Decision'], string> = {
  WINNER: 'There is a winner.',
  NOT_SURE_YET: 'It is not sure yet.',
  TOO_FEW: 'There were too few messages to say.',
  ONE_TREATMENT: 'There is one message only.',
};

export function WinnerSection({ campaignId }: { readonly campaignId: string }) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const query = useQuery({
    queryKey: [...scope, 'campaign-winner', projectId, campaignId],
    queryFn: () => repoint.send('GetCampaignWinner', { ApplicationId: projectId, CampaignId: campaignId }),
  });
  return (
    <Loaded query={query}>
      {(winner) => (
        <Table
          header={
            <Header variant="h2" description={decisions[winner.Decision]}>
              Which message does best
            </Header>
          }
          items={[...winner.Treatments]}
          trackBy="TreatmentId"
          ariaLabels={{ tableLabel: 'Messages of the campaign' }}
          columnDefinitions={[
            {
              id: 'name',
              header: 'Message',
              minWidth: 140,
              isRowHeader: true,
              cell: ({ TreatmentId, TreatmentName }) =>
                TreatmentId === winner.Winner ? (
                  <StatusIndicator type="success">{TreatmentName ?? TreatmentId}</StatusIndicator>
                ) : (
                  (TreatmentName ?? TreatmentId)
                ),
            },
            { id: 'share', header: 'Share', minWidth: 80, cell: ({ SizePercent }) => `${SizePercent} %` },
            { id: 'sent', header: 'Sent', minWidth: 80, cell: ({ Sent }) => showNumber(Sent) },
            { id: 'opened', header: 'Opened', minWidth: 90, cell: ({ Opened }) => showNumber(Opened) },
            { id: 'clicked', header: 'Clicked', minWidth: 90, cell: ({ Clicked }) => showNumber(Clicked) },
            {
              id: 'rate',
              header: 'Rate',
              minWidth: 90,
              cell: ({ Rate }) => (Rate === undefined ? '–' : `${(100 * Rate).toFixed(1)} %`),
            },
          ]}
        />
      )}
    </Loaded>
  );
}
