/** Where a project's events go besides analytics, how far the stream is, and how long events are kept. */
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { EventStreamDestination } from '../../../../server/src/contract/repoint-types.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { awsCommand } from '../../ui/command-line.tsx';
import { DeleteDialog } from '../../ui/delete-dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { Time } from '../../ui/time.tsx';
import { showDuration } from '../analytics/figures/duration.ts';
import { formOf, placeOf } from './destination-kinds.ts';
import { DestinationSection } from './destination-section.tsx';
import { EventSettingsSection } from './event-settings-section.tsx';
import { useDestination, useStreamKey } from './queries.ts';

export function EventStreamPage() {
  const destination = useDestination();
  const found = destination.data;
  return (
    <ProjectFrame
      title="Event stream"
      description="Every event of apps, campaigns and messages, sent on as it happens: at least once, in order for each endpoint."
    >
      <SpaceBetween size="l">
        <Loaded query={destination}>
          {(stream) => (stream === null ? <NoStream /> : <StreamState stream={stream} />)}
        </Loaded>
        {found === undefined ? null : (
          <DestinationSection key={found?.LastModifiedDate ?? 'none'} destination={found} />
        )}
        <EventSettingsSection />
      </SpaceBetween>
    </ProjectFrame>
  );
}

function NoStream() {
  const { region } = useApi();
  const { projectId } = useProjectPlace();
  const request = 'DestinationStreamArn=ARN_OF_A_KINESIS_STREAM,RoleArn=ARN_OF_A_ROLE';
  return (
    <Container>
      <Empty
        title="Events are streamed nowhere"
        command={awsCommand(
          ...(['put-event-stream', region, `--application-id ${projectId}`] as const),
          `--write-event-stream ${request}`,
        )}
      >
        Analytics works without a stream. Choose a destination below, or from a terminal:
      </Empty>
    </Container>
  );
}

function StreamState({ stream }: { readonly stream: EventStreamDestination }) {
  const [ending, setEnding] = useState(false);
  const isFailing = stream.FailingSinceDate !== undefined;
  return (
    <Facts
      title="State"
      actions={<Button onClick={() => setEnding(true)}>End the stream</Button>}
      facts={[
        {
          label: 'State',
          value: isFailing ? (
            <StatusIndicator type="error">Failing</StatusIndicator>
          ) : (
            <StatusIndicator type="success">{stream.WaitingRecords > 0 ? 'Sending' : 'All is sent'}</StatusIndicator>
          ),
        },
        { label: 'Destination', value: formOf(stream.Kind).title },
        { label: 'Place', value: placeOf(stream) },
        { label: 'Lag', value: showDuration(stream.LagSeconds) },
        { label: 'Records waiting', value: showNumber(stream.WaitingRecords) },
        { label: 'Records sent', value: showNumber(stream.SentRecords) },
        { label: 'Records dropped', value: showNumber(stream.DroppedRecords) },
        { label: 'Last sent', value: <Time value={stream.LastSentDate} /> },
        { label: 'Last changed', value: <Time value={stream.LastModifiedDate} /> },
      ]}
    >
      {stream.Fault === undefined ? null : (
        <Alert
          type={isFailing ? 'error' : 'warning'}
          header={isFailing ? <FailingSince date={stream.FailingSinceDate} /> : 'What went wrong last'}
        >
          {stream.Fault}
          {isFailing ? ' It is tried again by itself, and nothing is lost meanwhile.' : null}
        </Alert>
      )}
      {ending ? <EndStream stream={stream} onClose={() => setEnding(false)} /> : null}
    </Facts>
  );
}

function FailingSince({ date }: { readonly date: string | undefined }) {
  return (
    <>
      Nothing has gone through since <Time value={date} />
    </>
  );
}

function EndStream({ stream, onClose }: { readonly stream: EventStreamDestination; readonly onClose: () => void }) {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  const notices = useNotices();
  const queryKey = useStreamKey();
  const end = useMutation({
    mutationFn: () => repoint.send('DeleteEventStreamDestination', { ApplicationId: projectId }),
    onSuccess: async () => {
      notices.done('The event stream has ended');
      onClose();
      await cache.invalidateQueries({ queryKey });
    },
  });
  return (
    <DeleteDialog
      kind="event stream"
      name={stream.Kind}
      pending={end.isPending}
      error={end.error}
      onDelete={() => end.mutate()}
      onClose={onClose}
    >
      {showNumber(stream.WaitingRecords)} records that wait are not sent any more, and its secrets go. Events themselves
      and analytics stay.
    </DeleteDialog>
  );
}
