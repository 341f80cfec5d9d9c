/** Messages of a custom channel, as messaging makes them of a campaign's endpoints. */
import { hash } from 'node:crypto';
import type { EndpointDefinition } from '../../src/domains/channels/channel-types.ts';
import type { CustomContent, OutgoingMessage } from '../../src/domains/channels/message.ts';

export const customOrigin: CustomContent['origin'] = {
  applicationId: '3a9b0c',
  campaignId: '13972f',
  treatmentId: '0',
  activityId: '575c11',
  scheduledTime: '2026-12-01T19:00:16.843Z',
};

export const customEndpoint: EndpointDefinition = {
  ...{ ChannelType: 'EMAIL', Address: 'a@example.com', EndpointStatus: 'ACTIVE', OptOut: 'NONE' },
  ...{ Location: { Country: 'US' }, Demographic: { Platform: 'android' }, Attributes: { CohortId: ['42'] } },
};

export function customMessage(
  deliveryUri: string,
  endpointId: string,
  content: Partial<CustomContent> = {},
): OutgoingMessage {
  return {
    ...{ key: hash('md5', endpointId), channelType: 'CUSTOM', address: 'a@example.com' },
    content: {
      ...{ kind: 'custom', deliveryUri, data: '{"tpl":"winback"}', origin: customOrigin, endpointId },
      endpoint: customEndpoint,
      ...content,
    },
  };
}
