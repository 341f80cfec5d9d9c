/** Building a segment: name, groups, and beside them how many it holds. For a new one, and for one that is there. */
import { CreateSegmentCommand, type SegmentResponse, UpdateSegmentCommand } from '@aws-sdk/client-pinpoint';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { useNavigateFromHere } from '../../app/navigate-from-here.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { PageButton } from '../../ui/page-button.tsx';
import { groupQuantifiers } from './builder/choices.ts';
import { EstimatePanel } from './builder/estimate-panel.tsx';
import { Choice } from './builder/filter-editor.tsx';
import { GroupEditor } from './builder/group-editor.tsx';
import {
  type BuilderGroup,
  type BuilderSegment,
  clashOf,
  emptyGroup,
  emptySegment,
  fromSegment,
  isComplete,
  type Quantifier,
  toRequest,
} from './builder/model.ts';
import { useAttributeNames, useSegment } from './queries.ts';
import './builder/builder.css';

const above = [['Segments', 'segments']] as const;

export function NewSegmentPage() {
  return (
    <ProjectFrame title="Build a segment" above={above}>
      <Builder />
    </ProjectFrame>
  );
}

export function EditSegmentPage() {
  const { segmentId = '' } = useParams();
  const query = useSegment(segmentId);
  return (
    <ProjectFrame title={query.data?.Name ?? 'Segment'} above={above}>
      <Loaded query={query}>{(segment) => <Builder stored={segment} />}</Loaded>
    </ProjectFrame>
  );
}

const noNames = { attributes: [], userAttributes: [], metrics: [] };

function Builder({ stored }: { readonly stored?: SegmentResponse }) {
  const [segment, setSegment] = useState<BuilderSegment>(() =>
    stored === undefined ? emptySegment() : fromSegment(stored),
  );
  const { data: names = noNames } = useAttributeNames();
  const changeGroup = (changed: BuilderGroup) =>
    setSegment({ ...segment, groups: segment.groups.map((group) => (group.key === changed.key ? changed : group)) });
  return (
    <Grid gridDefinition={[{ colspan: { default: 12, s: 8 } }, { colspan: { default: 12, s: 4 } }]}>
      <SpaceBetween size="l">
        <Container>
          <SpaceBetween size="m">
            <FormField label="Name">
              <Input value={segment.name} onChange={({ detail }) => setSegment({ ...segment, name: detail.value })} />
            </FormField>
            {segment.groups.length < 2 ? null : (
              <FormField label="A person is in the segment when they are">
                <Choice
                  label="Groups"
                  value={segment.include}
                  options={groupQuantifiers}
                  onChange={(include) => setSegment({ ...segment, include: include as Quantifier })}
                />
              </FormField>
            )}
          </SpaceBetween>
        </Container>
        {segment.groups.map((group, index) => (
          <GroupEditor
            key={group.key}
            title={`Group ${index + 1}`}
            group={group}
            names={names}
            {...(stored?.Id !== undefined && { ownId: stored.Id })}
            onChange={changeGroup}
            {...(segment.groups.length > 1 && {
              onRemove: () => setSegment({ ...segment, groups: segment.groups.filter(({ key }) => key !== group.key) }),
            })}
          />
        ))}
        <Button
          iconName="add-plus"
          onClick={() => setSegment({ ...segment, groups: [...segment.groups, emptyGroup()] })}
        >
          Add another group
        </Button>
        <Save segment={segment} stored={stored} />
      </SpaceBetween>
      <EstimatePanel segment={segment} />
    </Grid>
  );
}

function Save({ segment, stored }: { readonly segment: BuilderSegment; readonly stored: SegmentResponse | undefined }) {
  const { pinpoint, scope } = useApi();
  const { projectId, path } = useProjectPlace();
  const cache = useQueryClient();
  const notices = useNotices();
  const navigate = useNavigateFromHere();
  const save = useMutation({
    mutationFn: async () => {
      const request = { ApplicationId: projectId, WriteSegmentRequest: toRequest(segment) };
      const answer =
        stored?.Id === undefined
          ? await pinpoint.send(new CreateSegmentCommand(request))
          : await pinpoint.send(new UpdateSegmentCommand({ ...request, SegmentId: stored.Id }));
      return answer.SegmentResponse;
    },
    onSuccess: async (saved) => {
      notices.done(`Segment ${segment.name} saved`);
      await cache.invalidateQueries({ queryKey: scope });
      navigate(path(`segments/${encodeURIComponent(saved?.Id ?? '')}`));
    },
  });
  const criteria = segment.groups.flatMap((group) => group.criteria);
  const ready =
    segment.name.trim() !== '' &&
    criteria.every((criterion) => criterion.filters.every(isComplete) && clashOf(criterion) === undefined);
  return (
    <SpaceBetween size="m">
      {save.error ? <ErrorAlert error={save.error} /> : null}
      <SpaceBetween direction="horizontal" size="xs">
        <PageButton to={path('segments')} variant="link">
          Cancel
        </PageButton>
        <Button variant="primary" disabled={!ready} loading={save.isPending} onClick={() => save.mutate()}>
          {stored === undefined ? 'Create segment' : 'Save as new version'}
        </Button>
      </SpaceBetween>
    </SpaceBetween>
  );
}
