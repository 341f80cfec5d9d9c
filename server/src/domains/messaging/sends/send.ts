/** What the pipeline takes and what it answers: one message that somebody wants sent, and what became of it. */
import { hash } from 'node:crypto';
import { normaliseAddress } from '../../../kernel/address.ts';
import { bucketOf } from '../../../kernel/bucket.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import { remembering } from '../../../kernel/remembering.ts';
import { sha256 } from '../../../kernel/sha256.ts';
import { storableText } from '../../../kernel/storable-text.ts';
import type { ChannelType, EndpointDefinition, MessageContent } from '../../channels/index.ts';
import type { MessageOrigin } from '../../events/index.ts';

/** Who sends: a call, an activity of a campaign, a step of a journey. */
export interface Run {
  /** 32 hex characters, or a request id. */
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  readonly projectNumber: number;
  readonly applicationId: string;
  /** When a call was accepted or a run scheduled to start: part of the key of every claim. */
  readonly startedAt: Date;
  /** Direct sends answer with their first attempt; those of a run are tried again until its deadline. */
  readonly kind: 'direct' | 'campaign' | 'journey';
}

/** An endpoint that is written to: the claim looks whether it is still the one that was meant. */
export interface EndpointTarget {
  readonly id: string;
  readonly bucket: number;
  readonly generation: number;
  /** Nothing is sent to an inactive one, unless it was named by the caller. */
  readonly mustBeActive: boolean;
}

/**
 * What events and the log of sends tell of a message besides its outcome. Stored with the claim, so that an event a week
 * later (a click, a receipt) needs nothing else.
 */
export interface SendDetail {
  readonly accountId: string;
  readonly applicationId: string;
  readonly address: string;
  readonly origin: MessageOrigin;
  readonly traceId?: string;
  /** As the endpoint's events show it. */
  readonly endpointId?: string;
  /** Which life of the endpoint was written to. */
  readonly endpointGeneration?: number;
  readonly email?: { readonly from: string; readonly subject: string };
  readonly sms?: {
    readonly messageType: 'TRANSACTIONAL' | 'PROMOTIONAL';
    readonly parts: number;
    readonly country: string;
    readonly origination: string;
  };
}

/** One message, rendered, for one recipient. */
export interface WantedSend {
  readonly run: Run;
  /** See `recipientOf…`. */
  readonly recipient: Recipient;
  readonly channelType: ChannelType;
  readonly address: string;
  readonly endpoint?: EndpointTarget;
  readonly content: MessageContent;
  readonly detail: SendDetail;
  /** Of a campaign or journey: the endpoint as its events show it. */
  readonly shown?: EndpointDefinition;
  /**
   * Leaves although the recipient has opted out: for the confirmation of just that opt-out, the one message that may
   * (dossier/messaging §9.2: STOP is answered), and for nothing else. Bounces, complaints and what an operator put on
   * the list still hold it back, and so does everything else that the claim looks at.
   */
  readonly confirmsOptOut?: true;
}

/** Where the claim of a message stands. */
export interface Recipient {
  readonly text: string;
  readonly bucket: number;
}

/** What became of a message, in Pinpoint's words, or why none left. */
export type SendStatus =
  | 'SUCCESSFUL'
  | 'THROTTLED'
  | 'TEMPORARY_FAILURE'
  | 'PERMANENT_FAILURE'
  | 'UNKNOWN_FAILURE'
  /** STOP, or OptOut=ALL. */
  | 'OPT_OUT'
  /** On the account's list of bounces and complaints. */
  | 'SUPPRESSED'
  | 'INACTIVE'
  /** The endpoint was deleted, or is another one than the one that was meant. */
  | 'ERASED'
  /** The run has claimed this recipient before. */
  | 'DUPLICATE';

/**
 * Why a run sent nothing to a recipient that it came to, in Pinpoint's words where it has them (dossier/messaging §1.9).
 * `FILTERED_OUT_BY_HOOK`: the customer's own filter left it out.
 */
