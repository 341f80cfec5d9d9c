/** The events a campaign waits for, as the form holds them, and the filter they become. All of it has to fit an event. */
import type { AttributeDimension, CampaignEventFilter, MetricDimension } from '@aws-sdk/client-pinpoint';

export interface EventAttribute {
  readonly key: string;
  readonly name: string;
  readonly operator: NonNullable<AttributeDimension['AttributeType']>;
  readonly values: readonly string[];
}

export interface EventMetric {
  readonly key: string;
  readonly name: string;
  readonly operator: string;
  /** As it was typed. */
  readonly value: string;
}

export interface EventForm {
  readonly types: readonly string[];
  readonly attributes: readonly EventAttribute[];
  readonly metrics: readonly EventMetric[];
  /** `ENDPOINT`: events that apps send; `SYSTEM`: what happens to messages, such as `_email.click`. */
  readonly source: 'ENDPOINT' | 'SYSTEM';
}

export const emptyEvent: EventForm = { types: [], attributes: [], metrics: [], source: 'ENDPOINT' };

/** The place of the first thing that is missing, in words. */
export function eventFault({ types, attributes, metrics }: EventForm): string | undefined {
  if (types.length === 0) return 'Say which event it waits for.';
  if (attributes.some(({ name, values }) => name.trim() === '' || values.length === 0)) {
    return 'Give each attribute of the event a name and a value.';
  }
  if (attributes.some(({ operator, values }) => operator === 'BETWEEN' && values.length !== 2)) {
    return '“Is between” needs two values.';
  }
  if (metrics.some(({ name, value }) => name.trim() === '' || value.trim() === '' || Number.isNaN(Number(value)))) {
    return 'Give each metric of the event a name and a number.';
  }
  const names = [...attributes.map(({ name }) => `a ${name.trim()}`), ...metrics.map(({ name }) => `m ${name.trim()}`)];
  return new Set(names).size < names.length ? 'An attribute or a metric can be asked about once.' : undefined;
}

/** Of a form without fault. */
export function toEventFilter({ types, attributes, metrics, source }: EventForm): CampaignEventFilter {
  const asked = attributes.map(({ name, operator, values }): [string, AttributeDimension] => [
    name.trim(),
    { AttributeType: operator, Values: [...values] },
  ]);
  const measured = metrics.map(({ name, operator, value }): [string, MetricDimension] => [
    name.trim(),
    { ComparisonOperator: operator, Value: Number(value) },
  ]);
  return {
    FilterType: source,
    Dimensions: {
      EventType: { DimensionType: 'INCLUSIVE', Values: [...types] },
      ...(asked.length > 0 && { Attributes: Object.fromEntries(asked) }),
      ...(measured.length > 0 && { Metrics: Object.fromEntries(measured) }),
    },
  };
}

/** In a sentence: `cart.add with sku is GLV-9, price > 10`. */
export function describeFilter({ Dimensions }: CampaignEventFilter, words: ReadonlyMap<string, string>): string {
  const say = (operator: string | undefined) => words.get(operator ?? '') ?? operator ?? '';
  const attributes = Object.entries(Dimensions?.Attributes ?? {}).map(
    ([name, { AttributeType = 'INCLUSIVE', Values = [] }]) => `${name} ${say(AttributeType)} ${Values.join(' or ')}`,
  );
  const metrics = Object.entries(Dimensions?.Metrics ?? {}).map(
    ([name, { ComparisonOperator, Value }]) => `${name} ${say(ComparisonOperator)} ${Value}`,
  );
  const conditions = [...attributes, ...metrics];
  const types = Dimensions?.EventType?.Values?.join(' or ') ?? '';
  return conditions.length === 0 ? types : `${types} with ${conditions.join(', ')}`;
}
