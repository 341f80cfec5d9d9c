/** The campaigns of a project. */
import { type CampaignResponse, DeleteCampaignCommand, GetCampaignsCommand } from '@aws-sdk/client-pinpoint';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { awsCommand } from '../../ui/command-line.tsx';
import { DeleteDialog } from '../../ui/delete-dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { JobStatus } from '../../ui/long-job.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { PageButton } from '../../ui/page-button.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';

export function CampaignsPage() {
  const { pinpoint, scope, region } = useApi();
  const { projectId, path } = useProjectPlace();
  const [deleting, setDeleting] = useState<CampaignResponse>();
  return (
    <ProjectFrame
      title="Campaigns"
      description="A message to a segment: once, again and again, or in several versions."
    >
      <PagedTable
        title="Campaigns"
        queryKey={[...scope, 'campaigns', projectId]}
        load={async (page) => {
          const answer = await pinpoint.send(new GetCampaignsCommand({ ApplicationId: projectId, ...page }));
          return { Item: answer.CampaignsResponse?.Item, NextToken: answer.CampaignsResponse?.NextToken };
        }}
        columns={useColumns()}
        idOf={({ Id = '' }) => Id}
        nameOf={({ Name, Id = '' }) => Name ?? Id}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected === undefined} onClick={() => setDeleting(selected)}>
              Delete
            </Button>
            <PageButton to={path('campaigns/new')} variant="primary">
              Create a campaign
            </PageButton>
          </SpaceBetween>
        )}
        empty={
          <Empty
            title="No campaigns"
            command={awsCommand(
              ...(['create-campaign', region, `--application-id ${projectId}`] as const),
              '--write-campaign-request file://campaign.json',
            )}
          >
            Create one with the button above, or from a terminal:
          </Empty>
        }
      />
      {deleting ? <DeleteCampaign campaign={deleting} onClose={() => setDeleting(undefined)} /> : null}
    </ProjectFrame>
  );
}

function useColumns(): TableProps.ColumnDefinition<CampaignResponse>[] {
  const { path } = useProjectPlace();
  return [
    {
      id: 'name',
      header: 'Name',
      minWidth: 180,
      isRowHeader: true,
      cell: ({ Id = '', Name }) => <PageLink to={path(`campaigns/${encodeURIComponent(Id)}`)}>{Name ?? Id}</PageLink>,
    },
    { id: 'state', header: 'State', minWidth: 140, cell: ({ State }) => <JobStatus status={State?.CampaignStatus} /> },
    {
      id: 'treatments',
      header: 'Messages',
      minWidth: 100,
      cell: ({ AdditionalTreatments }) => (AdditionalTreatments?.length ?? 0) + 1,
    },
    {
      id: 'start',
      header: 'Begins',
      minWidth: 170,
      cell: ({ Schedule }) => (Schedule?.StartTime === 'IMMEDIATE' ? 'At once' : <Time value={Schedule?.StartTime} />),
    },
    { id: 'created', header: 'Created', minWidth: 160, cell: ({ CreationDate }) => <Time value={CreationDate} /> },
  ];
}

interface DeleteCampaignProps {
  readonly campaign: CampaignResponse;
  readonly onClose: () => void;
}

function DeleteCampaign({ campaign, onClose }: DeleteCampaignProps) {
  const { pinpoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  const notices = useNotices();
  const name = campaign.Name ?? campaign.Id ?? '';
  const remove = useMutation({
    mutationFn: () => pinpoint.send(new DeleteCampaignCommand({ ApplicationId: projectId, CampaignId: campaign.Id })),
    onSuccess: () => {
      notices.done(`Campaign ${name} deleted`);
      onClose();
      return cache.invalidateQueries({ queryKey: [...scope, 'campaigns', projectId] });
    },
  });
  return (
    <DeleteDialog
      kind="campaign"
      name={name}
      pending={remove.isPending}
      error={remove.error}
      onDelete={() => remove.mutate()}
      onClose={onClose}
    >
      A run that is under way stops, and no other begins. What was sent stays counted.
    </DeleteDialog>
  );
}