export type SkipReason =
  | 'ENDPOINT_OPT_OUT'
  | 'ENDPOINT_INACTIVE'
  | 'ENDPOINT_MISSING_ADDRESS'
  | 'ENDPOINT_MISSING_CHANNEL'
  | 'ENDPOINT_MISSING_TIMEZONE'
  | 'ENDPOINT_TIMEZONE_MISMATCH'
  | 'ENDPOINT_CHANNEL_MISMATCH'
  | 'UNSUPPORTED_CHANNEL'
  | 'DUPLICATE_ADDRESS'
  | 'HOLDOUT'
  | 'QUIET_TIME'
  | 'DAILY_CAP'
  | 'CAMPAIGN_CAP'
  | 'EXPIRED'
  | 'FILTERED_OUT_BY_HOOK'
  | 'HOOK_FAILURE'
  | 'RECOMMENDATION_FAILURE';

/** What stands in the log of sends. `CANCELLED`: the run was, before the message left. */
export type RunSendStatus = SendStatus | SkipReason | 'CANCELLED';

export interface SendResult {
  readonly status: SendStatus;
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly messageId?: string;
  readonly updatedAddress?: string;
}

export function recipientOfEndpoint({ id, bucket }: Pick<EndpointTarget, 'id' | 'bucket'>): Recipient {
  return { text: id, bucket };
}

/** Whatever a bare address may have been written to as: where a claim of a message to one stands depends on it. */
export const addressedChannelTypes: readonly ChannelType[] = [
  ...(['EMAIL', 'SMS', 'VOICE', 'PUSH', 'GCM', 'ADM', 'BAIDU', 'CUSTOM', 'IN_APP'] as const),
  ...(['APNS', 'APNS_SANDBOX', 'APNS_VOIP', 'APNS_VOIP_SANDBOX'] as const),
];

/** Keyed hashes of addresses: they recognise one, and tell nobody which it is. */
export class AddressHashes {
  readonly #of: (address: string) => Buffer;

  /** @param key secret; stands before what is hashed, of which half a SHA-256 is kept: nobody can go on from there */
  constructor(key: Buffer) {
    const prefix = key.toString('hex');
    this.#of = remembering(20_000, (address: string) =>
      sha256(`${prefix} ${normaliseAddress(address)}`).subarray(0, 16),
    );
  }

  /** 16 bytes. */
  of(address: string): Buffer {
    return this.#of(address);
  }

  /** An endpoint id cannot begin with `$`. */
  recipientOf(channelType: string, address: string): Recipient {
    return this.recipientOfHash(channelType, this.of(address));
  }

  recipientOfHash(channelType: string, hash: Buffer): Recipient {
    const text = `$${channelType}.${hash.toString('hex')}`;
    return { text, bucket: bucketOf(text) };
  }
}

export function addressHashes(masterKey: MasterKey): AddressHashes {
  return new AddressHashes(masterKey.derive('addresses'));
}

const longestMessageId = 512;

/** A provider's id of a message as it is kept, and found again: text that PostgreSQL takes, and that an index takes. */
export function storableMessageId(messageId: string): string {
  return storableText(messageId.slice(0, longestMessageId));
}

/**
 * The key of a message: the same however often it is claimed, sent and sent again, and of no use to whoever sees it.
 * 32 hex characters.
 */
export function messageKey(
  secret: Buffer,
  { run, recipient }: { readonly run: Pick<Run, 'projectNumber' | 'id'>; readonly recipient: Pick<Recipient, 'text'> },
): string {
  return hash('sha256', `${hexOf(secret)} ${run.projectNumber} ${run.id} ${recipient.text}`).slice(0, 32);
}

/** Of secrets, which are few and live as long as the process. */
const knownHex = new WeakMap<Buffer, string>();

function hexOf(secret: Buffer): string {
  const known = knownHex.get(secret);
  if (known !== undefined) return known;
  const hex = secret.toString('hex');
  knownHex.set(secret, hex);
  return hex;
}
