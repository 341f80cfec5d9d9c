/** Whether an event is one that a campaign waits for (dossier/messaging §1.7). Pure. */
import type { AttributeDimension, CampaignEventFilter, MetricDimension } from '../../../contract/pinpoint-types.ts';
import type { NewEvent } from '../../events/index.ts';
import { readInstant } from '../../segments/index.ts';

export type EventTest = (event: Pick<NewEvent, 'record' | 'isOfApp'>) => boolean;

/** All dimensions have to fit; of the values of one, one has to. */
export function compileFilter({ FilterType, Dimensions }: CampaignEventFilter): EventTest {
  const { EventType, Attributes = {}, Metrics = {} } = Dimensions;
  const types = new Set(EventType?.Values);
  const excludesTypes = EventType?.DimensionType === 'EXCLUSIVE';
  const isOfApp = FilterType === 'ENDPOINT';
  const attributes = Object.entries(Attributes).map(([name, dimension]) => ({
    name,
    fits: compileAttribute(dimension),
  }));
  const metrics = Object.entries(Metrics).map(([name, dimension]) => ({ name, fits: compileMetric(dimension) }));
  return ({ record, isOfApp: fromApp = false }) =>
    fromApp === isOfApp &&
    types.has(record.event_type) !== excludesTypes &&
    attributes.every(({ name, fits }) => fits(own(record.attributes, name))) &&
    metrics.every(({ name, fits }) => fits(own(record.metrics ?? {}, name)));
}

function own<Value>(map: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

type Fits<Value> = (value: Value | undefined) => boolean;

const dayMilliseconds = 24 * 3_600_000;

/** As segments read their attributes: an event that lacks it passes EXCLUSIVE alone (§1.7). */
function compileAttribute({ AttributeType = 'INCLUSIVE', Values }: AttributeDimension): Fits<string> {
  const values = new Set(Values);
  const instants = Values.map(readInstant);
  const [first, second] = instants;
  const onDate =
    (fits: (at: number) => boolean): Fits<string> =>
    (value) => {
      const at = value === undefined ? undefined : readInstant(value);
      return at !== undefined && fits(at);
    };
  switch (AttributeType) {
    case 'INCLUSIVE':
      return (value) => value !== undefined && values.has(value);
    case 'EXCLUSIVE':
      return (value) => value === undefined || !values.has(value);
    case 'CONTAINS':
      return (value) => value !== undefined && Values.some((part) => value.includes(part));
    case 'BEFORE':
      return onDate((at) => first !== undefined && at < first);
    case 'AFTER':
      return onDate((at) => first !== undefined && at > first);
    case 'BETWEEN':
      return onDate((at) => first !== undefined && second !== undefined && at >= first && at <= second);
    case 'ON': {
      const days = new Set(instants.map((at) => at !== undefined && Math.floor(at / dayMilliseconds)));
      return onDate((at) => days.has(Math.floor(at / dayMilliseconds)));
    }
  }
}

const comparisons: Readonly<Record<string, (metric: number, value: number) => boolean>> = {
  EQUAL: (metric, value) => metric === value,
  GREATER_THAN: (metric, value) => metric > value,
  GREATER_THAN_OR_EQUAL: (metric, value) => metric >= value,
  LESS_THAN: (metric, value) => metric < value,
  LESS_THAN_OR_EQUAL: (metric, value) => metric <= value,
};

/** The operator is free text in the contract: one that nobody knows never fits. */
function compileMetric({ ComparisonOperator, Value }: MetricDimension): Fits<number> {
  const compare = own(comparisons, ComparisonOperator);
  if (compare === undefined) return () => false;
  return (metric) => metric !== undefined && compare(metric, Value);
}
