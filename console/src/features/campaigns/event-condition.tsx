/** One condition an event has to meet: a name, a comparison, values. */
import Autosuggest from '@cloudscape-design/components/autosuggest';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { attributeOperators, metricOperators, type Option } from '../segments/builder/choices.ts';
import { ValuesInput } from '../segments/builder/values-input.tsx';
import type { EventAttribute, EventMetric } from './event-form.ts';

interface ConditionProps {
  readonly names: readonly string[];
  readonly onRemove: () => void;
}

export interface EventAttributeFieldsProps extends ConditionProps {
  readonly attribute: EventAttribute;
  readonly onChange: (attribute: EventAttribute) => void;
}

export function EventAttributeFields({ attribute, names, onChange, onRemove }: EventAttributeFieldsProps) {
  const { name, operator, values } = attribute;
  return (
    <ColumnLayout columns={4}>
      <Name
        label="Attribute of the event"
        name={name}
        names={names}
        onChange={(to) => onChange({ ...attribute, name: to })}
      />
      <Comparison
        label="Comparison of the attribute"
        value={operator}
        options={attributeOperators}
        onChange={(to) => onChange({ ...attribute, operator: to as EventAttribute['operator'] })}
      />
      <ValuesInput
        label="Values of the attribute"
        values={values}
        onChange={(to) => onChange({ ...attribute, values: to })}
      />
      <Button iconName="remove" ariaLabel={`Remove attribute ${name}`} onClick={onRemove}>
        Remove
      </Button>
    </ColumnLayout>
  );
}

export interface EventMetricFieldsProps extends ConditionProps {
  readonly metric: EventMetric;
  readonly onChange: (metric: EventMetric) => void;
}

export function EventMetricFields({ metric, names, onChange, onRemove }: EventMetricFieldsProps) {
  const { name, operator, value } = metric;
  return (
    <ColumnLayout columns={4}>
      <Name
        label="Metric of the event"
        name={name}
        names={names}
        onChange={(to) => onChange({ ...metric, name: to })}
      />
      <Comparison
        label="Comparison of the metric"
        value={operator}
        options={metricOperators}
        onChange={(to) => onChange({ ...metric, operator: to })}
      />
      <Input
        value={value}
        inputMode="decimal"
        placeholder="Number"
        ariaLabel="Value of the metric"
        onChange={({ detail }) => onChange({ ...metric, value: detail.value })}
      />
      <Button iconName="remove" ariaLabel={`Remove metric ${name}`} onClick={onRemove}>
        Remove
      </Button>
    </ColumnLayout>
  );
}

interface NameProps {
  readonly label: string;
  readonly name: string;
  readonly names: readonly string[];
  readonly onChange: (name: string) => void;
}

function Name({ label, name, names, onChange }: NameProps) {
  return (
    <Autosuggest
      value={name}
      options={names.map((value) => ({ value }))}
      onChange={({ detail }) => onChange(detail.value)}
      enteredTextLabel={(value) => `Use “${value}”`}
      placeholder="Name"
      ariaLabel={label}
      empty="No names were sent yet: type one"
    />
  );
}

interface ComparisonProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
}

function Comparison({ label, value, options, onChange }: ComparisonProps) {
  return (
    <Select
      selectedOption={options.find((option) => option.value === value) ?? null}
      options={options}
      onChange={({ detail }) => onChange(detail.selectedOption.value ?? value)}
      ariaLabel={label}
    />
  );
}
