/** How many a segment holds, while it is being built: asked again a moment after each change. */
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import LiveRegion from '@cloudscape-design/components/live-region';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useProjectPlace } from '../../../app/project-place.tsx';
import { useApi } from '../../../app/session.tsx';
import { useDebounced } from '../../../ui/debounced.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { showNumber } from '../../../ui/numbers.ts';
import { PageLink } from '../../../ui/page-link.tsx';
import type { BuilderSegment } from './model.ts';
import { isComplete, toRequest } from './model.ts';

export function EstimatePanel({ segment }: { readonly segment: BuilderSegment }) {
  const { repoint, scope } = useApi();
  const { projectId, path } = useProjectPlace();
  const { Name: _name, ...asked } = toRequest(segment);
  const question = useDebounced(JSON.stringify(asked));
  const { data, error, isFetching } = useQuery({
    queryKey: [...scope, 'estimate', projectId, question],
    queryFn: () =>
      repoint.send('EstimateSegment', { ApplicationId: projectId, WriteSegmentRequest: JSON.parse(question) }),
    placeholderData: keepPreviousData,
  });
  const filters = segment.groups.flatMap(({ criteria }) => criteria.flatMap((criterion) => criterion.filters));
  const unfinished = filters.filter((filter) => !isComplete(filter)).length;
  return (
    <Container header={<Header variant="h2">Segment estimate</Header>}>
      <SpaceBetween size="m">
        {error ? <ErrorAlert error={error} /> : null}
        {data === undefined ? (
          <StatusIndicator type="loading">Counting</StatusIndicator>
        ) : (
          <SpaceBetween size="m">
            <LiveRegion>
              <Box fontSize="display-l" fontWeight="bold">
                <span className="estimate-count" data-testid="estimate-eligible">
                  {showNumber(data.Eligible)}
                </span>
              </Box>
              <Box color="text-body-secondary">
                can be written to, of <span data-testid="estimate-total">{showNumber(data.Total)}</span> in the segment
              </Box>
            </LiveRegion>
            {isFetching ? <StatusIndicator type="loading">Counting</StatusIndicator> : null}
            {data.Channels.length === 0 ? null : (
              <KeyValuePairs
                columns={2}
                items={data.Channels.map(({ ChannelType, Eligible, Total }) => ({
                  label: ChannelType ?? 'Without a channel',
                  value: `${showNumber(Eligible)} of ${showNumber(Total)}`,
                }))}
              />
            )}
            {data.SampleEndpointIds.length === 0 ? null : (
              <div>
                <Box variant="awsui-key-label">Some of them</Box>
                <SpaceBetween direction="horizontal" size="xs">
                  {data.SampleEndpointIds.map((id) => (
                    <PageLink key={id} to={path(`people/${encodeURIComponent(id)}`)}>
                      {id}
                    </PageLink>
                  ))}
                </SpaceBetween>
              </div>
            )}
          </SpaceBetween>
        )}
        {unfinished === 0 ? null : (
          <Box color="text-body-secondary">
            {unfinished === 1 ? 'One filter is' : `${unfinished} filters are`} not filled in and left out.
          </Box>
        )}
      </SpaceBetween>
    </Container>
  );
}
