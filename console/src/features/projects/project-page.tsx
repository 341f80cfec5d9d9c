/** One project: what it is, its tags, its settings, and its end. */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useState } from 'react';
import { useParams } from 'react-router';
import { useNavigateFromHere } from '../../app/navigate-from-here.ts';
import { useApi } from '../../app/session.tsx';
import { awsCommand, CommandLine } from '../../ui/command-line.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Page } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { DeleteProjectDialog } from './delete-project-dialog.tsx';
import { NextSteps } from './next-steps.tsx';
import { ProjectSettings } from './project-settings.tsx';
import { ProjectTags } from './project-tags.tsx';
import { type Project, useProject } from './queries.ts';

const parents = [{ text: 'All projects', path: '/projects' }];

export function ProjectPage() {
  const { projectId = '' } = useParams();
  const { data: project, error, refetch } = useProject(projectId);
  if (project === undefined) {
    return (
      <Page title={error ? 'Project' : 'Loading project'} parents={parents}>
        {error ? <ErrorAlert error={error} onRetry={() => void refetch()} /> : <Spinner size="large" />}
      </Page>
    );
  }
  return <LoadedProject key={project.id} project={project} error={error} />;
}

function LoadedProject({ project, error }: { readonly project: Project; readonly error: Error | null }) {
  const [deleting, setDeleting] = useState(false);
  const navigate = useNavigateFromHere();
  const actions = <Button onClick={() => setDeleting(true)}>Delete project</Button>;
  return (
    <Page title={project.name} parents={parents} actions={actions}>
      <SpaceBetween size="l">
        {error ? <ErrorAlert error={error} /> : null}
        <NextSteps projectId={project.id} />
        <General project={project} />
        <ProjectTags project={project} />
        <ProjectSettings projectId={project.id} />
        <FromCode projectId={project.id} />
      </SpaceBetween>
      {deleting ? (
        <DeleteProjectDialog
          project={project}
          onClose={() => setDeleting(false)}
          onDeleted={() => navigate('/projects', { replace: true })}
        />
      ) : null}
    </Page>
  );
}

function General({ project }: { readonly project: Project }) {
  const { region } = useApi();
  return (
    <Container header={<Header variant="h2">General</Header>}>
      <KeyValuePairs
        columns={2}
        items={[
          { label: 'Project ID', value: <Copyable label="the project ID" text={project.id} /> },
          { label: 'ARN', value: <Copyable label="the ARN" text={project.arn} /> },
          { label: 'Created', value: <Time value={project.createdAt} /> },
          { label: 'Region', value: region },
        ]}
      />
    </Container>
  );
}

function FromCode({ projectId }: { readonly projectId: string }) {
  const { region } = useApi();
  return (
    <Container header={<Header variant="h2">From your code</Header>}>
      <SpaceBetween size="xs">
        <Box>
          An AWS SDK needs an access key, this address as its endpoint, the region and the project ID. The same in a
          terminal:
        </Box>
        <CommandLine command={awsCommand('get-app', region, `--application-id ${projectId}`)} />
      </SpaceBetween>
    </Container>
  );
}
