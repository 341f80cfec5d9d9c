/** What became of an e-mail (dossier/events-journeys-console §2.6). */
import { type EventProject, envelope, type NewEvent } from '../record.ts';
import { type MessageOrigin, originAttributes } from './origin.ts';

export interface BouncedRecipient {
  readonly address: string;
  /** Enhanced status code: `5.1.1`. */
  readonly status?: string;
  readonly diagnosticCode?: string;
}

interface Visit {
  readonly ipAddress?: string;
  readonly userAgent?: string;
}

export type EmailOccurrence =
  | { readonly type: 'send' }
  | {
      readonly type: 'delivered';
      readonly smtpResponse: string;
      readonly reportingMta?: string;
      readonly recipients: readonly string[];
      readonly processingTimeMilliseconds: number;
    }
  | { readonly type: 'rejected'; readonly reason: string }
  | {
      readonly type: 'hardbounce' | 'softbounce';
      /** `General`, `NoEmail`, `Suppressed`, `MailboxFull` … */
      readonly subType: string;
      readonly smtpResponse?: string;
      readonly recipients: readonly BouncedRecipient[];
    }
  | { readonly type: 'complaint'; readonly recipients: readonly string[]; readonly feedbackType?: string }
  | ({ readonly type: 'open' } & Visit)
  | ({ readonly type: 'click' | 'unsubscribe'; readonly link: string } & Visit)
  | { readonly type: 'rendering_failure'; readonly errorMessage: string; readonly templateName?: string };

export interface SentMail {
  readonly messageId: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** There were more. */
  readonly headersTruncated: boolean;
  /** The time of every event about this mail. */
  readonly sentAt: Date;
}

export interface EmailEvent {
  /** In whose timeline it stands. */
  readonly endpointId: string | undefined;
  readonly generation?: number;
  /** A UUID made for the message where it was sent to an address; else the endpoint. */
  readonly clientId: string;
  readonly origin: MessageOrigin;
  readonly mail: SentMail;
  readonly occurrence: EmailOccurrence;
  readonly arrivedAt: Date;
}

export function emailEvent(
  project: EventProject,
  { endpointId, generation, clientId, ...event }: EmailEvent,
): NewEvent {
  const { origin, mail, occurrence, arrivedAt } = event;
  const record = {
    ...envelope(project, `_email.${occurrence.type}`, { clientId, occurredAt: mail.sentAt, arrivedAt }),
    attributes: { ...originAttributes(origin), feedback: feedbackOf(occurrence) },
    client_context: { custom: { legacy_identifier: project.id } },
    facets: { email_channel: { mail_event: { mail: toMail(mail), ...toDetails(occurrence) } } },
  };
  const [address] = mail.to;
  return {
    ...{ projectNumber: project.number, endpointId, record },
    ...(generation !== undefined && { generation }),
    ...(address !== undefined && { address }),
  };
}

function feedbackOf(occurrence: EmailOccurrence): string {
  switch (occurrence.type) {
    case 'send':
      return 'received';
    case 'open':
      return 'opened';
    case 'click':
      return occurrence.link;
    default:
      return occurrence.type;
  }
}

function toMail({ messageId, from, to, subject, headers, headersTruncated, sentAt }: SentMail) {
  return {
    message_id: messageId,
    message_send_timestamp: sentAt.getTime(),
    from_address: from,
    destination: to,
    headers_truncated: headersTruncated,
    headers: headers.map(({ name, value }) => ({ name, value })),
    common_headers: { from, to, subject },
  };
}

function toDetails(occurrence: EmailOccurrence): Readonly<Record<string, unknown>> {
  switch (occurrence.type) {
    case 'send':
      return { send: {} };
    case 'delivered':
      return {
        delivery: {
          smtp_response: occurrence.smtpResponse,
          reporting_mta: occurrence.reportingMta,
          recipients: occurrence.recipients,
          processing_time_millis: occurrence.processingTimeMilliseconds,
        },
      };
    case 'rejected':
      return { reject: { reason: occurrence.reason } };
    case 'hardbounce':
    case 'softbounce':
      return { bounce: toBounce(occurrence) };
    case 'complaint':
      return {
        complaint: {
          complained_recipients: occurrence.recipients.map((address) => ({ email_address: address })),
          complaint_feedback_type: occurrence.feedbackType,
        },
      };
    case 'open':
      return { open: toVisit(occurrence) };
    case 'click':
    case 'unsubscribe':
      return { click: { ...toVisit(occurrence), link: occurrence.link } };
    case 'rendering_failure':
      return {
        rendering_failure: { error_message: occurrence.errorMessage, template_name: occurrence.templateName },
      };
  }
}

function toBounce({
  type,
  subType,
  smtpResponse,
  recipients,
}: EmailOccurrence & { type: 'hardbounce' | 'softbounce' }) {
  return {
    bounce_type: type === 'hardbounce' ? 'Permanent' : 'Transient',
    bounce_sub_type: subType,
    smtp_response: smtpResponse,
    bounced_recipients: recipients.map(({ address, status, diagnosticCode }) => ({
      email_address: address,
      status,
      diagnostic_code: diagnosticCode,
    })),
  };
}

function toVisit({ ipAddress, userAgent }: Visit) {
  return { ip_address: ipAddress, user_agent: userAgent };
}
