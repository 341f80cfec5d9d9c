/** Which counts an event belongs to (dossier/events-journeys-console §1.5, §3.4–3.7, §4). Pure. */
import { foldEndpointId } from '../../../kernel/bucket.ts';
import type { EventRecord, NewEvent } from '../../events/index.ts';
import { type CountedEndpoint, type CountedLately, type EndpointContext, isOfSame } from './counted-lately.ts';
import { foldMessageEvent } from './fold-messages.ts';
import { label } from './labels.ts';
import { localHour } from './local-hour.ts';
import {
  type Counter,
  countedText,
  countedTime,
  dayNumber,
  endpointSubject,
  slotOf,
  Tally,
  userSubject,
} from './tally.ts';

export interface Folded {
  readonly tally: Tally;
  /** What is known of endpoints once the tally is committed. */
  readonly counted: ReadonlyMap<string, CountedEndpoint>;
}

/** @param lately of endpoints of which nothing is to be marked again */
export function foldEvents(events: readonly NewEvent[], lately?: CountedLately): Folded {
  const tally = new Tally();
  const seen: Seen = { lately, contexts: new Map(), counted: new Map() };
  for (const event of events) {
    if (foldMessageEvent(tally, event)) continue;
    foldAppEvent(tally, event, seen);
  }
  return { tally, counted: seen.counted };
}

interface Seen {
  readonly lately: CountedLately | undefined;
  /** Of this batch. */
  readonly contexts: Map<string, EndpointContext>;
  readonly counted: Map<string, CountedEndpoint & { readonly types: Set<string> }>;
}

function foldAppEvent(tally: Tally, event: NewEvent, seen: Seen) {
  const { projectNumber, endpointId, record } = event;
  const at = countedTime(record);
  const type = countedText(record.event_type);
  const counter = (metric: string, of: string, value = 1): Counter => ({
    ...{ projectNumber, metric, slot: slotOf(at), sourceId: '', activityId: '', treatmentId: '', label: of, value },
  });
  tally.count(counter('event', type));
  const purchase = type === '_monetization.purchase' ? purchaseOf(record) : undefined;
  if (purchase !== undefined) {
    tally.count(counter('revenue', purchase.currency, purchase.revenue));
    tally.count(counter('units', purchase.currency, purchase.units));
    tally.count(counter('purchases', purchase.currency));
  }
  if (endpointId === undefined) return;
  const folded = foldEndpointId(endpointId);
  const key = `${projectNumber} ${folded}`;
  const before = seen.lately?.get(key);
  const context = contextOf(record, seen.contexts.get(key) ?? before?.context);
  seen.contexts.set(key, context);
  if (type === '_session.start') tally.count(counter('session at', localHour(at, context.zone)));
  const says = { generation: event.generation ?? 0, context, day: dayNumber(at), types: new Set([type]) };
  if (before !== undefined && purchase === undefined && isOfSame(before, says) && before.types.has(type)) return;
  noteCounted(seen, key, says);
  const endpoint = endpointSubject(projectNumber, folded);
  const user = context.userId === undefined ? undefined : userSubject(projectNumber, context.userId);
  tally.markDay(endpoint, 'endpoint', '', at);
  if (user !== undefined) tally.markDay(user, 'user', '', at);
  if (purchase !== undefined) {
    tally.markDay(endpoint, 'purchaser', '', at);
    tally.markDay(user ?? endpoint, 'payer', '', at);
  }
  tally.carry(
    endpoint,
    [label('event', type), ...(purchase === undefined ? [] : [label('currency', purchase.currency)])],
    { userId: context.userId ?? null, demographics: demographicsOf(record, context) },
  );
}

/** Without a generation nobody knows whether it is still the same endpoint next time. */
function noteCounted({ lately, counted }: Seen, key: string, says: CountedEndpoint & { readonly types: Set<string> }) {
  if (lately === undefined || says.generation === 0) return;
  const earlier = counted.get(key);
  if (earlier !== undefined && isOfSame(earlier, says)) for (const type of says.types) earlier.types.add(type);
  else counted.set(key, says);
}

/** Events of one endpoint mostly say the same of it, and reading it takes longer than all the rest. */
function contextOf(record: EventRecord, before: EndpointContext | undefined): EndpointContext {
  const custom = record.client_context?.custom;
  const text = custom !== undefined && 'endpoint' in custom ? custom.endpoint : undefined;
  if (before !== undefined && before.text === text) return before;
  const endpoint = text === undefined ? {} : (JSON.parse(text) as EndpointDocument);
  const userId = endpoint.User?.UserId;
  const country = endpoint.Location?.Country;
  return {
    text,
    channelType: endpoint.ChannelType ?? '',
    country: country === undefined || country === '' ? record.device.locale?.country : country,
    zone: endpoint.Demographic?.Timezone ?? 'UTC',
    userId: userId === undefined || userId === '' ? undefined : countedText(userId),
  };
}

interface EndpointDocument {
  readonly ChannelType?: string;
  readonly Demographic?: { readonly Timezone?: string };
  readonly Location?: { readonly Country?: string };
  readonly User?: { readonly UserId?: string };
}

/** Channel first, then what Demographics shows. */
function demographicsOf({ application, device }: EventRecord, { channelType, country }: EndpointContext): string[] {
  const named = {
    platform: device.platform.name,
    'app version': application.version_name,
    make: device.make,
    model: device.model,
    country: country?.toUpperCase(),
  };
  const labels = Object.entries(named).flatMap(([dimension, value]) =>
    value === undefined || value === '' ? [] : [label(dimension, countedText(value))],
  );
  return [channelType, ...labels];
}

/** Missing metrics are no revenue and one unit (dossier §1.5). */
function purchaseOf({ metrics = {}, attributes }: EventRecord) {
  const units = finite(metrics['_quantity'], 1);
  const currency = countedText((attributes['_currency'] ?? '').trim().toUpperCase());
  return { units, revenue: finite(metrics['_item_price'], 0) * units, currency: currency === '' ? 'USD' : currency };
}

function finite(value: number | undefined, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}
