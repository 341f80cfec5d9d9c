/** A campaign as the form holds it, and the request it becomes (dossier/events-journeys-console §6.2, P7). */
import type { TemplateConfiguration, WriteCampaignRequest } from '@aws-sdk/client-pinpoint';

export type CampaignChannel = 'EMAIL' | 'SMS' | 'PUSH';

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
  readonly when: 'IMMEDIATE' | 'ONCE' | 'DAILY' | 'WEEKLY' | 'MONTHLY';
  /** `2026-12-01` and `09:00`. */
  readonly date: string;
  readonly time: string;
  readonly localTime: boolean;
}

export const mostTreatments = 5;

export const emptyCampaign: CampaignForm = {
  ...{ name: '', segmentId: '', holdout: 0, channel: 'EMAIL', when: 'IMMEDIATE', date: '', time: '09:00' },
  ...{ localTime: false, treatments: [{ key: '0', name: 'A', template: '', percent: 100 }] },
};

const members = { EMAIL: 'EmailTemplate', SMS: 'SMSTemplate', PUSH: 'PushTemplate' } as const;

/** What the first treatment gets. */
export function shareOfFirst({ treatments, holdout }: CampaignForm): number {
  return 100 - holdout - treatments.slice(1).reduce((sum, { percent }) => sum + percent, 0);
}

/** What keeps it from being launched; undefined when nothing does. */
export function faultOf(form: CampaignForm): string | undefined {
  if (form.name.trim() === '') return 'Name the campaign.';
  if (form.segmentId === '') return 'Choose a segment.';
  if (form.treatments.some(({ template }) => template === '')) return 'Choose a template for each message.';
  if (shareOfFirst(form) < 1) return 'The shares leave nothing for the first message.';
  if (form.when !== 'IMMEDIATE' && (form.date === '' || form.time.length < 5)) return 'Say when it begins.';
  return undefined;
}

export function toRequest(form: CampaignForm): WriteCampaignRequest {
  const [first, ...others] = form.treatments;
  return {
    Name: form.name.trim(),
    SegmentId: form.segmentId,
    HoldoutPercent: form.holdout,
    ...(others.length > 0 && { TreatmentName: first?.name }),
    TemplateConfiguration: templateOf(form.channel, first),
    Schedule: scheduleOf(form),
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

/** Local time is the recipient's: then no zone is meant, and otherwise that of whoever looks at the screen. */
function scheduleOf({ when, date, time, localTime }: CampaignForm): NonNullable<WriteCampaignRequest['Schedule']> {
  if (when === 'IMMEDIATE') return { StartTime: 'IMMEDIATE', Frequency: 'ONCE' };
  const StartTime = localTime ? `${date}T${time}:00Z` : new Date(`${date}T${time}:00`).toISOString();
  return { StartTime, Frequency: when, IsLocalTime: localTime };
}
