/** Channels and providers: what other rooms may use. */
export type { ChannelType, EndpointDefinition } from './channel-types.ts';
export {
  type CallbackAnswer,
  CallbackRefused,
  type CallbackRequest,
  type Driver,
  type DriverKind,
  type DriverParts,
  type DriverStorage,
  type EmailFeedback,
  type InboundMessage,
  type Outcome,
  type ProviderNews,
  type Receipt,
  type StagedMessage,
} from './driver.ts';
export { type AnyDriverKind, driverKinds } from './drivers/index.ts';
export { outboxOperations } from './drivers/outbox/operations.ts';
export { Outbox } from './drivers/outbox/outbox.ts';
export { checkWebhookOwner, isWebhookUri, readWebhookUrl } from './drivers/webhook/ownership.ts';
export { channelCrons, channelJobs } from './jobs.ts';
export { channelLocations } from './locations.ts';
export type {
  EmailContent,
  EmailHeader,
  MessageContent,
  OutgoingMessage,
  PushContent,
  RawEmailContent,
  SmsContent,
} from './message.ts';
export { channelsPersonalData } from './personal-data.ts';
export { type Callback, callbackPrefix } from './providers/callbacks.ts';
export { retireAccountDrivers, retireDrivers } from './providers/closing.ts';
export type { OpenChannel } from './providers/open-channel.ts';
export { providerOperations } from './providers/operations.ts';
export { type NewsHandler, type NewsOrigin, type OpenProvider, Providers } from './providers/providers.ts';
export {
  buildPush,
  fromAdmMessage,
  fromApnsMessage,
  fromBaiduMessage,
  fromCampaignMessage,
  fromDefaultPush,
  fromGcmMessage,
  fromPushTemplate,
  isPushChannel,
  type PushChannelType,
  type PushCircumstances,
  type PushMessage,
  type PushOrigin,
} from './push-payloads/index.ts';
export { channelOperations } from './resources/operations.ts';
export { countryOfNumber, isSenderId, isShortCode, toE164 } from './sms/numbers.ts';
export { countSmsParts, SmsTooLong } from './sms/parts.ts';
