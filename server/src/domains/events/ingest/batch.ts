/** PutEvents from request to what is to be done, item by item, and back to its answer (dossier §1.2, §1.3). */
import type { ItemResponse, PublicEndpoint } from '../../../contract/pinpoint-types.ts';
import { badRequest, ServiceError } from '../../../kernel/errors.ts';
import { readItem } from '../../../operations/item.ts';
import { checkEndpointId, type EndpointChange, readChange, type UnitOutcome } from '../../audience/index.ts';
import { type ReadEvent, readEvent } from './event.ts';

export const callLimits = { events: 100, endpoints: 100 } as const;

/** As the operation hands it over. */
export type Batches = Readonly<
  Record<string, { readonly Endpoint?: unknown; readonly Events: Readonly<Record<string, unknown>> }>
>;

/** One endpoint of a call, and what it brings. */
export interface ReadBatch {
  readonly endpointId: string;
  /** What it says of the endpoint; undefined for nothing, a fault where that could not be read. */
  readonly change: EndpointChange | ServiceError | undefined;
  readonly events: readonly (ReadEvent & { readonly id: string })[];
  /** Refused events, by id. */
  readonly faults: ReadonlyMap<string, ServiceError>;
  readonly eventIds: readonly string[];
}

/** @throws BadRequestException for more than a call may bring: nothing of it is taken then */
export function readBatches(batches: Batches): (ReadBatch | RefusedBatch)[] {
  const entries = Object.entries(batches);
  const events = entries.reduce((count, [, { Events }]) => count + Object.keys(Events).length, 0);
  if (events > callLimits.events) throw badRequest(`A request can have at most ${callLimits.events} events`);
  if (entries.length > callLimits.endpoints) {
    throw badRequest(`A request can have at most ${callLimits.endpoints} endpoints`);
  }
  return entries.map(([endpointId, batch]) => readBatch(endpointId, batch));
}

/** Of an endpoint that cannot be: nothing of it can be taken. */
export interface RefusedBatch {
  readonly endpointId: string;
  readonly refusal: ServiceError;
  readonly eventIds: readonly string[];
}

function readBatch(endpointId: string, { Endpoint, Events }: Batches[string]): ReadBatch | RefusedBatch {
  const eventIds = Object.keys(Events);
  const id = attempt(() => checkEndpointId(endpointId));
  if (id instanceof ServiceError) return { endpointId, refusal: id, eventIds };
  const events: (ReadEvent & { readonly id: string })[] = [];
  const faults = new Map<string, ServiceError>();
  for (const [eventId, value] of Object.entries(Events)) {
    const event = attempt(() => readEvent(value));
    if (event instanceof ServiceError) faults.set(eventId, event);
    else events.push({ ...event, id: eventId });
  }
  return { endpointId, change: readEndpoint(Endpoint), events, faults, eventIds };
}

/** `{}` is what most apps send with every batch, and must wipe nothing (dossier §1.3). */
function readEndpoint(value: unknown): ReadBatch['change'] {
  return attempt(() => {
    const endpoint = readItem('PublicEndpoint', value, 'Endpoint');
    return saysNothing(endpoint) ? undefined : readChange(endpoint);
  });
}

function saysNothing(endpoint: PublicEndpoint): boolean {
  return Object.keys(endpoint).length === 0;
}

function attempt<Value>(work: () => Value): Value | ServiceError {
  try {
    return work();
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
}

const accepted = { StatusCode: 202, Message: 'Accepted' } as const;

/** @param outcome of the endpoint: its own refusal leaves its events alone (dossier §1.3: the 16th endpoint of a user) */
export function answerBatch({ change, faults, eventIds }: ReadBatch, outcome: UnitOutcome): ItemResponse {
  const refusal = [change, outcome].find((each) => each instanceof ServiceError);
  return {
    EndpointItemResponse: refusal === undefined ? accepted : answerFault(refusal),
    EventsItemResponse: forEvents(eventIds, (id) => {
      const fault = faults.get(id);
      return fault === undefined ? accepted : answerFault(fault);
    }),
  };
}

/** The same fault for all of it. */
export function answerRefused({ eventIds }: Pick<RefusedBatch, 'eventIds'>, fault: ServiceError): ItemResponse {
  const refused = answerFault(fault);
  return { EndpointItemResponse: refused, EventsItemResponse: forEvents(eventIds, () => refused) };
}

/** Apps send an event again for 429 and 500, and for nothing else (dossier §1.2). */
function answerFault({ status, message }: ServiceError) {
  return { StatusCode: status > 500 ? 500 : status, Message: message };
}

function forEvents<Answer>(ids: readonly string[], answer: (id: string) => Answer): Readonly<Record<string, Answer>> {
  // Ids are data: without a prototype, `__proto__` is one like any other.
  const answers: Record<string, Answer> = Object.create(null);
  for (const id of ids) answers[id] = answer(id);
  return answers;
}
