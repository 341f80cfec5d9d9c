/** Builds a funnel, or changes one: its steps, how long they may take, and a try before it is saved. */
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { useNavigateFromHere } from '../../../app/navigate-from-here.ts';
import { useProjectPlace } from '../../../app/project-place.tsx';
import { useApi } from '../../../app/session.tsx';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { useNotices } from '../../../ui/notices.tsx';
import { PageButton } from '../../../ui/page-button.tsx';
import { AnalyticsFrame } from '../analytics-frame.tsx';
import { type RangeInAddress, useRange } from '../period/use-range.ts';
import {
  emptyFunnel,
  emptyStep,
  type FunnelForm,
  faultOf,
  faultOfSteps,
  fromFunnel,
  mostSteps,
  toRequest,
} from './funnel-form.ts';
import { FunnelOptions } from './funnel-options.tsx';
import { FunnelResult } from './funnel-result.tsx';
import { useFunnel, useFunnelsKey } from './queries.ts';
import { StepEditor } from './step-editor.tsx';

const above = [['Funnels', 'analytics/funnels']] as const;

export function NewFunnelPage() {
  const days = useRange();
  return (
    <AnalyticsFrame title="Create a funnel" days={days} above={above}>
      <Builder days={days} initial={emptyFunnel} />
    </AnalyticsFrame>
  );
}

export function EditFunnelPage() {
  const { funnelId = '' } = useParams();
  const days = useRange();
  const funnel = useFunnel(funnelId);
  return (
    <AnalyticsFrame title="Edit funnel" days={days} above={above}>
      <Loaded query={funnel}>
        {(found) => <Builder key={funnelId} days={days} funnelId={funnelId} initial={() => fromFunnel(found)} />}
      </Loaded>
    </AnalyticsFrame>
  );
}

interface BuilderProps {
  readonly days: RangeInAddress;
  readonly initial: () => FunnelForm;
  /** Of the one that is changed. */
  readonly funnelId?: string;
}

function Builder({ days, initial, funnelId }: BuilderProps) {
  const [form, setForm] = useState(initial);
  const { path } = useProjectPlace();
  const save = useSave(funnelId, days.suffix);
  const attempt = useAttempt(days);
  const [fault, faultOfTry] = [faultOf(form), faultOfSteps(form)];
  const setSteps = (steps: FunnelForm['steps']) => setForm({ ...form, steps });
  const back = funnelId === undefined ? 'analytics/funnels' : `analytics/funnels/${encodeURIComponent(funnelId)}`;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Funnel</Header>}>
        <FormField label="Name of the funnel">
          <Input value={form.name} onChange={({ detail }) => setForm({ ...form, name: detail.value })} />
        </FormField>
      </Container>
      {form.steps.map(({ key }, index) => (
        <StepEditor key={key} steps={form.steps} index={index} onChange={setSteps} />
      ))}
      <Button
        iconName="add-plus"
        disabled={form.steps.length >= mostSteps}
        onClick={() => setSteps([...form.steps, emptyStep()])}
      >
        Add step
      </Button>
      <FunnelOptions form={form} onChange={setForm} />
      {save.error ? <ErrorAlert error={save.error} /> : null}
      <SpaceBetween direction="horizontal" size="xs">
        <Button
          variant="primary"
          disabled={fault !== undefined}
          disabledReason={fault}
          loading={save.isPending}
          onClick={() => save.mutate(form)}
        >
          {funnelId === undefined ? 'Create funnel' : 'Save funnel'}
        </Button>
        <Button
          disabled={faultOfTry !== undefined}
          disabledReason={faultOfTry}
          loading={attempt.isPending}
          onClick={() => attempt.mutate(form)}
        >
          Try it
        </Button>
        <PageButton to={path(`${back}${days.suffix}`)} variant="link">
          Cancel
        </PageButton>
      </SpaceBetween>
      {attempt.error ? <ErrorAlert error={attempt.error} /> : null}
      {attempt.data ? (
        <FunnelResult report={attempt.data} countBy={attempt.variables?.countBy ?? 'ENDPOINT'} fileName="funnel" />
      ) : null}
    </SpaceBetween>
  );
}

/** To the saved one afterwards. */
function useSave(funnelId: string | undefined, suffix: string) {
  const { repoint, scope } = useApi();
  const { projectId, path } = useProjectPlace();
  const key = useFunnelsKey();
  const cache = useQueryClient();
  const notices = useNotices();
  const navigate = useNavigateFromHere();
  return useMutation({
    mutationFn: (form: FunnelForm) => {
      const request = { ApplicationId: projectId, WriteFunnelRequest: toRequest(form) };
      return funnelId === undefined
        ? repoint.send('CreateFunnel', request)
        : repoint.send('UpdateFunnel', { ...request, FunnelId: funnelId });
    },
    onSuccess: async (saved) => {
      const { Id, Name } = saved;
      notices.done(funnelId === undefined ? `Funnel ${Name} created` : `Funnel ${Name} saved`);
      cache.setQueryData([...key, 'one', Id], saved);
      // What was computed of the old steps is no longer it, not even for a moment.
      cache.removeQueries({ queryKey: [...scope, 'analytics', projectId, 'GetFunnelReport'] });
      await cache.invalidateQueries({ queryKey: [...key, 'list'] });
      navigate(path(`analytics/funnels/${encodeURIComponent(Id)}${suffix}`));
    },
  });
}

function useAttempt(days: RangeInAddress) {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  return useMutation({
    mutationFn: (form: FunnelForm) =>
      repoint.send('ExploreFunnel', {
        ...{ ApplicationId: projectId, ...days.asked, WriteFunnelRequest: toRequest(form) },
      }),
  });
}
