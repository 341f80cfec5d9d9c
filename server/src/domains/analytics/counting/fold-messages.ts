/** Counts of what was sent, and of what became of it. Pure. */
import { addressKey } from '../../../kernel/address.ts';
import { foldEndpointId } from '../../../kernel/bucket.ts';
import type { EventRecord, NewEvent } from '../../events/index.ts';
import { label } from './labels.ts';
import {
  addressSubject,
  type Counter,
  countedText,
  countedTime,
  endpointSubject,
  type Subject,
  slotOf,
  type Tally,
} from './tally.ts';

interface Origin {
  readonly kind: 'direct' | 'campaign' | 'journey';
  readonly sourceId: string;
  readonly activityId: string;
  readonly treatmentId: string;
}

/** What is known of a message's event once, for the functions below. */
interface Told {
  readonly record: EventRecord;
  readonly origin: Origin;
  readonly at: number;
  readonly subject: Subject;
  counter(metric: string, value?: number, of?: string): Counter;
}

/** @returns whether it was an event about a message; an app that uses such a name without its content sent another one */
export function foldMessageEvent(tally: Tally, event: NewEvent): boolean {
  const { record } = event;
  if (record.event_type.startsWith('_email.') && record.facets !== undefined) {
    foldEmail(tally, toldBy(event, addressOfMail(record)));
    return true;
  }
  if (record.event_type.startsWith('_SMS.') && record.attributes['message_id'] !== undefined) {
    foldSms(tally, toldBy(event, record.attributes['destination_phone_number']));
    return true;
  }
  switch (record.event_type) {
    case '_campaign.send':
      foldCampaignSend(tally, toldBy(event, undefined));
      return true;
    case '_journey.send':
    case '_test.event_stream':
      return true;
    case '_campaign.opened_notification':
      foldPushOpen(tally, toldBy(event, undefined));
      // What an app tells is activity as well.
      return false;
    default:
      return false;
  }
}

function toldBy({ projectNumber, endpointId, record }: NewEvent, address: string | undefined): Told {
  const origin = originOf(record);
  const at = countedTime(record);
  const { sourceId, activityId, treatmentId } = origin;
  const subject =
    endpointId === undefined
      ? addressSubject(projectNumber, addressKey(address ?? record.client.client_id))
      : endpointSubject(projectNumber, foldEndpointId(endpointId));
  return {
    ...{ record, origin, at, subject },
    counter: (metric, value = 1, of = '') => ({
      ...{ projectNumber, metric: `${origin.kind} ${metric}`, slot: slotOf(at) },
      ...{ sourceId, activityId, treatmentId, label: of, value },
    }),
  };
}

/** The Android SDK says `_DIRECT` of a push that no campaign sent (dossier §1.5). */
function originOf({ attributes }: EventRecord): Origin {
  const { campaign_id: campaign, journey_id: journey } = attributes;
  const text = (name: string) => countedText(attributes[name] ?? '');
  if (campaign !== undefined && campaign !== '' && campaign !== '_DIRECT') {
    const ids = { activityId: text('campaign_activity_id'), treatmentId: text('treatment_id') };
    return { kind: 'campaign', sourceId: countedText(campaign), ...ids };
  }
  if (journey !== undefined && journey !== '') {
    const ids = { activityId: text('journey_activity_id'), treatmentId: '' };
    return { kind: 'journey', sourceId: countedText(journey), ...ids };
  }
  return { kind: 'direct', sourceId: '', activityId: '', treatmentId: '' };
}

function addressOfMail(record: EventRecord): string | undefined {
  const mail = record.facets?.email_channel.mail_event['mail'] as MailDocument | undefined;
  return mail?.destination?.[0];
}

interface MailDocument {
  readonly message_id?: string;
  readonly destination?: readonly string[];
}

const plainEmailMetrics: Readonly<Record<string, string>> = {
  '_email.send': 'email sent',
  '_email.hardbounce': 'email hard bounced',
  '_email.softbounce': 'email soft bounced',
  '_email.rejected': 'email rejected',
  '_email.complaint': 'email complained',
  '_email.unsubscribe': 'email unsubscribed',
};

