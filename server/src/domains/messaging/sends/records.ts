/** Outcomes of sends as events with Pinpoint's records (dossier/events-journeys-console §2.6, §2.7). */
import {
  type CampaignSendStatus,
  campaignSend,
  type EmailOccurrence,
  type EventProject,
  emailEvent,
  type NewEvent,
  type SmsRecordStatus,
  smsEvent,
} from '../../events/index.ts';
import type { RunSendStatus, SendDetail, WantedSend } from './send.ts';
import type { SettledSend } from './settle.ts';
import type { WithheldSend } from './withhold.ts';

/** A send as far as its events go: one that is being settled, or one that was found again. */
export interface ToldSend {
  readonly projectNumber: number;
  readonly runId: string;
  readonly channelType: string;
  readonly detail: SendDetail;
  /** 32 hex characters: stands for the recipient of a message to an address. */
  readonly key: string;
  readonly messageId: string;
  readonly sentAt: Date;
}

export function projectOf({ projectNumber, detail }: Pick<ToldSend, 'projectNumber' | 'detail'>): EventProject {
  return { number: projectNumber, accountId: detail.accountId, id: detail.applicationId };
}

/** Push and voice have no records of their own: campaigns and journeys tell of them (dossier §2.2). */
export function settledEvents(settled: SettledSend, key: string, now: Date): NewEvent[] {
  const ofRun = campaignEvent(settled, now);
  const ofChannel = channelEvents(settled, key, now);
  return ofRun === undefined ? ofChannel : [ofRun, ...ofChannel];
}

/** Of what a run did not send: of many reasons Pinpoint tells nothing. */
export function withheldEvents(withheld: readonly WithheldSend[], now: Date): NewEvent[] {
  return withheld.flatMap((send) => campaignEventOf(send, send.reason, now) ?? []);
}

function campaignEvent({ send, outcome }: SettledSend, now: Date): NewEvent | undefined {
  return campaignEventOf(send, outcome.status, now);
}

type OfRun = Pick<WantedSend, 'run' | 'detail' | 'shown'> & { readonly channelType: string };

function campaignEventOf(
  { detail, shown, channelType, run }: OfRun,
  outcome: RunSendStatus,
  now: Date,
): NewEvent | undefined {
  const { origin, endpointId } = detail;
  if (origin.kind !== 'campaign' || endpointId === undefined || shown === undefined) return undefined;
  const status = campaignStatusOf(outcome, channelType);
  if (status === undefined) return undefined;
  const deliveryType = channelType as WantedSend['channelType'];
  return campaignSend(projectOf({ projectNumber: run.projectNumber, detail }), {
    ...{ id: endpointId, endpoint: shown, origin, deliveryType, occurredAt: now, arrivedAt: now, status },
    ...generationIn(detail),
  });
}

/** Undefined: no event tells of it. */
function campaignStatusOf(status: RunSendStatus, channelType: string): CampaignSendStatus | undefined {
  const failed = (failure: CampaignSendStatus) => (channelType === 'CUSTOM' ? 'CUSTOM_DELIVERY_FAILURE' : failure);
  switch (status) {
    case 'SUCCESSFUL':
      return 'SUCCESS';
    case 'TEMPORARY_FAILURE':
      return failed('TRANSIENT_FAILURE');
    case 'THROTTLED':
      return failed('THROTTLED');
    case 'UNKNOWN_FAILURE':
      return failed('UNKNOWN');
    case 'PERMANENT_FAILURE':
    case 'SUPPRESSED':
      return failed('FAILURE_PERMANENT');
    case 'UNSUPPORTED_CHANNEL':
    case 'DUPLICATE_ADDRESS':
    case 'HOLDOUT':
    case 'QUIET_TIME':
    case 'DAILY_CAP':
    case 'CAMPAIGN_CAP':
    case 'EXPIRED':
    case 'HOOK_FAILURE':
    case 'RECOMMENDATION_FAILURE':
      return status;
    default:
      return undefined;
  }
}

function channelEvents(settled: SettledSend, key: string, now: Date): NewEvent[] {
  const { send, outcome } = settled;
  const told: ToldSend = {
    ...{ projectNumber: send.run.projectNumber, runId: send.run.id, channelType: send.channelType, key },
    ...{ detail: send.detail, messageId: outcome.messageId ?? key, sentAt: now },
  };
  if (send.channelType === 'EMAIL') return emailOccurrences(settled).map((each) => emailEventOf(told, each, now));
  const sms = send.channelType === 'SMS' ? smsStatusOf(settled) : undefined;
  return sms === undefined ? [] : [smsEventOf(told, sms.status, { ...sms, occurredAt: now, arrivedAt: now })];
}

