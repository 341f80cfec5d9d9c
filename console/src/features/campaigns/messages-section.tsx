/** What a campaign says: one message, or several of which each gets its share of the people. */
import { ListTemplatesCommand } from '@aws-sdk/client-pinpoint';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import Slider from '@cloudscape-design/components/slider';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../app/session.tsx';
import { type CampaignChannel, mostTreatments, shareOfFirst, type Treatment } from './campaign-form.ts';
import type { SectionProps } from './new-campaign-page.tsx';

const channels: readonly { readonly value: CampaignChannel; readonly label: string }[] = [
  { value: 'EMAIL', label: 'E-mail' },
  { value: 'SMS', label: 'SMS' },
  { value: 'PUSH', label: 'Push' },
  { value: 'INAPP', label: 'In-app message' },
];

export function MessagesSection({ form, onChange }: SectionProps) {
  const { pinpoint, scope } = useApi();
  const { data: templates = [] } = useQuery({
    queryKey: [...scope, 'templates', 'some', form.channel],
    queryFn: async () => {
      const answer = await pinpoint.send(new ListTemplatesCommand({ TemplateType: form.channel, PageSize: '500' }));
      return (answer.TemplatesResponse?.Item ?? []).map(({ TemplateName = '' }) => TemplateName);
    },
  });
  const change = (changed: Treatment) =>
    onChange({ ...form, treatments: form.treatments.map((each) => (each.key === changed.key ? changed : each)) });
  const add = () => {
    const name = 'ABCDE'[form.treatments.length] ?? 'E';
    const percent = Math.floor(shareOfFirst(form) / 2);
    const treatment = { key: `${Date.now()}`, name, template: '', percent };
    onChange({ ...form, treatments: [...form.treatments, treatment] });
  };
  const changeChannel = (channel: CampaignChannel) =>
    onChange({ ...form, channel, treatments: form.treatments.map((each) => ({ ...each, template: '' })) });
  return (
    <Container header={<Header variant="h2">3. What</Header>}>
      <SpaceBetween size="l">
        <FormField label="Channel">
          <RadioGroup
            direction="horizontal"
            value={form.channel}
            items={channels.map((each) => ({ ...each }))}
            onChange={({ detail }) => changeChannel(detail.value as CampaignChannel)}
          />
        </FormField>
        {form.treatments.map((treatment, index) => (
          <TreatmentFields
            key={treatment.key}
            treatment={treatment}
            templates={templates}
            share={index === 0 ? shareOfFirst(form) : treatment.percent}
            most={shareOfFirst(form) + treatment.percent - 1}
            onChange={change}
            {...(index > 0 && {
              onRemove: () =>
                onChange({ ...form, treatments: form.treatments.filter(({ key }) => key !== treatment.key) }),
            })}
          />
        ))}
        <Button iconName="add-plus" disabled={form.treatments.length >= mostTreatments} onClick={add}>
          Try another message on a share of them
        </Button>
      </SpaceBetween>
    </Container>
  );
}

interface TreatmentFieldsProps {
  readonly treatment: Treatment;
  readonly templates: readonly string[];
  readonly share: number;
  readonly most: number;
  readonly onChange: (treatment: Treatment) => void;
  /** None for the first, which gets what the others leave. */
  readonly onRemove?: () => void;
}

function TreatmentFields({ treatment, templates, share, most, onChange, onRemove }: TreatmentFieldsProps) {
  const options = templates.map((value) => ({ value, label: value }));
  return (
    <SpaceBetween size="s">
      <FormField label={`Message ${treatment.name}: ${share} %`}>
        <Select
          selectedOption={options.find(({ value }) => value === treatment.template) ?? null}
          options={options}
          onChange={({ detail }) => onChange({ ...treatment, template: detail.selectedOption.value ?? '' })}
          placeholder="Choose a template"
          filteringType="auto"
          empty="No templates for this channel"
        />
      </FormField>
      {onRemove === undefined ? null : (
        <>
          <Slider
            value={treatment.percent}
            min={1}
            max={Math.max(most, 2)}
            step={1}
            onChange={({ detail }) => onChange({ ...treatment, percent: detail.value })}
            ariaLabel={`Share of message ${treatment.name}`}
          />
          <Box>
            <Button onClick={onRemove} ariaLabel={`Remove message ${treatment.name}`}>
              Remove message {treatment.name}
            </Button>
          </Box>
        </>
      )}
    </SpaceBetween>
  );
}
