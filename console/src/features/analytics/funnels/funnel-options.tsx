/** What holds for a whole funnel: whom it counts, how long they may take, which events it looks at, and a breakdown. */
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEventNames } from '../event-queries.ts';
import { ConditionsEditor } from '../filters/conditions-editor.tsx';
import { NameInput } from '../filters/event-type-input.tsx';
import type { FunnelForm, WindowUnit } from './funnel-form.ts';

const units: readonly { readonly value: WindowUnit }[] = [{ value: 'minutes' }, { value: 'hours' }, { value: 'days' }];

export interface FunnelOptionsProps {
  readonly form: FunnelForm;
  readonly onChange: (form: FunnelForm) => void;
}

export function FunnelOptions({ form, onChange }: FunnelOptionsProps) {
  const { attributes } = useEventNames();
  return (
    <Container header={<Header variant="h2">The whole funnel</Header>}>
      <SpaceBetween size="m">
        <SpaceBetween direction="horizontal" size="xs" alignItems="end">
          <FormField
            label="Time to get through"
            description="From the first step to the last. Left empty, as long as the report."
          >
            <Input
              value={form.window}
              onChange={({ detail }) => onChange({ ...form, window: detail.value })}
              inputMode="decimal"
            />
          </FormField>
          <Select
            selectedOption={{ value: form.windowUnit }}
            options={units}
            onChange={({ detail }) => {
              const unit = units.find(({ value }) => value === detail.selectedOption.value);
              if (unit !== undefined) onChange({ ...form, windowUnit: unit.value });
            }}
            ariaLabel="Unit of time"
          />
        </SpaceBetween>
        <FormField label="Count">
          <RadioGroup
            value={form.countBy}
            items={[
              { value: 'ENDPOINT', label: 'Endpoints' },
              {
                value: 'USER',
                label: 'Users',
                description: 'On whichever of their endpoints a step was; others by endpoint',
              },
            ]}
            onChange={({ detail }) => onChange({ ...form, countBy: detail.value === 'USER' ? 'USER' : 'ENDPOINT' })}
          />
        </FormField>
        <ConditionsEditor
          label="Conditions on every step"
          conditions={form.filter.conditions}
          eventType=""
          onChange={(conditions) => onChange({ ...form, filter: { ...form.filter, conditions } })}
        />
        <FormField label="Broken down by an attribute">
          <NameInput
            value={form.breakdownBy}
            names={attributes}
            onChange={(breakdownBy) => onChange({ ...form, breakdownBy })}
            placeholder="Not broken down"
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}
