/** When a campaign is sent: at times, or when something happens; by our clock or by that of each recipient. */
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type CampaignForm, hasQuietTime, waitsForEvents } from './campaign-form.ts';
import { EventSection } from './event-section.tsx';
import { LimitsFields } from './limits-fields.tsx';
import { MomentFields } from './moment-fields.tsx';
import type { SectionProps } from './new-campaign-page.tsx';
import { QuietTimeFields } from './quiet-time-fields.tsx';

const choices: readonly {
  readonly value: CampaignForm['when'];
  readonly label: string;
  readonly description?: string;
}[] = [
  { value: 'IMMEDIATE', label: 'At once' },
  { value: 'ONCE', label: 'Once' },
  { value: 'HOURLY', label: 'Every hour' },
  { value: 'DAILY', label: 'Every day' },
  { value: 'WEEKLY', label: 'Every week' },
  { value: 'MONTHLY', label: 'Every month' },
  {
    value: 'EVENT',
    label: 'When an event occurs',
    description: 'To whoever it happens to, if they are in the segment; the segment must not be an imported one.',
  },
];

export function ScheduleSection({ form, onChange }: SectionProps) {
  const inApp = form.channel === 'INAPP';
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={inApp ? 'Apps fetch the message, and show it when the event happens in them.' : undefined}
        >
          4. When
        </Header>
      }
    >
      <SpaceBetween size="m">
        {inApp ? null : (
          <FormField label="How often">
            <RadioGroup
              value={form.when}
              items={choices.map((each) => ({ ...each }))}
              onChange={({ detail }) => onChange({ ...form, when: detail.value as CampaignForm['when'] })}
            />
          </FormField>
        )}
        {waitsForEvents(form) ? (
          <Waiting form={form} onChange={onChange} />
        ) : form.when === 'IMMEDIATE' ? null : (
          <Times form={form} onChange={onChange} />
        )}
        {hasQuietTime(form) ? (
          <ExpandableSection headerText="Quiet time">
            <QuietTimeFields form={form} onChange={onChange} />
          </ExpandableSection>
        ) : null}
        <ExpandableSection headerText="Limits" defaultExpanded={inApp}>
          <LimitsFields form={form} onChange={onChange} />
        </ExpandableSection>
      </SpaceBetween>
    </Container>
  );
}

function Times({ form, onChange }: SectionProps) {
  return (
    <SpaceBetween size="s">
      <MomentFields
        dayLabel="First day"
        timeLabel="Time"
        date={form.date}
        time={form.time}
        onChange={(date, time) => onChange({ ...form, date, time })}
      />
      {form.when === 'ONCE' ? null : (
        <MomentFields
          dayLabel="Last day"
          timeLabel="Until"
          hint="Empty: without an end."
          date={form.endDate}
          time={form.endTime}
          onChange={(endDate, endTime) => onChange({ ...form, endDate, endTime })}
        />
      )}
      <Checkbox checked={form.localTime} onChange={({ detail }) => onChange({ ...form, localTime: detail.checked })}>
        By the local time of each recipient
      </Checkbox>
    </SpaceBetween>
  );
}

function Waiting({ form, onChange }: SectionProps) {
  return (
    <SpaceBetween size="m">
      <EventSection
        event={form.event}
        ofAppsOnly={form.channel === 'INAPP'}
        onChange={(event) => onChange({ ...form, event })}
      />
      <MomentFields
        dayLabel="From day"
        timeLabel="From"
        hint="Empty: at once."
        date={form.date}
        time={form.time}
        onChange={(date, time) => onChange({ ...form, date, time })}
      />
      <MomentFields
        dayLabel="To day"
        timeLabel="Until"
        date={form.endDate}
        time={form.endTime}
        onChange={(endDate, endTime) => onChange({ ...form, endDate, endTime })}
      />
    </SpaceBetween>
  );
}
