/** All projects of the account in the chosen region: list, create, delete. */
import { GetAppsCommand } from '@aws-sdk/client-pinpoint';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import { useState } from 'react';
import { useApi } from '../../app/session.tsx';
import { awsCommand, CommandLine } from '../../ui/command-line.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { consoleHref, useFollow } from '../../ui/links.ts';
import { Page } from '../../ui/page.tsx';
import { PagedTable, type PageRequest } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';
import { CreateProjectDialog } from './create-project-dialog.tsx';
import { DeleteProjectDialog } from './delete-project-dialog.tsx';
import { type Project, toProject } from './queries.ts';

export function ProjectsPage() {
  const { pinpoint, scope, region } = useApi();
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<Project>();
  const load = async (page: PageRequest) => {
    const { ApplicationsResponse: answer } = await pinpoint.send(new GetAppsCommand(page));
    return { Item: answer?.Item?.map(toProject), NextToken: answer?.NextToken };
  };
  const create = (
    <Button variant="primary" onClick={() => setCreating(true)}>
      Create a project
    </Button>
  );
  return (
    <Page
      title="All projects"
      description={`A project holds an audience, its segments, campaigns and journeys. Region: ${region}.`}
    >
      <PagedTable
        title="Projects"
        queryKey={[...scope, 'projects']}
        load={load}
        columns={useColumns()}
        idOf={({ id }) => id}
        nameOf={({ name }) => name}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected === undefined} onClick={() => setDeleting(selected)}>
              Delete
            </Button>
            {create}
          </SpaceBetween>
        )}
        empty={<FirstProject region={region} />}
      />
      {creating ? <CreateProjectDialog onClose={() => setCreating(false)} /> : null}
      {deleting ? <DeleteProjectDialog project={deleting} onClose={() => setDeleting(undefined)} /> : null}
    </Page>
  );
}

function useColumns(): TableProps.ColumnDefinition<Project>[] {
  const follow = useFollow();
  return [
    {
      id: 'name',
      header: 'Name',
      minWidth: 160,
      isRowHeader: true,
      cell: ({ id, name }) => (
        <Link href={consoleHref(`/projects/${encodeURIComponent(id)}`)} onFollow={follow}>
          {name}
        </Link>
      ),
    },
    { id: 'id', header: 'Project ID', minWidth: 220, cell: ({ id }) => <Copyable label="the project ID" text={id} /> },
    { id: 'tags', header: 'Tags', minWidth: 120, cell: ({ tags }) => describeTags(tags) },
    { id: 'created', header: 'Created', minWidth: 160, cell: ({ createdAt }) => <Time value={createdAt} /> },
  ];
}

function describeTags(tags: Project['tags']): string {
  const entries = Object.entries(tags);
  const shown = entries.slice(0, 2).map(([key, value]) => (value === '' ? key : `${key}: ${value}`));
  const more = entries.length - shown.length;
  return shown.length === 0 ? '–' : shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function FirstProject({ region }: { readonly region: string }) {
  return (
    <SpaceBetween size="s">
      <Box variant="h3" textAlign="center">
        No projects in {region}
      </Box>
      <Box color="text-body-secondary" textAlign="center">
        Create one with the button above, or from a terminal:
      </Box>
      <CommandLine command={awsCommand('create-app', region, '--create-application-request Name=my-project')} />
    </SpaceBetween>
  );
}
