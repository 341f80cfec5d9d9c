/** When a campaign may send: what a Schedule must say (dossier/messaging §1.5–§1.8). */
import type { CampaignEventFilter, QuietTime, Schedule } from '../../../contract/pinpoint-types.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { parseIsoDate } from '../../../kernel/iso-date.ts';
import { checkTimeOfDay } from '../../projects/index.ts';
import { readEventDimensions } from '../../segments/index.ts';
import { utcOffsets } from '../schedule/local-time.ts';
import { kindOf } from './kind.ts';

/** A start may lie that far back: clocks differ, and requests take time. */
const startTolerance = 5 * 60_000;

export interface ScheduleScope {
  /** Where it stands, for the refusal. */
  readonly place: string;
  readonly now: Date;
  /** Times that stand in the campaign already: they may have passed since. */
  readonly known: ReadonlySet<string>;
}

/** @throws BadRequestException that names the member */
export function checkSchedule(schedule: Schedule, { place, now, known }: ScheduleScope): void {
  const start = readStart(schedule, place, now);
  const end = readEnd(schedule, place);
  if (!known.has(schedule.StartTime) && start.getTime() < now.getTime() - startTolerance) {
    throw badRequest(`${place}.StartTime lies in the past`);
  }
  if (end !== undefined && end <= start) throw badRequest(`${place}.EndTime must be later than StartTime`);
  if (end !== undefined && !known.has(schedule.EndTime ?? '') && end <= now) {
    throw badRequest(`${place}.EndTime lies in the past`);
  }
  if (schedule.IsLocalTime === true && schedule.Timezone !== undefined && !utcOffsets.has(schedule.Timezone)) {
    throw badRequest(`${place}.Timezone must be one of the documented offsets, such as UTC or UTC+05:30`);
  }
  checkQuietTime(schedule.QuietTime, `${place}.QuietTime`);
  if (kindOf(schedule) !== 'SCHEDULED') checkWindow(schedule, place);
}

function readStart({ StartTime }: Schedule, place: string, now: Date): Date {
  if (StartTime === 'IMMEDIATE') return now;
  const start = parseIsoDate(StartTime);
  if (start === undefined) throw badRequest(`${place}.StartTime must be IMMEDIATE or an ISO 8601 date and time`);
  return start;
}

function readEnd({ EndTime }: Schedule, place: string): Date | undefined {
  if (EndTime === undefined) return undefined;
  const end = parseIsoDate(EndTime);
  if (end === undefined) throw badRequest(`${place}.EndTime must be an ISO 8601 date and time`);
  return end;
}

function checkQuietTime(quietTime: QuietTime | undefined, place: string): void {
  if (quietTime === undefined) return;
  const { Start = '', End = '' } = quietTime;
  checkTimeOfDay(`${place}.Start`, Start);
  checkTimeOfDay(`${place}.End`, End);
  if ((Start === '') !== (End === '')) throw badRequest(`${place} must have both Start and End`);
}

/** Both bounds are there; console and Terraform write empty ones for none. */
export function isQuietTime({ Start = '', End = '' }: QuietTime): boolean {
  return Start !== '' && End !== '';
}

/** Clients keep in-app messages until they end, and a window that never closes is one that nobody closes. */
function checkWindow({ EndTime, EventFilter }: Schedule, place: string): void {
  if (EndTime === undefined) throw badRequest(`${place}.EndTime is required for a campaign that waits for events`);
  if (EventFilter === undefined) {
    throw badRequest(`${place}.EventFilter is required for a campaign that waits for events`);
  }
  checkFilter(EventFilter, `${place}.EventFilter.Dimensions`);
}

function checkFilter({ Dimensions }: CampaignEventFilter, place: string): void {
  const { EventType, Attributes, Metrics } = Dimensions;
  if (EventType === undefined || EventType.Values.length === 0) throw badRequest(`${place}.EventType is required`);
  readEventDimensions({ ...(Attributes && { Attributes }), ...(Metrics && { Metrics }) });
}
