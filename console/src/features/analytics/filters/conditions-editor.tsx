/** Conditions of a filter, all of which must hold: attributes and metrics of events, attributes of endpoints. */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ValuesInput } from '../../segments/builder/values-input.tsx';
import { useAttributeNames, useAttributeValues } from '../../segments/queries.ts';
import { useEventNames } from '../event-queries.ts';
import { useReport } from '../queries.ts';
import './conditions-editor.css';
import { NameInput } from './event-type-input.tsx';
import { type Condition, metricOperators, newCondition } from './filter-form.ts';

const kinds: readonly { readonly value: Condition['kind']; readonly label: string }[] = [
  { value: 'attribute', label: 'Attribute of the event' },
  { value: 'metric', label: 'Metric of the event' },
  { value: 'endpointAttribute', label: 'Attribute of the endpoint' },
];

export interface ConditionsEditorProps {
  readonly label: string;
  readonly description?: string;
  /** Where there is no choice. */
  readonly only?: Condition['kind'];
  readonly conditions: readonly Condition[];
  /** Of which values are offered; empty for all. */
  readonly eventType: string;
  readonly onChange: (conditions: readonly Condition[]) => void;
}

/** No form field around it: it would give each of the controls its own name. */
export function ConditionsEditor(props: ConditionsEditorProps) {
  const { label, description, only, conditions, eventType, onChange } = props;
  return (
    <fieldset className="conditions">
      <legend>
        <Box variant="awsui-key-label">{label}</Box>
        {description === undefined ? null : (
          <Box variant="small" color="text-body-secondary">
            {description}
          </Box>
        )}
      </legend>
      <SpaceBetween size="xs">
        {conditions.map((condition, index) => (
          <div className={only === undefined ? 'condition' : 'condition condition-of-one-kind'} key={condition.key}>
            {only === undefined ? (
              <Select
                selectedOption={kinds.find(({ value }) => value === condition.kind) ?? null}
                options={kinds}
                onChange={({ detail }) => {
                  const kind = kinds.find(({ value }) => value === detail.selectedOption.value)?.value ?? 'attribute';
                  onChange(conditions.with(index, newCondition(kind, condition.key)));
                }}
                ariaLabel="Condition on"
              />
            ) : null}
            <Details
              condition={condition}
              eventType={eventType}
              onChange={(changed) => onChange(conditions.with(index, changed))}
            />
            <Button
              variant="icon"
              iconName="remove"
              ariaLabel="Remove condition"
              onClick={() => onChange(conditions.toSpliced(index, 1))}
            />
          </div>
        ))}
        <Button iconName="add-plus" onClick={() => onChange([...conditions, newCondition(only ?? 'attribute')])}>
          Add condition
        </Button>
      </SpaceBetween>
    </fieldset>
  );
}

interface DetailsProps {
  readonly condition: Condition;
  readonly eventType: string;
  readonly onChange: (condition: Condition) => void;
}

function Details({ condition, eventType, onChange }: DetailsProps) {
  const names = useEventNames();
  const endpointNames = useAttributeNames();
  const known = {
    attribute: names.attributes,
    metric: names.metrics,
    endpointAttribute: endpointNames.data?.attributes ?? [],
  }[condition.kind];
  return (
    <>
      <NameInput
        value={condition.name}
        names={known}
        onChange={(name) => onChange({ ...condition, name })}
        placeholder="Name"
        label="Name"
      />
      {condition.kind === 'metric' ? (
        <div className="condition-metric">
          <Select
            selectedOption={metricOperators.find(({ value }) => value === condition.operator) ?? null}
            options={metricOperators}
            onChange={({ detail }) => {
              const operator = metricOperators.find(({ value }) => value === detail.selectedOption.value)?.value;
              if (operator !== undefined) onChange({ ...condition, operator });
            }}
            ariaLabel="Comparison"
          />
          <Input
            value={condition.value}
            onChange={({ detail }) => onChange({ ...condition, value: detail.value })}
            inputMode="decimal"
            placeholder="Number"
            ariaLabel="Number"
          />
        </div>
      ) : (
        <Values
          name={condition.name}
          eventType={eventType}
          isOfEndpoint={condition.kind === 'endpointAttribute'}
          values={condition.values}
          onChange={(values) => onChange({ ...condition, values })}
        />
      )}
    </>
  );
}

interface ValuesProps {
  readonly name: string;
  readonly eventType: string;
  readonly isOfEndpoint: boolean;
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
}

function Values({ name, eventType, isOfEndpoint, values, onChange }: ValuesProps) {
  const ofEndpoints = useAttributeValues('attribute', isOfEndpoint ? name : '');
  const Filter = eventType === '' ? {} : { EventType: eventType };
  const ofEvents = useReport('ExploreEvents', {
    further: { ExploreEventsRequest: { Filter, GroupBy: name } },
    enabled: name !== '' && !isOfEndpoint,
  });
  const known = isOfEndpoint
    ? ofEndpoints.data?.Item.map(({ Value, Count }) => ({ value: Value, count: Count }))
    : ofEvents.data?.Groups.map(({ Value, Events }) => ({ value: Value, count: Events }));
  return (
    <ValuesInput
      label="Values"
      values={values}
      known={known ?? []}
      loading={(isOfEndpoint ? ofEndpoints : ofEvents).isFetching}
      onChange={onChange}
    />
  );
}
