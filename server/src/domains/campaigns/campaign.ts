/** A campaign as the rooms of this domain hand it to each other, and its treatments with what they inherit. */
import type {
  CampaignHook,
  CampaignLimits,
  CampaignStatus,
  CustomDeliveryConfiguration,
  MessageConfiguration,
  QuietTime,
  Schedule,
  TemplateConfiguration,
  WriteCampaignRequest,
} from '../../contract/pinpoint-types.ts';

export interface CampaignKey {
  readonly projectNumber: number;
  /** 32 hex characters. */
  readonly id: string;
}

/** Checked and merged: what a campaign must have, it has (dossier/messaging §1.2). */
export interface CampaignDefinition extends Omit<WriteCampaignRequest, 'tags' | 'IsPaused'> {
  readonly Name: string;
  readonly SegmentId: string;
  readonly SegmentVersion: number;
  readonly Schedule: Schedule;
}

/** Settings of the project as they were when the campaign was made: its own go before them, member by member. */
export interface Inherited {
  readonly limits: CampaignLimits;
  readonly quietTime?: QuietTime;
  readonly hook?: CampaignHook;
}

export interface Campaign extends CampaignKey {
  readonly accountId: string;
  readonly region: string;
  readonly applicationId: string;
  readonly version: number;
  readonly definition: CampaignDefinition;
  readonly inherited: Inherited;
  readonly isPaused: boolean;
  readonly state: CampaignStatus;
  readonly createdAt: Date;
  readonly lastModifiedAt: Date;
}

/** One of the up to five that share a segment. */
export interface Treatment {
  /** `0` is the default, `1` to `4` the others in their order. */
  readonly id: string;
  /** Of the whole segment; the default's share is what holdout and the others leave (dossier/messaging §1.9). */
  readonly percent: number;
  readonly message: MessageConfiguration | undefined;
  readonly template: TemplateConfiguration | undefined;
  readonly customDelivery: CustomDeliveryConfiguration | undefined;
  readonly schedule: Schedule;
  /** It has runs of its own; all others share those of `0`. */
  readonly hasOwnSchedule: boolean;
}

export function treatmentsOf(definition: Omit<CampaignDefinition, 'SegmentVersion'>): readonly Treatment[] {
  const { AdditionalTreatments: others = [], HoldoutPercent: holdout = 0, Schedule: schedule } = definition;
  const own = {
    message: definition.MessageConfiguration,
    template: definition.TemplateConfiguration,
    customDelivery: definition.CustomDeliveryConfiguration,
  };
  const taken = others.reduce((sum, { SizePercent }) => sum + SizePercent, holdout);
  return [
    { id: '0', percent: 100 - taken, ...own, schedule, hasOwnSchedule: false },
    ...others.map((other, index) => {
      // A message of its own replaces all that is said, so that nothing of the campaign's appears beside it.
      const says = other.MessageConfiguration ?? other.TemplateConfiguration;
      return {
        id: String(index + 1),
        percent: other.SizePercent,
        message: says === undefined ? own.message : other.MessageConfiguration,
        template: says === undefined ? own.template : other.TemplateConfiguration,
        customDelivery: other.CustomDeliveryConfiguration ?? own.customDelivery,
        schedule: other.Schedule ?? schedule,
        hasOwnSchedule: other.Schedule !== undefined,
      };
    }),
  ];
}

/** Those that run together. @param treatmentId of the schedule */
export function treatmentsOfSchedule(definition: CampaignDefinition, treatmentId: string): readonly Treatment[] {
  return treatmentsOf(definition).filter(({ id, hasOwnSchedule }) =>
    hasOwnSchedule ? id === treatmentId : treatmentId === '0',
  );
}
