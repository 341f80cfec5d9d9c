/** A run as a worker holds it in memory: what is said by treatment, compiled once for all of its recipients. */
import type {
  CampaignHook,
  ChannelType,
  CustomDeliveryConfiguration,
  MessageConfiguration,
  QuietTime,
} from '../../../contract/pinpoint-types.ts';
import { isPushChannel } from '../../channels/index.ts';
import type { MessageSources, Run } from '../../messaging/index.ts';
import { treatmentsOf } from '../campaign.ts';
import { holdout, treatmentOf } from '../cohort.ts';
import { campaignSources } from '../compose/campaign-sources.ts';
import { filterOf } from '../hooks/filter.ts';
import { limitsOf, type PlannedTemplates, type RunLimits } from './plan.ts';
import type { StoredRun } from './store.ts';

export interface OpenRun {
  readonly stored: StoredRun;
  /** As claims of a segment's endpoints have it. */
  readonly run: Run;
  readonly limits: RunLimits;
  readonly quietTime: QuietTime | undefined;
  readonly hook: CampaignHook | undefined;
  readonly treatments: ReadonlyMap<string, OpenTreatment>;
  /** Undefined: another run of the campaign has it. */
  cohortOf(endpointId: string): string | undefined;
}

export interface OpenTreatment {
  readonly id: string;
  readonly activityId: string;
  readonly message: MessageConfiguration | undefined;
  readonly templates: PlannedTemplates | undefined;
  readonly sources: MessageSources;
  /** In place of messages of ours, for some channel types. */
  readonly custom: CustomDelivery | undefined;
}

export interface CustomDelivery {
  readonly deliveryUri: string;
  readonly data: string;
  readonly endpointTypes: ReadonlySet<string>;
}

export function openRun(stored: StoredRun): OpenRun {
  const { plan, projectNumber, id, scheduledStart } = stored;
  const { accountId, region, applicationId, definition, inherited } = plan;
  const said = new Map(treatmentsOf(definition).map((treatment) => [treatment.id, treatment]));
  const treatments = new Map(
    plan.treatments.map(({ id: treatmentId, activityId, templates }): [string, OpenTreatment] => {
      const treatment = said.get(treatmentId);
      if (treatment === undefined) throw new Error('A run has a treatment that its campaign has not.');
      const { message, customDelivery } = treatment;
      return [
        treatmentId,
        {
          ...{ id: treatmentId, activityId, message, templates, sources: campaignSources(message, templates) },
          custom: customDelivery && customOf(customDelivery, message?.CustomMessage?.Data),
        },
      ];
    }),
  );
  return {
    ...{ stored, treatments, limits: limitsOf(plan) },
    run: { ...{ id, accountId, region, projectNumber, applicationId, startedAt: scheduledStart }, kind: 'campaign' },
    hook: filterOf(plan),
    quietTime: definition.Schedule.QuietTime ?? inherited.quietTime,
    cohortOf(endpointId) {
      const cohort = treatmentOf(stored.campaignId, endpointId, definition);
      const isOurs = cohort === holdout ? treatments.has('0') : treatments.has(cohort);
      return isOurs ? cohort : undefined;
    },
  };
}

/** Without EndpointTypes it is for endpoints of the custom channel alone (dossier/messaging §14). */
function customOf({ DeliveryUri, EndpointTypes = ['CUSTOM'] }: CustomDeliveryConfiguration, data = ''): CustomDelivery {
  return { deliveryUri: DeliveryUri, data, endpointTypes: new Set(EndpointTypes) };
}

/** Whether the message has anything to say on a channel. */
export function hasContentFor({ email, sms, push }: MessageSources, channelType: ChannelType): boolean {
  if (isPushChannel(channelType)) return push(channelType) !== undefined;
  if (channelType === 'EMAIL') return email !== undefined;
  return channelType === 'SMS' && sms !== undefined;
}
