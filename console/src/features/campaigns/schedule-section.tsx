/** When a campaign is sent: at once, once, or again and again; by our clock or by that of each recipient. */
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TimeInput from '@cloudscape-design/components/time-input';
import type { CampaignForm } from './campaign-form.ts';
import type { SectionProps } from './new-campaign-page.tsx';

const choices: readonly { readonly value: CampaignForm['when']; readonly label: string }[] = [
  { value: 'IMMEDIATE', label: 'At once' },
  { value: 'ONCE', label: 'Once' },
  { value: 'DAILY', label: 'Every day' },
  { value: 'WEEKLY', label: 'Every week' },
  { value: 'MONTHLY', label: 'Every month' },
];

export function ScheduleSection({ form, onChange }: SectionProps) {
  return (
    <Container header={<Header variant="h2">4. When</Header>}>
      <SpaceBetween size="m">
        <FormField label="How often">
          <RadioGroup
            value={form.when}
            items={choices.map((each) => ({ ...each }))}
            onChange={({ detail }) => onChange({ ...form, when: detail.value as CampaignForm['when'] })}
          />
        </FormField>
        {form.when === 'IMMEDIATE' ? null : (
          <SpaceBetween size="s">
            <SpaceBetween direction="horizontal" size="s">
              <FormField label="First day">
                <DatePicker
                  value={form.date}
                  onChange={({ detail }) => onChange({ ...form, date: detail.value })}
                  placeholder="YYYY/MM/DD"
                  openCalendarAriaLabel={() => 'Choose a day'}
                />
              </FormField>
              <FormField label="Time">
                <TimeInput
                  value={form.time}
                  format="hh:mm"
                  placeholder="hh:mm"
                  onChange={({ detail }) => onChange({ ...form, time: detail.value })}
                />
              </FormField>
            </SpaceBetween>
            <Checkbox
              checked={form.localTime}
              onChange={({ detail }) => onChange({ ...form, localTime: detail.checked })}
            >
              By the local time of each recipient
            </Checkbox>
          </SpaceBetween>
        )}
      </SpaceBetween>
    </Container>
  );
}
