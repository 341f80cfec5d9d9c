/** What an event of an app may be (dossier/events-journeys-console §1.1, §1.4). Names are the app's own: none is special. */
import type { Event } from '../../../contract/pinpoint-types.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { parseIsoDate } from '../../../kernel/iso-date.ts';
import { readItem } from '../../../operations/item.ts';

export const eventLimits = {
  /** Attributes and metrics together. */
  names: 40,
  nameLength: 50,
  valueLength: 200,
  bytes: 1_000 * 1024,
} as const;

export interface ReadEvent {
  readonly event: Event;
  readonly occurredAt: Date;
}

/** @throws BadRequestException naming the member, never quoting a value: the event's own refusal */
export function readEvent(value: unknown): ReadEvent {
  const event = readItem('Event', value, 'The event');
  if (event.EventType === '') throw badRequest('EventType is required');
  checkNames(event);
  for (const text of Object.values(event.Attributes ?? {})) {
    if (text.length > eventLimits.valueLength) {
      throw badRequest(`Attributes: a value can have at most ${eventLimits.valueLength} characters`);
    }
  }
  if (mostBytesOf(event) > eventLimits.bytes && Buffer.byteLength(JSON.stringify(event)) > eventLimits.bytes) {
    throw badRequest(`An event can have at most ${eventLimits.bytes / 1024} KB`);
  }
  if (event.Session !== undefined) {
    readDate('Session.StartTimestamp', event.Session.StartTimestamp);
    if (event.Session.StopTimestamp !== undefined) readDate('Session.StopTimestamp', event.Session.StopTimestamp);
  }
  return { event, occurredAt: readDate('Timestamp', event.Timestamp) };
}

function checkNames({ Attributes = none, Metrics = none }: Event): void {
  let count = 0;
  for (const [member, map] of [
    ['Attributes', Attributes],
    ['Metrics', Metrics],
  ] as const) {
    for (const name of Object.keys(map)) {
      count += 1;
      if (name.length > eventLimits.nameLength) {
        throw badRequest(`${member}: a name can have at most ${eventLimits.nameLength} characters`);
      }
    }
  }
  if (count > eventLimits.names) {
    throw badRequest(`Attributes and Metrics can have at most ${eventLimits.names} names together`);
  }
}

const none = Object.freeze({});

/** Any year will do: apps send what they kept while they were offline, and clocks of devices are wrong. */
function readDate(member: string, text: string): Date {
  const date = parseIsoDate(text);
  if (date === undefined) throw badRequest(`${member} must be an ISO 8601 date`);
  return date;
}

/** Of a UTF-16 unit in JSON: `\\u001f`. */
const mostBytesPerUnit = 6;
/** More than a name of a member, or a number, has units. */
const unitsOfFrame = 40;

/** Never less than the bytes of its JSON, and much quicker: hardly any event is so large that it takes the exact size. */
function mostBytesOf(event: Event): number {
  let units = unitsOfFrame;
  for (const part of [event, event.Session, event.Attributes, event.Metrics] as const) {
    if (part === undefined) continue;
    for (const name of Object.keys(part)) {
      const value: unknown = part[name as keyof typeof part];
      units += name.length + unitsOfFrame + (typeof value === 'string' ? value.length : 0);
    }
  }
  return units * mostBytesPerUnit;
}
