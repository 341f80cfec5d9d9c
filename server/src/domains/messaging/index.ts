/** Messages: what other rooms may use. */
export {
  type ComposeOptions,
  compose,
  type Recipient as MessageRecipient,
  type Refused,
  refusal,
} from './compose/compose.ts';
export { serviceOf } from './compose/direct-sources.ts';
export type {
  EmailSource,
  MessageSources,
  Overrides,
  PushSource,
  SmsSource,
  Substitutions,
  TextSource,
} from './compose/sources.ts';
export { trackEmail } from './compose/track-email.ts';
export { toPublicEndpoint as toEndpointDefinition, toRecipientEndpoint } from './direct/public-endpoint.ts';
export { type MessagingJobParts, messagingCrons, messagingJobs } from './jobs.ts';
export { type ErasedClaimsHandler, messagingLocations } from './locations.ts';
export { createMessaging, type Messaging, messagingOperations, type SettledHandler } from './messaging.ts';
export { messagingPersonalData } from './personal-data.ts';
export type { Pipeline, RoutedSend } from './pipeline/pipeline.ts';
export { RateBudget } from './pipeline/rate-budget.ts';
export { type NextRecipients, type RunSource, workRun } from './pipeline/work-run.ts';
export { type AbandonedClaim, abandonClaims } from './sends/abandon.ts';
export type { Verdict } from './sends/claim.ts';
export { findSend, type StoredSend } from './sends/log.ts';
export { settledEvents, withheldEvents } from './sends/records.ts';
export {
  type AddressHashes,
  addressedChannelTypes,
  messageKey,
  type Recipient,
  type Run,
  type RunSendStatus,
  recipientOfEndpoint,
  type SendDetail,
  type SendResult,
  type SkipReason,
  type WantedSend,
} from './sends/send.ts';
export { findUnsettled, type SettledSend, type UnsettledSend } from './sends/settle.ts';
export type { SendSources } from './sends/sources.ts';
export { type WithheldSend, withholdSends } from './sends/withhold.ts';
export type { MessagingSettings } from './settings/settings.ts';
export { suppressedAmong } from './suppression/store.ts';