export function emailEventOf(told: ToldSend, occurrence: EmailOccurrence, arrivedAt: Date): NewEvent {
  const { detail, messageId, sentAt, key } = told;
  const { from = '', subject = '' } = detail.email ?? {};
  const isDirect = detail.origin.kind === 'direct';
  return emailEvent(projectOf(told), {
    endpointId: detail.endpointId,
    ...generationIn(detail),
    clientId: isDirect || detail.endpointId === undefined ? asUuid(key) : detail.endpointId,
    origin: detail.origin,
    mail: {
      ...{ messageId, from, subject, sentAt, to: [detail.address], headersTruncated: false },
      headers: [
        { name: 'From', value: from },
        { name: 'To', value: detail.address },
        { name: 'Subject', value: subject },
      ],
    },
    occurrence,
    arrivedAt,
  });
}

function generationIn({ endpointGeneration }: SendDetail): { readonly generation?: number } {
  return endpointGeneration === undefined ? {} : { generation: endpointGeneration };
}

function asUuid(key: string): string {
  return key.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Where nobody will tell of the delivery, that the next server took the mail is the best that is known. */
function emailOccurrences({ send, outcome, expectsReceipt }: SettledSend): EmailOccurrence[] {
  const recipients = [send.address];
  const bounced = [{ address: send.address, diagnosticCode: outcome.statusMessage }];
  const bounce = { smtpResponse: outcome.statusMessage, recipients: bounced };
  switch (outcome.status) {
    case 'SUCCESSFUL':
      if (expectsReceipt) return [{ type: 'send' }];
      return [
        { type: 'send' },
        { type: 'delivered', smtpResponse: outcome.statusMessage, recipients, processingTimeMilliseconds: 0 },
      ];
    case 'PERMANENT_FAILURE':
      return [{ type: 'send' }, { type: 'hardbounce', subType: 'General', ...bounce }];
    case 'SUPPRESSED':
    case 'OPT_OUT':
      return [{ type: 'send' }, { type: 'hardbounce', subType: 'Suppressed', ...bounce }];
    case 'TEMPORARY_FAILURE':
    case 'THROTTLED':
    case 'UNKNOWN_FAILURE':
      return [{ type: 'send' }, { type: 'softbounce', subType: 'General', ...bounce }];
    default:
      return [];
  }
}

function smsStatusOf({
  outcome,
  expectsReceipt,
}: SettledSend): { readonly status: SmsRecordStatus; readonly final: boolean } | undefined {
  switch (outcome.status) {
    case 'SUCCESSFUL':
      return { status: 'SUCCESSFUL', final: !expectsReceipt };
    case 'OPT_OUT':
    case 'SUPPRESSED':
      return { status: 'OPTED_OUT', final: true };
    case 'PERMANENT_FAILURE':
      return { status: outcome.addressIsDead ? 'INVALID' : 'INVALID_MESSAGE', final: true };
    case 'TEMPORARY_FAILURE':
    case 'THROTTLED':
      return { status: 'CARRIER_UNREACHABLE', final: true };
    case 'UNKNOWN_FAILURE':
      return { status: 'UNKNOWN', final: true };
    default:
      return undefined;
  }
}

export function smsEventOf(
  { projectNumber, runId, detail, messageId }: ToldSend,
  recordStatus: SmsRecordStatus,
  { final, occurredAt, arrivedAt }: { readonly final: boolean; readonly occurredAt: Date; readonly arrivedAt: Date },
): NewEvent {
  const { sms, address, endpointId, origin } = detail;
  return smsEvent(projectOf({ projectNumber, detail }), {
    ...{ endpointId, origin, recordStatus, final, messageId, occurredAt, arrivedAt },
    ...generationIn(detail),
    senderRequestId: runId,
    destinationNumber: address,
    ...(sms?.origination && { originationNumber: sms.origination }),
    ...(sms?.country && { countryCode: sms.country }),
    parts: sms?.parts ?? 1,
    messageType: sms?.messageType ?? 'TRANSACTIONAL',
  });
}
