/**
 * A message on its way out: one rendered message to one recipient, in the form that a driver of its channel understands.
 * Made by messaging, delivered by a driver; plain data, so that it can be stored between claim and delivery.
 */
import type { ChannelType, EndpointDefinition } from './channel-types.ts';

export interface OutgoingMessage {
  /**
   * 32 hex characters, the same however often the message is sent again after a crash: the provider's idempotency key
   * where it has one, and the left part of the Message-ID of an e-mail.
   */
  readonly key: string;
  readonly channelType: ChannelType;
  /** E-mail address, phone number or device token, as the endpoint or the caller spelt it. */
  readonly address: string;
  /** Folded; where the message goes to an endpoint and not to a bare address. Providers are not told. */
  readonly endpointId?: string;
  readonly content: MessageContent;
}

export type MessageContent = EmailContent | RawEmailContent | SmsContent | PushContent | VoiceContent | CustomContent;

export interface EmailContent {
  readonly kind: 'email';
  /** `address` or `Name <address>` */
  readonly from: string;
  readonly replyTo: readonly string[];
  /** Envelope sender, where bounces go; the address of `from` when absent. */
  readonly returnPath?: string;
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
  /** At most 15; checked, rendered, without those that a mail has anyway (dossier/messaging §12). */
  readonly headers: readonly EmailHeader[];
  /** SES only. */
  readonly configurationSet?: string;
}

export interface EmailHeader {
  readonly name: string;
  readonly value: string;
}

/** A whole MIME message of the caller: only its To header is rewritten (dossier/messaging §5.3). */
export interface RawEmailContent {
  readonly kind: 'raw email';
  readonly from: string;
  readonly returnPath?: string;
  readonly mime: Buffer;
  readonly configurationSet?: string;
}

export interface SmsContent {
  readonly kind: 'sms';
  readonly body: string;
  readonly messageType: 'TRANSACTIONAL' | 'PROMOTIONAL';
  /** E.164 number or short code that sends. */
  readonly originationNumber?: string;
  readonly senderId?: string;
  /** India, DLT. */
  readonly entityId?: string;
  readonly templateId?: string;
}

/** Built for its service by `push-payloads/`. */
export interface PushContent {
  readonly kind: 'push';
  /** JSON text in the form of the service: `{"aps":…}`, the `message` of FCM v1 without its token, ADM's and Baidu's body. */
  readonly payload: string;
  /** APNs: apns-push-type, -priority, -expiration (seconds since 1970), -collapse-id. Others: none. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where a message names one and the channel has another as its default (dossier/messaging §8.2). */
  readonly authentication?: 'KEY' | 'TOKEN' | 'CERTIFICATE';
}

export interface VoiceContent {
  readonly kind: 'voice';
  /** SSML when it begins with `<speak>`. */
  readonly body: string;
  readonly languageCode?: string;
  readonly voiceId?: string;
  readonly originationNumber?: string;
}

/** Custom channel of campaigns and journeys: up to fifty of one origin leave in one call (dossier/messaging §14). */
export interface CustomContent {
  readonly kind: 'custom';
  /** Function name, function ARN or https URL. */
  readonly deliveryUri: string;
  readonly data: string;
  readonly origin: {
    readonly applicationId: string;
    readonly campaignId: string;
    readonly treatmentId: string;
    readonly activityId: string;
    /** ISO 8601 */
    readonly scheduledTime: string;
  };
  readonly endpointId: string;
  readonly endpoint: EndpointDefinition;
}
