/** A new campaign: whom, what, when, a rehearsal that sends nothing, and the launch. */
import { CreateCampaignCommand } from '@aws-sdk/client-pinpoint';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import Slider from '@cloudscape-design/components/slider';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigateFromHere } from '../../app/navigate-from-here.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { useSomeSegments } from '../segments/queries.ts';
import { type CampaignForm, emptyCampaign, faultOf, toRequest } from './campaign-form.ts';
import { MessagesSection } from './messages-section.tsx';
import { Rehearsal } from './rehearsal.tsx';
import { ScheduleSection } from './schedule-section.tsx';

const above = [['Campaigns', 'campaigns']] as const;

export function NewCampaignPage() {
  const [form, setForm] = useState<CampaignForm>(emptyCampaign);
  return (
    <ProjectFrame title="Create a campaign" above={above}>
      <SpaceBetween size="l">
        <Container header={<Header variant="h2">1. Name</Header>}>
          <FormField label="Name of the campaign">
            <Input value={form.name} onChange={({ detail }) => setForm({ ...form, name: detail.value })} />
          </FormField>
        </Container>
        <SegmentSection form={form} onChange={setForm} />
        <MessagesSection form={form} onChange={setForm} />
        <ScheduleSection form={form} onChange={setForm} />
        <Review form={form} />
      </SpaceBetween>
    </ProjectFrame>
  );
}

export interface SectionProps {
  readonly form: CampaignForm;
  readonly onChange: (form: CampaignForm) => void;
}

function SegmentSection({ form, onChange }: SectionProps) {
  const { data = [], isPending } = useSomeSegments();
  const options = data.map(({ Id = '', Name }) => ({ value: Id, label: Name ?? Id }));
  return (
    <Container header={<Header variant="h2">2. Whom</Header>}>
      <SpaceBetween size="m">
        <FormField label="Segment">
          <Select
            selectedOption={options.find(({ value }) => value === form.segmentId) ?? null}
            options={options}
            onChange={({ detail }) => onChange({ ...form, segmentId: detail.selectedOption.value ?? '' })}
            statusType={isPending ? 'loading' : 'finished'}
            filteringType="auto"
            placeholder="Choose a segment"
            ariaLabel="Segment"
            empty="No segments: build one first"
          />
        </FormField>
        <FormField label={`Held out: ${form.holdout} %`} description="Gets nothing, so that the effect can be told.">
          <Slider
            value={form.holdout}
            min={0}
            max={50}
            step={1}
            onChange={({ detail }) => onChange({ ...form, holdout: detail.value })}
            ariaLabel="Held out"
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}

function Review({ form }: { readonly form: CampaignForm }) {
  const { pinpoint, scope } = useApi();
  const { projectId, path } = useProjectPlace();
  const cache = useQueryClient();
  const notices = useNotices();
  const navigate = useNavigateFromHere();
  const launch = useMutation({
    mutationFn: async () => {
      const command = new CreateCampaignCommand({ ApplicationId: projectId, WriteCampaignRequest: toRequest(form) });
      return (await pinpoint.send(command)).CampaignResponse?.Id ?? '';
    },
    onSuccess: async (id) => {
      notices.done(`Campaign ${form.name} launched`);
      await cache.invalidateQueries({ queryKey: [...scope, 'campaigns', projectId] });
      navigate(path(`campaigns/${encodeURIComponent(id)}`));
    },
  });
  const fault = faultOf(form);
  return (
    <Container header={<Header variant="h2">5. Review and launch</Header>}>
      <SpaceBetween size="m">
        <Rehearsal form={form} fault={fault} />
        {launch.error ? <ErrorAlert error={launch.error} /> : null}
        <Button
          variant="primary"
          disabled={fault !== undefined}
          disabledReason={fault}
          loading={launch.isPending}
          onClick={() => launch.mutate()}
        >
          Launch campaign
        </Button>
      </SpaceBetween>
    </Container>
  );
}
