/** Messages of the outbox as our API shows them. */
import type { OutboxMessage, OutboxMessageResponse } from '../../../../contract/repoint-types.ts';
import { toTimestamp } from '../../../../kernel/clock.ts';
import { emailSource } from './source.ts';
import type { MessageHead, StoredMessage } from './store.ts';

export function toOutboxMessage({
  id,
  channelType,
  address,
  endpointId,
  summary,
  ...times
}: MessageHead): OutboxMessage {
  return {
    ...{ MessageId: id, ChannelType: channelType, Address: address },
    ...(endpointId !== null && { EndpointId: endpointId }),
    ...(summary !== null && { Summary: summary }),
    ...{ CreationDate: toTimestamp(times.createdAt), ExpirationDate: toTimestamp(times.expiresAt) },
  };
}

export function toOutboxMessageResponse(message: StoredMessage): OutboxMessageResponse {
  return { ...toOutboxMessage(message), ...toContent(message) };
}

function toContent(message: StoredMessage): Partial<OutboxMessageResponse> {
  const { content } = message;
  switch (content.kind) {
    case 'email': {
      const Headers = content.headers.map(({ name, value }) => ({ Name: name, Value: value }));
      const parts = { Subject: content.subject, Text: content.text, Html: content.html };
      const Source = emailSource(message, content);
      return { Email: withDefined({ ...envelope(content), ReplyTo: [...content.replyTo], Headers, ...parts, Source }) };
    }
    case 'raw email': {
      const Source = Buffer.from(content.mime, 'base64').toString('utf8');
      return { Email: withDefined({ ...envelope(content), ReplyTo: [], Headers: [], Source }) };
    }
    case 'sms':
      return {
        Sms: withDefined({
          ...{ Body: content.body, MessageType: content.messageType, OriginationNumber: content.originationNumber },
          ...{ SenderId: content.senderId, EntityId: content.entityId, TemplateId: content.templateId },
        }),
      };
    case 'push': {
      const { payload, headers, authentication } = content;
      return { Push: withDefined({ Payload: payload, Headers: headers, Authentication: authentication }) };
    }
    case 'voice': {
      const { body, languageCode, voiceId, originationNumber } = content;
      const voice = { LanguageCode: languageCode, VoiceId: voiceId, OriginationNumber: originationNumber };
      return { Voice: withDefined({ Body: body, ...voice }) };
    }
    case 'custom': {
      const { deliveryUri, data, endpoint } = content;
      const { origin } = content;
      return {
        Custom: {
          ...{ DeliveryUri: deliveryUri, Data: data, Endpoint: { ...endpoint } },
          ...{ CampaignId: origin.campaignId, TreatmentId: origin.treatmentId, ActivityId: origin.activityId },
          ScheduledTime: origin.scheduledTime,
        },
      };
    }
  }
}

interface Envelope {
  readonly from: string;
  readonly returnPath?: string;
  readonly configurationSet?: string;
}

const envelope = ({ from, returnPath, configurationSet }: Envelope) => ({
  ...{ From: from, ReturnPath: returnPath, ConfigurationSet: configurationSet },
});

type Defined<Members> = { [Name in keyof Members]: Exclude<Members[Name], undefined> };

/** What is undefined is left out of the answer anyway; here the types learn it. */
function withDefined<Members extends object>(members: Members): Defined<Members> {
  return members as Defined<Members>;
}
