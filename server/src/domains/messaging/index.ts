/** Messages: what other rooms may use. */
export { type MessagingJobParts, messagingCrons, messagingJobs } from './jobs.ts';
export { createMessaging, type Messaging, messagingOperations } from './messaging.ts';
export { messagingPersonalData } from './personal-data.ts';
export { forgetSends } from './sends/log.ts';
export type { SendSources } from './sends/sources.ts';
