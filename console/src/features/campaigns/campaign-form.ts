/** A campaign as the form holds it, and the request it becomes (dossier/events-journeys-console §6.2, P7). */
import type { Schedule, TemplateConfiguration, WriteCampaignRequest } from '@aws-sdk/client-pinpoint';
import { type EventForm, emptyEvent, eventFault, toEventFilter } from './event-form.ts';
import { inAppLimits, type Limit, type LimitsForm, limitsFault, sendingLimits, toLimits } from './limits-form.ts';

/** As templates are called. `INAPP`: nothing is sent, apps fetch it and show it when an event happens. */
export type CampaignChannel = 'EMAIL' | 'SMS' | 'PUSH' | 'INAPP';

export interface Treatment {
  readonly key: string;
  readonly name: string;
  readonly template: string;
  /** Of those who are not held out; the first treatment gets what the others leave. */
  readonly percent: number;
}

export interface CampaignForm {
  readonly name: string;
  readonly segmentId: string;
  readonly holdout: number;
  readonly channel: CampaignChannel;
  /** One at least. */
  readonly treatments: readonly Treatment[];
  readonly when: 'IMMEDIATE' | 'ONCE' | 'HOURLY' | 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'EVENT';
  /** `2026-12-01` and `09:00`. Of what waits for events: empty is at once. */
  readonly date: string;
  readonly time: string;
  /** Empty: without an end. What waits for events needs one. */
  readonly endDate: string;
  readonly endTime: string;
  readonly localTime: boolean;
  /** `22:00` and `07:30`, both or none. Empty: as the project is set. */
  readonly quietStart: string;
  readonly quietEnd: string;
  readonly event: EventForm;
  readonly limits: LimitsForm;
  /** Of in-app messages: 1 is shown before 5. */
  readonly priority: string;
}

export const mostTreatments = 5;

export const emptyCampaign: CampaignForm = {
  ...{ name: '', segmentId: '', holdout: 0, channel: 'EMAIL', when: 'IMMEDIATE', date: '', time: '09:00' },
  ...{ endDate: '', endTime: '23:59', localTime: false, quietStart: '', quietEnd: '' },
  ...{ event: emptyEvent, limits: {}, priority: '3' },
  treatments: [{ key: '0', name: 'A', template: '', percent: 100 }],
};

const members = { EMAIL: 'EmailTemplate', SMS: 'SMSTemplate', PUSH: 'PushTemplate', INAPP: 'InAppTemplate' } as const;

/** What the first treatment gets. */
export function shareOfFirst({ treatments, holdout }: CampaignForm): number {
  return 100 - holdout - treatments.slice(1).reduce((sum, { percent }) => sum + percent, 0);
}

/** Whether something has to happen before it does anything. In-app messages always wait. */
export function waitsForEvents({ channel, when }: CampaignForm): boolean {
  return channel === 'INAPP' || when === 'EVENT';
}

export function limitsOf({ channel }: CampaignForm): readonly Limit[] {
  return channel === 'INAPP' ? inAppLimits : sendingLimits;
}

/** What keeps it from being launched; undefined when nothing does. */
export function faultOf(form: CampaignForm): string | undefined {
  if (form.name.trim() === '') return 'Name the campaign.';
  if (form.segmentId === '') return 'Choose a segment.';
  if (form.treatments.some(({ template }) => template === '')) return 'Choose a template for each message.';
  if (shareOfFirst(form) < 1) return 'The shares leave nothing for the first message.';
  return timesFault(form) ?? quietFault(form) ?? limitsFault(limitsOf(form), form.limits);
}

