/** How much a campaign may send or show; of in-app messages also which goes first. */
import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { limitsOf } from './campaign-form.ts';
import { limitFault } from './limits-form.ts';
import type { SectionProps } from './new-campaign-page.tsx';

const priorities = [
  { value: '1', label: '1: before all others' },
  ...['2', '3', '4'].map((value) => ({ value, label: value })),
  { value: '5', label: '5: after all others' },
];

export function LimitsFields({ form, onChange }: SectionProps) {
  const inApp = form.channel === 'INAPP';
  return (
    <SpaceBetween size="m">
      <ColumnLayout columns={2}>
        {limitsOf(form).map((limit) => {
          const text = form.limits[limit.name] ?? '';
          const fault = limitFault(limit, text);
          return (
            <FormField
              key={limit.name}
              label={limit.label}
              constraintText={
                limit.least === 0 ? 'Empty: as the project says. 0: without a limit.' : 'Empty: as the project says.'
              }
              errorText={fault}
            >
              <Input
                value={text}
                inputMode="numeric"
                onChange={({ detail }) => onChange({ ...form, limits: { ...form.limits, [limit.name]: detail.value } })}
              />
            </FormField>
          );
        })}
      </ColumnLayout>
      {inApp ? (
        <FormField label="Priority" description="Of several messages for one event, the app shows the first of them.">
          <Select
            selectedOption={priorities.find(({ value }) => value === form.priority) ?? null}
            options={priorities}
            onChange={({ detail }) => onChange({ ...form, priority: detail.selectedOption.value ?? form.priority })}
            ariaLabel="Priority"
          />
        </FormField>
      ) : null}
    </SpaceBetween>
  );
}
