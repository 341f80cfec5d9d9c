/** Events: what other rooms may use. */
export { EventLog, type EventsHandler } from './append.ts';
export { requireDays } from './days.ts';
export { Fingerprints } from './ingest/fingerprints.ts';
export { EventIngest } from './ingest/ingest.ts';
export { ingestOperations } from './ingest/operations.ts';
export { EventSettingsLookup } from './ingest/settings.ts';
export { type EventJobParts, eventCrons, eventJobs } from './jobs.ts';
export { eventLocations } from './locations.ts';
export { eventOperations } from './operations.ts';
export { eventsPersonalData } from './personal-data.ts';
export type { EventEndpoint, EventProject, EventRecord, EventTimes, NewEvent } from './record.ts';
export { type AppEvent, appEvent } from './records/app-event.ts';
export { type CampaignSend, type CampaignSendStatus, campaignSend } from './records/campaign-send.ts';
export {
  type BouncedRecipient,
  type EmailEvent,
  type EmailOccurrence,
  emailEvent,
  type SentMail,
} from './records/email.ts';
export { type JourneySend, type JourneySendStatus, journeySend } from './records/journey-send.ts';
export type { CampaignOrigin, DirectOrigin, JourneyOrigin, MessageOrigin } from './records/origin.ts';
export { type SmsEvent, type SmsRecordStatus, smsEvent } from './records/sms.ts';
export { streamTest } from './records/stream-test.ts';
export { AppendNews } from './streams/append-news.ts';
export { tellStreamReaders } from './streams/configure.ts';
export {
  isStreamedByOthers,
  isStreamedToFiles,
  isStreaming,
  listStreamFiles,
  noteStreamFilesRemoved,
  noteStreamPrefixRemoved,
  type StreamFile,
} from './streams/files-store.ts';
export { findStreamLags, type StreamLag } from './streams/lag.ts';
export { streamOperations } from './streams/operations.ts';
export { findOldestTransaction } from './streams/pending.ts';
export { StreamReaders } from './streams/readers.ts';
