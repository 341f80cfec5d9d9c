/** What comes next in a project that is new: people, a segment, a message. Gone once all three are there. */

import { GetSegmentsCommand } from '@aws-sdk/client-pinpoint';
import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../app/session.tsx';
import { awsCommand, CommandLine } from '../../ui/command-line.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { PageButton } from '../../ui/page-button.tsx';

interface Step {
  readonly title: string;
  readonly says: string;
  /** Undefined while it is still to do. */
  readonly done: string | undefined;
  readonly action: string;
  readonly path: string;
  readonly command: string;
}

export function NextSteps({ projectId }: { readonly projectId: string }) {
  const { region } = useApi();
  const state = useProjectState(projectId);
  if (state === undefined || (state.people > 0 && state.segments > 0 && state.messages)) return null;
  const base = `/projects/${encodeURIComponent(projectId)}`;
  const steps: readonly Step[] = [
    {
      title: '1. Bring people in',
      says: 'Upload a CSV or JSON file, or let your app register its endpoints.',
      done: state.people > 0 ? `${showNumber(state.people)} endpoints` : undefined,
      action: 'Import a file',
      path: `${base}/imports/new`,
      command: awsCommand(
        ...(['update-endpoint', region, `--application-id ${projectId}`, '--endpoint-id ana'] as const),
        "--endpoint-request 'ChannelType=EMAIL,Address=ana@example.com'",
      ),
    },
    {
      title: '2. Build a segment',
      says: 'Choose whom to write to; the count follows as you type.',
      done: state.segments > 0 ? 'There is one' : undefined,
      action: 'Build a segment',
      path: `${base}/segments/new`,
      command: awsCommand(
        ...(['create-segment', region, `--application-id ${projectId}`] as const),
        "--write-segment-request 'Name=everybody'",
      ),
    },
    {
      title: '3. Send a message',
      says: 'Without a provider it goes to the outbox: you can read it, and it never leaves this machine.',
      done: state.messages ? 'Sent to the outbox' : undefined,
      action: 'Send a test message',
      path: `${base}/test-messages`,
      command: awsCommand(
        ...(['send-messages', region, `--application-id ${projectId}`] as const),
        '--message-request file://message.json',
      ),
    },
  ];
  return (
    <Container header={<Header variant="h2">Next steps</Header>}>
      <ColumnLayout columns={3} borders="vertical">
        {steps.map((step) => (
          <NextStep key={step.title} step={step} />
        ))}
      </ColumnLayout>
    </Container>
  );
}

function NextStep({ step: { title, says, done, action, path, command } }: { readonly step: Step }) {
  return (
    <SpaceBetween size="xs">
      <Box variant="h3">{title}</Box>
      {done === undefined ? (
        <Box color="text-body-secondary">{says}</Box>
      ) : (
        <StatusIndicator type="success">{done}</StatusIndicator>
      )}
      <PageButton to={path} variant={done === undefined ? 'primary' : 'normal'}>
        {action}
      </PageButton>
      {done === undefined ? <CommandLine command={command} /> : null}
    </SpaceBetween>
  );
}

/** Undefined until all of it is known: steps that appear and go away again teach nothing. */
function useProjectState(projectId: string) {
  const { pinpoint, repoint, scope } = useApi();
  const { data } = useQuery({
    queryKey: [...scope, 'project-state', projectId],
    queryFn: async () => {
      const [estimate, segments, outbox] = await Promise.allSettled([
        repoint.send('EstimateSegment', { ApplicationId: projectId, WriteSegmentRequest: {} }),
        pinpoint.send(new GetSegmentsCommand({ ApplicationId: projectId, PageSize: '1' })),
        repoint.send('GetOutboxMessages', { ApplicationId: projectId, PageSize: '1' }),
      ]);
      // Whoever may not see one of them is past the first steps.
      if (estimate.status === 'rejected' || segments.status === 'rejected' || outbox.status === 'rejected') return null;
      return {
        people: estimate.value.Total,
        segments: segments.value.SegmentsResponse?.Item?.length ?? 0,
        messages: outbox.value.Item.length > 0,
      };
    },
  });
  return data ?? undefined;
}
