/** Messages as SendTextMessage and SendVoiceMessage take them. */
import type { SendTextMessageCommandInput, SendVoiceMessageCommandInput } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import type { OutgoingMessage, SmsContent, VoiceContent } from '../../message.ts';
import { isSsml } from '../delivery/ssml.ts';
import type { EndUserMessagingSettings } from './settings.ts';
import type { voiceOf } from './voices.ts';

/** Comes back in every event about the message, so that those of the service can be told apart. */
const keyOfContext = 'RepointKey';

export function toTextRequest(
  { key, address }: OutgoingMessage,
  content: SmsContent,
  settings: EndUserMessagingSettings,
): SendTextMessageCommandInput {
  const OriginationIdentity = content.originationNumber ?? content.senderId ?? settings.originationIdentity;
  // India, DLT.
  const country = {
    ...(content.entityId !== undefined && { IN_ENTITY_ID: content.entityId }),
    ...(content.templateId !== undefined && { IN_TEMPLATE_ID: content.templateId }),
  };
  return {
    DestinationPhoneNumber: address,
    ...(OriginationIdentity !== undefined && { OriginationIdentity }),
    MessageBody: content.body,
    MessageType: content.messageType,
    ...(settings.configurationSetName !== undefined && { ConfigurationSetName: settings.configurationSetName }),
    ...(settings.maxPrice !== undefined && { MaxPrice: settings.maxPrice }),
    Context: { [keyOfContext]: key },
    ...(Object.keys(country).length > 0 && { DestinationCountryParameters: country }),
  };
}

/** @returns undefined when there is no number to call from: the service chooses none of its own */
export function toVoiceRequest(
  { key, address }: OutgoingMessage,
  content: VoiceContent,
  settings: EndUserMessagingSettings,
  VoiceId: ReturnType<typeof voiceOf>,
): SendVoiceMessageCommandInput | undefined {
  const OriginationIdentity = content.originationNumber ?? settings.originationIdentity;
  if (OriginationIdentity === undefined) return undefined;
  return {
    ...{ DestinationPhoneNumber: address, OriginationIdentity, MessageBody: content.body },
    MessageBodyTextType: isSsml(content.body) ? 'SSML' : 'TEXT',
    ...(VoiceId !== undefined && { VoiceId }),
    ...(settings.configurationSetName !== undefined && { ConfigurationSetName: settings.configurationSetName }),
    ...(settings.maxPrice !== undefined && { MaxPricePerMinute: settings.maxPrice }),
    Context: { [keyOfContext]: key },
  };
}