function foldEmail(tally: Tally, told: Told): void {
  const { record, subject, origin, at, counter } = told;
  const plain = plainEmailMetrics[record.event_type];
  if (plain !== undefined) tally.count(counter(plain));
  if (record.event_type === '_email.delivered') markDelivered(tally, told);
  if (record.event_type === '_email.open') foldVisit(tally, told, 'opened');
  if (record.event_type === '_email.click' || record.event_type === '_email.unsubscribe') {
    tally.count(counter('email every click'));
    foldVisit(tally, told, 'clicked');
  }
  if (record.event_type === '_email.unsubscribe') tally.markDay(subject, `${origin.kind} unsubscribed`, '', at);
}

/**
 * Several opens of a mail in one clock hour are one, by when they came; the event's own time is that of the mail
 * (dossier/messaging §12, dossier/events-journeys-console §2.6).
 */
function foldVisit(tally: Tally, { record, origin, subject, at, counter }: Told, what: 'opened' | 'clicked'): void {
  const mail = record.facets?.email_channel.mail_event['mail'] as MailDocument | undefined;
  const message = countedText(mail?.message_id ?? '');
  const mark = { metric: `${origin.kind} mail ${what}`, scope: message, kind: 'hour' } as const;
  const first = [counter(`email first ${what}`)];
  tally.markOnce(subject, mark, record.arrival_timestamp, [counter(`email ${what}`)], first);
  tally.markDay(subject, `${origin.kind} ${what}`, '', at);
}

/** Receipts of one SMS are several, and the first one tells that it was sent. */
function foldSms(tally: Tally, told: Told): void {
  const { record, subject, origin, counter } = told;
  const { attributes, metrics } = record;
  if (record.event_type === '_SMS.OPTOUT') {
    tally.count(counter('sms opted out'));
    return;
  }
  const country = countedText(attributes['iso_country_code'] ?? '');
  const parts = Math.max(Number(attributes['number_of_message_parts']) || 1, 1);
  const message = countedText(attributes['message_id'] as string);
  tally.markOnce(subject, { metric: `${origin.kind} sms`, scope: message, kind: 'ever' }, record.arrival_timestamp, [
    counter('sms sent', 1, country),
    counter('sms parts', parts, country),
  ]);
  const price = metrics?.['price_in_millicents_usd'];
  if (price !== undefined) tally.count(counter('sms price', price, country));
  if (record.event_type === '_SMS.SUCCESS') {
    tally.count(counter('sms delivered', 1, country));
    tally.count(counter('sms parts delivered', parts, country));
    markDelivered(tally, told);
  }
  if (record.event_type === '_SMS.FAILURE') {
    tally.count(counter('sms failed', 1, countedText(attributes['record_status'] ?? 'UNKNOWN')));
  }
  if (country !== '') tally.carry(subject, [label('sms country', country)]);
}

const families: Readonly<Record<string, string>> = {
  ...{ EMAIL: 'email', SMS: 'sms', PUSH: 'push', GCM: 'push', ADM: 'push', BAIDU: 'push' },
  ...{ APNS: 'push', APNS_SANDBOX: 'push', APNS_VOIP: 'push', APNS_VOIP_SANDBOX: 'push' },
};

/** Mails and SMS are delivered when their provider says so, others when they were accepted. */
function foldCampaignSend(tally: Tally, told: Told): void {
  if (told.record.attributes['campaign_send_status'] !== 'SUCCESS' || told.origin.kind !== 'campaign') return;
  const family = families[told.record.attributes['delivery_type'] ?? ''] ?? 'other';
  tally.count(told.counter(`accepted ${family}`));
  if (family === 'push' || family === 'other') markDelivered(tally, told);
}

function markDelivered(tally: Tally, { origin, subject, at }: Told): void {
  if (origin.kind !== 'campaign') return;
  tally.markDay(subject, 'delivered', '', at);
  tally.markDay(subject, 'delivered by campaign', origin.sourceId, at);
  tally.markDay(subject, 'delivered by activity', `${origin.sourceId}/${origin.activityId}`, at);
}

/** A notification is one of its run: apps tell of every tap. */
function foldPushOpen(tally: Tally, { record, origin, subject, counter }: Told): void {
  if (origin.kind !== 'campaign') return;
  tally.count(counter('push opened'));
  const mark = {
    metric: 'campaign push opened',
    scope: `${origin.sourceId}/${origin.activityId}`,
    kind: 'ever',
  } as const;
  tally.markOnce(subject, mark, record.arrival_timestamp, [counter('push first opened')]);
}
