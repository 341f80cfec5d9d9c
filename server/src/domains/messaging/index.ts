/** Messages: what other rooms may use. */
export { type MessagingJobParts, messagingCrons, messagingJobs } from './jobs.ts';
export { messagingLocations } from './locations.ts';
export { createMessaging, type Messaging, messagingOperations } from './messaging.ts';
export { messagingPersonalData } from './personal-data.ts';
export { type AddressHashes, addressedChannelTypes } from './sends/send.ts';
