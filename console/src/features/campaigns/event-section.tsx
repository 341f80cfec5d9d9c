/** What a campaign waits for: events of some types, with some attributes and metrics. */
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { attributeOperators, metricOperators } from '../segments/builder/choices.ts';
import { ValuesInput } from '../segments/builder/values-input.tsx';
import { EventAttributeFields, EventMetricFields } from './event-condition.tsx';
import type { EventAttribute, EventForm, EventMetric } from './event-form.ts';
import { messageEvents, useEventNames } from './event-queries.ts';

export interface EventSectionProps {
  readonly event: EventForm;
  /** In-app messages are shown by the app, which knows its own events only. */
  readonly ofAppsOnly: boolean;
  readonly onChange: (event: EventForm) => void;
}

export function EventSection({ event, ofAppsOnly, onChange }: EventSectionProps) {
  const known = useEventNames();
  const offered = event.source === 'SYSTEM' ? messageEvents : known.events;
  return (
    <SpaceBetween size="m">
      {ofAppsOnly ? null : (
        <FormField label="Events">
          <RadioGroup
            value={event.source}
            direction="horizontal"
            items={[
              { value: 'ENDPOINT', label: 'That apps send' },
              { value: 'SYSTEM', label: 'Of messages, such as an opened e-mail' },
            ]}
            onChange={({ detail }) => onChange({ ...event, source: detail.value as EventForm['source'], types: [] })}
          />
        </FormField>
      )}
      <FormField label="Type of event" constraintText="One of them is enough.">
        <ValuesInput
          label="Type of event"
          values={event.types}
          known={offered.map((value) => ({ value }))}
          loading={known.loading}
          placeholder="Such as cart.add, then Enter"
          onChange={(types) => onChange({ ...event, types })}
        />
      </FormField>
      <Attributes event={event} names={known.attributes} onChange={onChange} />
      <Metrics event={event} names={known.metrics} onChange={onChange} />
    </SpaceBetween>
  );
}

interface ConditionsProps {
  readonly event: EventForm;
  readonly names: readonly string[];
  readonly onChange: (event: EventForm) => void;
}

function replaced<Item extends { readonly key: string }>(items: readonly Item[], changed: Item): readonly Item[] {
  return items.map((each) => (each.key === changed.key ? changed : each));
}

function Attributes({ event, names, onChange }: ConditionsProps) {
  const { attributes } = event;
  const first = attributeOperators[0]?.value as EventAttribute['operator'];
  const add = () =>
    onChange({
      ...event,
      attributes: [...attributes, { key: crypto.randomUUID(), name: '', operator: first, values: [] }],
    });
  return (
    <SpaceBetween size="xs">
      {attributes.map((attribute) => (
        <EventAttributeFields
          key={attribute.key}
          attribute={attribute}
          names={names}
          onChange={(changed) => onChange({ ...event, attributes: replaced(attributes, changed) })}
          onRemove={() => onChange({ ...event, attributes: attributes.filter(({ key }) => key !== attribute.key) })}
        />
      ))}
      <Button iconName="add-plus" onClick={add}>
        Add attribute of the event
      </Button>
    </SpaceBetween>
  );
}

function Metrics({ event, names, onChange }: ConditionsProps) {
  const { metrics } = event;
  const first: Omit<EventMetric, 'key'> = { name: '', operator: metricOperators[2]?.value ?? '', value: '' };
  const add = () => onChange({ ...event, metrics: [...metrics, { key: crypto.randomUUID(), ...first }] });
  return (
    <SpaceBetween size="xs">
      {metrics.map((metric) => (
        <EventMetricFields
          key={metric.key}
          metric={metric}
          names={names}
          onChange={(changed) => onChange({ ...event, metrics: replaced(metrics, changed) })}
          onRemove={() => onChange({ ...event, metrics: metrics.filter(({ key }) => key !== metric.key) })}
        />
      ))}
      <Button iconName="add-plus" onClick={add}>
        Add metric of the event
      </Button>
    </SpaceBetween>
  );
}
