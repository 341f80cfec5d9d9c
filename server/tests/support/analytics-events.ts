/** Events as the server makes them, for tests of what is counted of them. */
import { CreateAppCommand } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { countingEvents, noteNames } from '../../src/domains/analytics/index.ts';
import { insertCampaign } from '../../src/domains/campaigns/store.ts';
import {
  appEvent,
  type CampaignOrigin,
  campaignSend,
  type EmailOccurrence,
  EventLog,
  type EventProject,
  emailEvent,
  type MessageOrigin,
  type NewEvent,
  type SmsRecordStatus,
  smsEvent,
} from '../../src/domains/events/index.ts';
import type { TestServer } from './test-server.ts';

export const direct: MessageOrigin = { kind: 'direct' };

export function ofCampaign(campaignId: string, activityId = 'run-1', treatmentId = '0'): CampaignOrigin {
  return { kind: 'campaign', campaignId, activityId, treatmentId };
}

export async function createProject(server: TestServer): Promise<EventProject> {
  const { ApplicationResponse } = await server
    .client()
    .send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'analytics' } }));
  const id = ApplicationResponse?.Id as string;
  const { rows } = await sql<{ number: number }>`select number from projects where id = ${id}`.execute(
    server.database.query,
  );
  return { id, number: rows[0]?.number as number, accountId: server.administrator.accountId };
}

/** A campaign of which figures can be asked. */
export function createCampaign({ database }: TestServer, { number }: EventProject, id: string): Promise<void> {
  const Schedule = { StartTime: 'IMMEDIATE' };
  const definition = { Name: id, SegmentId: 's', SegmentVersion: 1, Schedule };
  return database.transaction((tx) =>
    insertCampaign(tx, {
      ...{ projectNumber: number, id, definition, inherited: { limits: {} }, isPaused: false, now: new Date() },
    }),
  );
}

const log = new EventLog([noteNames(), countingEvents()]);

export function append(server: TestServer, events: readonly NewEvent[]): Promise<void> {
  return server.database.transaction((tx) => log.append(tx, events));
}

const delivery = { smtpResponse: '250 ok', recipients: [], processingTimeMilliseconds: 1 };
const occurrences = {
  send: { type: 'send' },
  delivered: { type: 'delivered', ...delivery },
  hardbounce: { type: 'hardbounce', subType: 'General', recipients: [] },
  softbounce: { type: 'softbounce', subType: 'General', recipients: [] },
  rejected: { type: 'rejected', reason: 'malware' },
  complaint: { type: 'complaint', recipients: [] },
  open: { type: 'open' },
  click: { type: 'click', link: 'https://example.com/' },
} as const satisfies Record<string, EmailOccurrence>;

export type MailEvent = keyof typeof occurrences;

/** Each maker takes the project first, so that a test names the rest only. */
export function mail(
  project: EventProject,
  type: MailEvent,
  {
    origin = direct,
    to,
    endpointId,
    message,
    sentAt,
    arrivedAt = sentAt,
  }: {
    readonly origin?: MessageOrigin;
    readonly to: string;
    readonly endpointId?: string;
    readonly message: string;
    readonly sentAt: Date;
    readonly arrivedAt?: Date;
  },
): NewEvent {
  const sent = { messageId: message, from: 'a@example.com', to: [to], subject: 's', headers: [] };
  return emailEvent(project, {
    ...{ endpointId, clientId: '0f6c6c4e-50b3-4ad1-8b60-0c8f6b6bd9a1', origin, arrivedAt },
    mail: { ...sent, headersTruncated: false, sentAt },
    occurrence: occurrences[type],
  });
}

export function sms(
  project: EventProject,
  recordStatus: SmsRecordStatus,
  {
    origin = direct,
    endpointId,
    message,
    at,
    country = 'CH',
    parts = 1,
    price,
    number = '+41790000001',
  }: {
    readonly origin?: MessageOrigin;
    readonly endpointId?: string;
    readonly message: string;
    readonly at: Date;
    readonly country?: string;
    readonly parts?: number;
    readonly price?: number;
    readonly number?: string;
  },
): NewEvent {
  return smsEvent(project, {
    ...{ endpointId, origin, recordStatus, final: recordStatus !== 'SUCCESSFUL', messageId: message },
    ...{ senderRequestId: 'r', destinationNumber: number, countryCode: country, parts, messageType: 'TRANSACTIONAL' },
    ...{ occurredAt: at, arrivedAt: at, ...(price !== undefined && { priceInMillicents: price }) },
  });
}

export function send(
  project: EventProject,
  {
    origin,
    endpointId,
    at,
    channel = 'EMAIL',
    status = 'SUCCESS',
  }: {
    readonly origin: CampaignOrigin;
    readonly endpointId: string;
    readonly at: Date;
    readonly channel?: 'EMAIL' | 'SMS' | 'GCM' | 'CUSTOM';
    readonly status?: 'SUCCESS' | 'HOLDOUT';
  },
): NewEvent {
  return campaignSend(project, {
    ...{ id: endpointId, endpoint: {}, origin, deliveryType: channel, status },
    ...{ occurredAt: at, arrivedAt: at },
  });
}

export interface AppOccurrence {
  readonly endpointId: string;
  readonly type: string;
  readonly at: Date;
  readonly arrivedAt?: Date;
  readonly userId?: string;
  readonly zone?: string;
  readonly country?: string;
  readonly platform?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly endpointAttributes?: Readonly<Record<string, readonly string[]>>;
  readonly metrics?: Readonly<Record<string, number>>;
}

export function happened(project: EventProject, occurrence: AppOccurrence): NewEvent {
  const { endpointId, type, at, arrivedAt = at, userId, zone, country, platform, ...event } = occurrence;
  return appEvent(project, {
    ...{ endpointId, occurredAt: at, arrivedAt },
    endpoint: {
      ChannelType: 'EMAIL',
      ...(userId !== undefined && { User: { UserId: userId } }),
      ...(country !== undefined && { Location: { Country: country } }),
      ...(event.endpointAttributes && { Attributes: event.endpointAttributes }),
      Demographic: { ...(zone && { Timezone: zone }), ...(platform && { Platform: platform }) },
    },
    event: {
      ...{ EventType: type, Timestamp: at.toISOString() },
      ...{ Attributes: event.attributes ?? {}, Metrics: event.metrics ?? {} },
    },
  });
}
