/**
 * The port through which messages leave: one small interface, one folder of `drivers/` each. A driver knows its
 * provider's protocol and nothing of projects, claims or events.
 */
import type { RawBuilder } from 'kysely';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { OutgoingHttp } from '../../outgoing/http.ts';
import type { OutgoingNetworks } from '../../outgoing/networks.ts';
import type { ChannelType } from './channel-types.ts';
import type { OutgoingMessage } from './message.ts';

/**
 * What a provider said about one message, in Pinpoint's words (DeliveryStatus, dossier/messaging §5.1).
 *
 * `TEMPORARY_FAILURE` and `THROTTLED`: nothing was accepted, another attempt may succeed. `UNKNOWN_FAILURE`: the message
 * may have been accepted, an attempt again may double it.
 */
export interface Outcome {
  readonly status: 'SUCCESSFUL' | 'THROTTLED' | 'TEMPORARY_FAILURE' | 'PERMANENT_FAILURE' | 'UNKNOWN_FAILURE';
  /** The provider's own code, as HTTP status: 200 for success. */
  readonly statusCode: number;
  /** The provider's words, for the caller. Never a secret; addresses only as the provider returned them. */
  readonly statusMessage: string;
  /** The provider's id of the message: receipts name it. */
  readonly messageId?: string;
  /** The device has a new token. */
  readonly updatedAddress?: string;
  /** The address will never work again: uninstalled app, unknown mailbox. */
  readonly addressIsDead?: boolean;
  /** What a provider asked for with 429 or 503. */
  readonly retryAfterMilliseconds?: number;
  /** The provider as a whole does not answer or refuses our credentials: counts towards its breaker. */
  readonly providerIsDown?: boolean;
  /** Custom channels: what the receiver wants to be known of this endpoint, for the journey (dossier/messaging §14). */
  readonly eventAttributes?: Readonly<Record<string, string>>;
}

export interface DriverLimits {
  /** Most messages of one `deliver`. */
  readonly batch: number;
  /** Most `deliver` under way at once in this process. */
  readonly concurrency: number;
  /**
   * Messages that the provider itself has at once, where a driver takes more and lets them wait (connections of SMTP):
   * so many may be sent twice by a crash. @default batch × concurrency
   */
  readonly inFlight?: number;
  /** Of the provider, all nodes together; undefined: none that we know. */
  readonly messagesPerSecond?: number;
}

/** A message as a driver that stores writes it down, and what has become of it then. */
export interface StagedMessage {
  readonly outcome: Outcome;
}

/**
 * Of a driver whose provider is our own database: a message has left when the transaction commits that stores it, so that
 * claim, delivery and outcome can be one transaction (docs/decisions/0025).
 */
export interface DriverStorage<Staged extends StagedMessage = StagedMessage> {
  stage(message: OutgoingMessage): Staged;
  /** Statements that write them. Drivers that share this function have their messages written together. */
  writing(staged: readonly Staged[]): readonly RawBuilder<unknown>[];
}

export interface Driver {
  readonly limits: DriverLimits;
  /** Direct messages are stored through it, and all others handed to `deliver`. */
  readonly storage?: DriverStorage | undefined;
  /** The provider tells later what became of a message: its id of the message is kept to recognise it. */
  readonly tellsReceipts?: boolean;
  /**
   * Hands messages to the provider. `report` is called once for each message as soon as its answer is there, in any
   * order; a fault of the provider is an outcome, never thrown. Resolves when all are reported.
   * @param signal the process stops: what has not been sent yet is reported as TEMPORARY_FAILURE, answers of what has
   *   been sent are still waited for, for a few seconds
   */
  deliver(
    messages: readonly OutgoingMessage[],
    report: (message: OutgoingMessage, outcome: Outcome) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** Ends connections. Nothing is delivered afterwards. */
  close(): Promise<void>;
}

/** What a provider tells of its own accord: over the driver's connection (SMPP) or in a callback. */
export type ProviderNews = Receipt | InboundMessage | EmailFeedback;

/** What became of a message that had been accepted. */
export interface Receipt {
  readonly type: 'receipt';
  /** `Outcome.messageId` */
  readonly messageId: string;
  readonly channel: 'SMS' | 'VOICE' | 'EMAIL';
  /** `final` false: on its way, another receipt will follow. */
  readonly delivered: boolean;
  readonly final: boolean;
  /** Pinpoint's record_status (`DELIVERED`, `CARRIER_UNREACHABLE` …, dossier/events-journeys-console §2.7). */
  readonly recordStatus: string;
  readonly at: Date;
}

/** Somebody wrote to one of our numbers. */
export interface InboundMessage {
  readonly type: 'inbound message';
  /** The provider's id of it: the same however often it is told. */
  readonly inboundMessageId: string;
  /** E.164 */
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly at: Date;
}

export interface EmailFeedback {
  readonly type: 'bounce' | 'complaint';
  readonly messageId?: string;
  readonly address: string;
  /** Bounces: the mailbox will never work. */
  readonly permanent: boolean;
  /** SMTP code or the provider's words. */
  readonly detail: string;
  readonly at: Date;
}

/** What a driver is given to live on. */
export interface DriverParts {
  readonly http: OutgoingHttp;
  /** For connections other than HTTP: `lookup` for `net.connect`, and `checkHost` before it. */
  readonly networks: OutgoingNetworks;
  readonly clock: Clock;
  /** Never an address, a body or a secret. */
  readonly logger: Logger;
  /** For providers that tell over the driver's own connection. Resolves when it is stored: then it may be acknowledged. */
  received(news: readonly ProviderNews[]): Promise<void>;
}

/** A callback of a provider, as it came. */
export interface CallbackRequest {
  readonly method: string;
  /** As the provider called it, for signatures over the URL. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What to answer to a callback, after `news` was stored. */
export interface CallbackAnswer {
  readonly news: readonly ProviderNews[];
  readonly status: number;
  readonly contentType?: string;
  readonly body?: string;
}

/** A signature is missing or wrong: the callback is answered 403 and nothing of it is believed. */
export class CallbackRefused extends Error {}

/**
 * A kind of provider: what an administrator may configure, and how a driver is opened with it.
 * @typeParam Settings everything the driver needs, secrets included; kept sealed
 */
export interface DriverKind<Settings> {
  /** Name in our API: `SMTP`, `SES`, `SMPP`, `TWILIO` … */
  readonly kind: string;
  readonly channelTypes: readonly ChannelType[];
  /**
   * Hears what the provider tells over the connection of the driver: it is opened where the server starts, or as soon as
   * the provider is configured, and not with the first message only.
   */
  readonly listens?: true;
  /** Setting without which whoever configures a provider may not set its `BaseUrl`; the operator may. */
  readonly baseUrlNeeds?: string;
  /**
   * Checks what was configured and brings it into form. Form only: nothing is connected to.
   * @throws BadRequestException that names the member and never quotes a value
   */
  readSettings(given: Readonly<Record<string, unknown>>): Settings;
  /** The settings as they may be shown: without secrets. */
  show(settings: Settings): Readonly<Record<string, unknown>>;
  open(settings: Settings, parts: DriverParts): Driver;
  /** Providers with callbacks (receipts, inbound messages, bounces). @throws CallbackRefused */
  readCallback?(settings: Settings, request: CallbackRequest, parts: DriverParts): Promise<CallbackAnswer>;
}
