/** Sections that have no pages yet: each says so, and what does the same work meanwhile. */
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { awsCommand, CommandLine } from '../../ui/command-line.tsx';

interface NotYetProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly command?: string;
}

function NotYet({ title, children, command }: NotYetProps) {
  return (
    <ProjectFrame title={title}>
      <Container>
        <SpaceBetween size="m">
          <Box>{children}</Box>
          {command === undefined ? null : <CommandLine command={command} />}
        </SpaceBetween>
      </Container>
    </ProjectFrame>
  );
}

export function JourneysPage() {
  return (
    <NotYet title="Journeys">
      Journeys are not there yet: this version of the server answers their operations with “not implemented”. Scheduled,
      recurring and event-triggered sending is done with campaigns.
    </NotYet>
  );
}

export function PrivacyPage() {
  const { region } = useApi();
  const { projectId } = useProjectPlace();
  const options = [`--application-id ${projectId}`, '--endpoint-id ENDPOINT'];
  return (
    <NotYet title="Privacy" command={awsCommand('delete-endpoint', region, ...options)}>
      One person is erased from their page under People, with a preview of everything that is held. Lists of requests,
      retention rules, holds and erasure in files are in the API under /repoint/v1 and have no pages yet. Deleting an
      endpoint through the Pinpoint API is a whole erasure as well:
    </NotYet>
  );
}
