/**
 * What an unmodified Amplify client does with the in-app messages it holds, rule for rule (dossier/messaging §13.3, from
 * amplify-js `helpers.ts` and `messageProcessingHelpers.ts`): written down here, so that our answers are tried on it.
 */
import type { InAppMessageCampaign } from '@aws-sdk/client-pinpoint';

export interface AmplifyEvent {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly metrics?: Readonly<Record<string, number>>;
}

/** Counters are those of a device that has shown nothing yet. */
export function showAsAmplify(
  messages: readonly InAppMessageCampaign[],
  event: AmplifyEvent,
  now: Date,
): InAppMessageCampaign | undefined {
  const fitting = messages.filter(
    (message) =>
      isBeforeEndDate(message, now) &&
      hasName(message, event) &&
      hasAttributes(message, event) &&
      hasMetrics(message, event),
  );
  const priorities = fitting.map(({ Priority }) => Priority ?? 0).filter((priority) => priority > 0);
  const best = priorities.length === 0 ? 0 : Math.min(...priorities);
  const [first, ...ties] = fitting.filter(({ Priority }) => (Priority ?? 0) === best);
  return ties.reduce<InAppMessageCampaign | undefined>(
    (nearest, message) => (endOf(message) < endOf(nearest) ? message : nearest),
    first,
  );
}

function endOf(message: InAppMessageCampaign | undefined): number {
  const { EndDate } = message?.Schedule ?? {};
  return EndDate === undefined ? Number.POSITIVE_INFINITY : new Date(EndDate).getTime();
}

function isBeforeEndDate(message: InAppMessageCampaign, now: Date): boolean {
  return now.getTime() < endOf(message);
}

const dimensionsOf = ({ Schedule }: InAppMessageCampaign) => Schedule?.EventFilter?.Dimensions;

/** Whatever DimensionType says. */
function hasName(message: InAppMessageCampaign, { name }: AmplifyEvent): boolean {
  return dimensionsOf(message)?.EventType?.Values?.includes(name) === true;
}

/** Whatever AttributeType says. */
function hasAttributes(message: InAppMessageCampaign, { attributes }: AmplifyEvent): boolean {
  const wanted = Object.entries(dimensionsOf(message)?.Attributes ?? {});
  if (wanted.length === 0) return true;
  if (attributes === undefined) return false;
  return wanted.every(([name, { Values }]) => Values?.includes(attributes[name] ?? '') === true);
}

function hasMetrics(message: InAppMessageCampaign, { metrics }: AmplifyEvent): boolean {
  const wanted = Object.entries(dimensionsOf(message)?.Metrics ?? {});
  if (wanted.length === 0) return true;
  if (metrics === undefined) return false;
  return wanted.every(([name, { ComparisonOperator, Value }]) => compares(ComparisonOperator, metrics[name], Value));
}

/** A value of 0 never matches there. */
function compares(operator: string | undefined, actual: number | undefined, value: number | undefined): boolean {
  if (!actual || !value) return false;
  switch (operator) {
    case 'EQUAL':
      return actual === value;
    case 'GREATER_THAN':
      return actual > value;
    case 'GREATER_THAN_OR_EQUAL':
      return actual >= value;
    case 'LESS_THAN':
      return actual < value;
    case 'LESS_THAN_OR_EQUAL':
      return actual <= value;
    default:
      return false;
  }
}
