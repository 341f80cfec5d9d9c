/** A campaign whose messages clients come for, as far as GetInAppMessages asks (dossier/messaging §13). Pure. */
import type {
  CampaignInAppMessage,
  InAppMessage,
  InAppMessageCampaign,
  QuietTime,
} from '../../../contract/pinpoint-types.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import type { TemplateReference } from '../../templates/index.ts';
import { type Campaign, type Treatment, treatmentsOf } from '../campaign.ts';
import type { Shares } from '../cohort.ts';
import { quietTimeOf } from '../definition/settings.ts';
import { endOf, firstSlot } from '../schedule/slots.ts';

export interface InAppCampaign {
  readonly id: string;
  /** What shares out its segment. */
  readonly shares: Shares;
  readonly segmentId: string;
  readonly segmentVersion: number;
  readonly treatments: ReadonlyMap<string, InAppTreatment>;
}

export interface InAppTreatment {
  readonly from: number;
  /** Exclusive, as clients take it (§13.3). */
  readonly to: number;
  readonly quietTime: QuietTime | undefined;
  /** Goes before the message. */
  readonly template: TemplateReference<'INAPP'> | undefined;
  readonly message: InAppMessage | undefined;
  /** The answer but for its message. */
  readonly frame: Omit<InAppMessageCampaign, 'InAppMessage'>;
}

export function toInAppCampaign(campaign: Campaign): InAppCampaign {
  const { id, definition } = campaign;
  return {
    ...{ id, shares: definition, segmentId: definition.SegmentId, segmentVersion: definition.SegmentVersion },
    treatments: new Map(treatmentsOf(definition).map((treatment) => [treatment.id, toTreatment(campaign, treatment)])),
  };
}

function toTreatment(campaign: Campaign, treatment: Treatment): InAppTreatment {
  const { schedule, template, message } = treatment;
  const end = endOf(schedule);
  const quietTime = quietTimeOf(campaign, schedule);
  const named = template?.InAppTemplate;
  return {
    from: firstSlot(schedule, campaign.createdAt).getTime(),
    to: end?.getTime() ?? Number.POSITIVE_INFINITY,
    quietTime,
    template: named?.Name === undefined ? undefined : { type: 'INAPP', name: named.Name, version: named.Version },
    message: message?.InAppMessage && toInAppMessage(message.InAppMessage),
    frame: {
      CampaignId: campaign.id,
      TreatmentId: treatment.id,
      ...(campaign.definition.Priority !== undefined && { Priority: campaign.definition.Priority }),
      ...capsOf(campaign),
      Schedule: {
        ...(end !== undefined && { EndDate: toTimestamp(end) }),
        ...(quietTime !== undefined && { QuietTime: quietTime }),
        ...(schedule.EventFilter !== undefined && { EventFilter: schedule.EventFilter }),
      },
    },
  };
}

/** Of the campaign over those of the project; 0 is no cap, and said (§13.1). */
function capsOf({ definition: { Limits: own = {} }, inherited: { limits } }: Campaign) {
  return {
    SessionCap: own.Session ?? limits.Session ?? 0,
    DailyCap: own.Daily ?? limits.Daily ?? 0,
    TotalCap: own.Total ?? limits.Total ?? 0,
  };
}

/** `Body` is not for clients: the answer has no place for it. */
export function toInAppMessage({ Content, CustomConfig, Layout }: CampaignInAppMessage): InAppMessage {
  return {
    ...(Content !== undefined && { Content }),
    ...(CustomConfig !== undefined && { CustomConfig }),
    ...(Layout !== undefined && { Layout }),
  };
}