function timesFault(form: CampaignForm): string | undefined {
  const { when, date, time, endDate, endTime } = form;
  const waits = waitsForEvents(form);
  const fault = waits ? eventFault(form.event) : undefined;
  if (fault !== undefined) return fault;
  if (!waits && when === 'IMMEDIATE') return undefined;
  if (!waits && (date === '' || time.length < 5)) return 'Say when it begins.';
  if (date !== '' && time.length < 5) return 'Say at what time it begins.';
  if (waits && endDate === '') return 'Say until when it waits.';
  if (!hasEnd(form)) return undefined;
  if (endTime.length < 5) return 'Say at what time it ends.';
  const begins = date === '' ? '' : `${date}T${time}`;
  return `${endDate}T${endTime}` > begins ? undefined : 'It must end after it begins.';
}

/** In-app messages are fetched, not sent: nothing of them disturbs anybody at night. */
export function hasQuietTime({ channel }: CampaignForm): boolean {
  return channel !== 'INAPP';
}

/** What is wrong with the hours, where there are any. */
export function quietFault(form: CampaignForm): string | undefined {
  const { quietStart, quietEnd } = form;
  if (!hasQuietTime(form) || (quietStart === '' && quietEnd === '')) return undefined;
  if (quietStart.length < 5 || quietEnd.length < 5) return 'Quiet time has a start and an end.';
  return quietStart === quietEnd ? 'Quiet time must end at another time than it starts.' : undefined;
}

/** What is sent once ends by itself. */
export function hasEnd(form: CampaignForm): boolean {
  return form.endDate !== '' && (waitsForEvents(form) || !['IMMEDIATE', 'ONCE'].includes(form.when));
}

export function toRequest(form: CampaignForm): WriteCampaignRequest {
  const [first, ...others] = form.treatments;
  const limits = toLimits(limitsOf(form), form.limits);
  return {
    Name: form.name.trim(),
    SegmentId: form.segmentId,
    HoldoutPercent: form.holdout,
    ...(others.length > 0 && { TreatmentName: first?.name }),
    TemplateConfiguration: templateOf(form.channel, first),
    Schedule: { ...scheduleOf(form), ...quietTimeOf(form) },
    ...(limits !== undefined && { Limits: limits }),
    ...(form.channel === 'INAPP' && { Priority: Number(form.priority) }),
    ...(others.length > 0 && {
      AdditionalTreatments: others.map((treatment) => ({
        ...{ SizePercent: treatment.percent, TreatmentName: treatment.name },
        TemplateConfiguration: templateOf(form.channel, treatment),
      })),
    }),
  };
}

function templateOf(channel: CampaignChannel, treatment: Treatment | undefined): TemplateConfiguration {
  return { [members[channel]]: { Name: treatment?.template } };
}

function scheduleOf(form: CampaignForm): Schedule {
  const { when, date, time, endDate, endTime, localTime } = form;
  if (waitsForEvents(form)) {
    return {
      StartTime: date === '' ? 'IMMEDIATE' : toInstant(date, time, false),
      EndTime: toInstant(endDate, endTime, false),
      Frequency: form.channel === 'INAPP' ? 'IN_APP_EVENT' : 'EVENT',
      EventFilter: toEventFilter(form.event),
    };
  }
  if (when === 'IMMEDIATE') return { StartTime: 'IMMEDIATE', Frequency: 'ONCE' };
  return {
    StartTime: toInstant(date, time, localTime),
    ...(hasEnd(form) && { EndTime: toInstant(endDate, endTime, localTime) }),
    ...{ Frequency: when as Schedule['Frequency'], IsLocalTime: localTime },
  };
}

function quietTimeOf(form: CampaignForm): Pick<Schedule, 'QuietTime'> {
  const { quietStart, quietEnd } = form;
  return hasQuietTime(form) && quietStart !== '' ? { QuietTime: { Start: quietStart, End: quietEnd } } : {};
}

/** Local time is the recipient's: then no zone is meant, and otherwise that of whoever looks at the screen. */
function toInstant(date: string, time: string, localTime: boolean): string {
  return localTime ? `${date}T${time}:00Z` : new Date(`${date}T${time}:00`).toISOString();
}
