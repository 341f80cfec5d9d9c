/** A filter of events as a form holds it, as the API takes it, and as it stands in an address. Pure. */
import type { EventFilter, EventMetricFilter } from '../../../../../server/src/contract/repoint-types.ts';

export type MetricOperator = EventMetricFilter['ComparisonOperator'];

/** Numbers are texts here: they are being typed. */
export type Condition = { readonly key: string; readonly name: string } & (
  | { readonly kind: 'attribute' | 'endpointAttribute'; readonly values: readonly string[] }
  | { readonly kind: 'metric'; readonly operator: MetricOperator; readonly value: string }
);

export interface FilterForm {
  /** Empty: of any type. */
  readonly eventType: string;
  readonly conditions: readonly Condition[];
}

export const emptyFilter: FilterForm = { eventType: '', conditions: [] };

let made = 0;
export function newKey(): string {
  made += 1;
  return `condition-${made}`;
}

export function newCondition(kind: Condition['kind'], key = newKey()): Condition {
  return kind === 'metric'
    ? { key, kind, name: '', operator: 'GREATER_THAN_OR_EQUAL', value: '' }
    : { key, kind, name: '', values: [] };
}

/** What keeps it from being asked; undefined when nothing does. */
export function faultOfFilter({ conditions }: FilterForm): string | undefined {
  const names = new Set<string>();
  for (const condition of conditions) {
    if (condition.name === '') return 'Name what each condition looks at.';
    const known = `${condition.kind} ${condition.name}`;
    if (names.has(known)) return `There are two conditions on ${condition.name}: put their values into one.`;
    names.add(known);
    if (condition.kind === 'metric') {
      if (condition.value.trim() === '' || !Number.isFinite(Number(condition.value))) {
        return `${condition.name} is compared with a number.`;
      }
    } else if (condition.values.length === 0) {
      return `Give ${condition.name} a value.`;
    }
  }
  return undefined;
}

export function toFilter({ eventType, conditions }: FilterForm): EventFilter {
  const withValues = (kind: Condition['kind']) =>
    conditions.flatMap((condition) =>
      condition.kind === kind && condition.kind !== 'metric'
        ? [[condition.name, { Values: condition.values }] as const]
        : [],
    );
  const metrics = conditions.flatMap((condition) =>
    condition.kind === 'metric'
      ? [[condition.name, { ComparisonOperator: condition.operator, Value: Number(condition.value) }] as const]
      : [],
  );
  const [attributes, endpointAttributes] = [withValues('attribute'), withValues('endpointAttribute')];
  return {
    ...(eventType !== '' && { EventType: eventType }),
    ...(attributes.length > 0 && { Attributes: Object.fromEntries(attributes) }),
    ...(metrics.length > 0 && { Metrics: Object.fromEntries(metrics) }),
    ...(endpointAttributes.length > 0 && { EndpointAttributes: Object.fromEntries(endpointAttributes) }),
  };
}

export function fromFilter({ EventType = '', Attributes, Metrics, EndpointAttributes }: EventFilter): FilterForm {
  const withValues = (kind: 'attribute' | 'endpointAttribute', of: EventFilter['Attributes']): Condition[] =>
    Object.entries(of ?? {}).map(([name, { Values }]) => ({ key: newKey(), kind, name, values: Values }));
  const metrics = Object.entries(Metrics ?? {}).map(
    ([name, { ComparisonOperator, Value }]): Condition => ({
      ...{ key: newKey(), kind: 'metric', name, operator: ComparisonOperator, value: String(Value) },
    }),
  );
  const attributes = withValues('attribute', Attributes);
  return {
    eventType: EventType,
    conditions: [...attributes, ...metrics, ...withValues('endpointAttribute', EndpointAttributes)],
  };
}

/** As `filterInAddress` wrote it; what is none asks for everything. */
export function readFilter(text: string | null): EventFilter {
  const parsed = parse(text ?? '');
  if (typeof parsed !== 'object' || parsed === null) return {};
  const form = fromFilter(sane(parsed));
  return faultOfFilter(form) === undefined ? toFilter(form) : {};
}

/** Empty where it asks for everything. */
export function filterInAddress(filter: EventFilter): string {
  return Object.keys(filter).length === 0 ? '' : JSON.stringify(filter);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Anybody can write an address: only members of the right kind are taken out of it. */
function sane(given: object): EventFilter {
  const of = given as Readonly<Record<string, unknown>>;
  const entries = (member: string) => {
    const value = of[member];
    return typeof value === 'object' && value !== null
      ? (Object.entries(value) as [string, Readonly<Record<string, unknown>> | null][])
      : [];
  };
  const withValues = (member: string) =>
    Object.fromEntries(
      entries(member).flatMap(([name, condition]) => {
        const values = condition?.['Values'];
        return Array.isArray(values)
          ? [[name, { Values: values.filter((value): value is string => typeof value === 'string') }]]
          : [];
      }),
    );
  const metrics = entries('Metrics').flatMap(([name, condition]) => {
    const operator = metricOperators.find(({ value }) => value === condition?.['ComparisonOperator'])?.value;
    const value = condition?.['Value'];
    return operator !== undefined && typeof value === 'number'
      ? [[name, { ComparisonOperator: operator, Value: value }] as const]
      : [];
  });
  return {
    ...(typeof of['EventType'] === 'string' && { EventType: of['EventType'] }),
    ...{ Attributes: withValues('Attributes'), Metrics: Object.fromEntries(metrics) },
    EndpointAttributes: withValues('EndpointAttributes'),
  };
}

export const metricOperators: readonly { readonly value: MetricOperator; readonly label: string }[] = [
  { value: 'EQUAL', label: '=' },
  { value: 'GREATER_THAN', label: '>' },
  { value: 'GREATER_THAN_OR_EQUAL', label: '≥' },
  { value: 'LESS_THAN', label: '<' },
  { value: 'LESS_THAN_OR_EQUAL', label: '≤' },
];
