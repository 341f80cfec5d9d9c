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

export function AnalyticsPage() {
  const { region } = useApi();
  const { projectId } = useProjectPlace();
  const options = [`--application-id ${projectId}`, '--kpi-name unique-deliveries'];
  return (
    <NotYet title="Analytics" command={awsCommand('get-application-date-range-kpi', region, ...options)}>
      The server counts usage, revenue, funnels, campaigns and transactional messages as they happen. The console has no
      charts yet; every figure is a KPI of the API.
    </NotYet>
  );
}
