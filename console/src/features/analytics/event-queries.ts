/** Names to choose from in filters: of events, of their attributes and metrics. */
import { useReport } from './queries.ts';

export interface EventNames {
  /** The most frequent of the last two weeks first, then those that were seen before. */
  readonly events: readonly string[];
  readonly attributes: readonly string[];
  readonly metrics: readonly string[];
}

export function useEventNames(): EventNames {
  const names = useReport('GetEventNames', { further: {} });
  const types = useReport('GetEventTypes', { further: {} });
  const all = names.data?.Item ?? [];
  const of = (...kinds: readonly string[]) => all.filter(({ Kind }) => kinds.includes(Kind)).map(({ Name }) => Name);
  const frequent = (types.data?.Item ?? []).map(({ EventType }) => EventType);
  return {
    events: [...new Set([...frequent, ...of('EVENT', 'STANDARD_EVENT')])],
    attributes: of('ATTRIBUTE'),
    metrics: of('METRIC'),
  };
}
