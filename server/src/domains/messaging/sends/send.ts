/** What the pipeline takes and what it answers: one message that somebody wants sent, and what became of it. */
import { createHmac } from 'node:crypto';
import { normaliseAddress } from '../../../kernel/address.ts';
import { bucketOf } from '../../../kernel/bucket.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import type { ChannelType, MessageContent } from '../../channels/index.ts';

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

/** What events and the log of sends tell of a message besides its outcome. Stored with the claim. */
export interface SendDetail {
  /** Campaign or journey ids as events carry them; empty for direct sends. */
  readonly origin: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, string>>;
  readonly traceId?: string;
  /** As the endpoint's events show it. */
  readonly endpointId?: string;
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

/** Keyed hashes of addresses: they recognise one, and tell nobody which it is. */
export class AddressHashes {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  /** 16 bytes. */
  of(address: string): Buffer {
    return createHmac('sha256', this.#key).update(normaliseAddress(address)).digest().subarray(0, 16);
  }

  /** An endpoint id cannot begin with `$`. `addressHashIn` reads the hash back. */
  recipientOf(channelType: string, address: string): Recipient {
    const text = `$${channelType}.${this.of(address).toString('hex')}`;
    return { text, bucket: bucketOf(text) };
  }
}

export function addressHashes(masterKey: MasterKey): AddressHashes {
  return new AddressHashes(masterKey.derive('addresses'));
}

/** Undefined for the recipient of an endpoint. */
export function addressHashIn(recipient: string): Buffer | undefined {
  const [, hex] = /^\$[A-Z_]+\.([0-9a-f]{32})$/.exec(recipient) ?? [];
  return hex === undefined ? undefined : Buffer.from(hex, 'hex');
}

/**
 * The key of a message: the same however often it is claimed, sent and sent again, and of no use to whoever sees it.
 * 32 hex characters.
 */
export function messageKey(secret: Buffer, { run, recipient }: Pick<WantedSend, 'run' | 'recipient'>): string {
  return createHmac('sha256', secret)
    .update(`${run.projectNumber} ${run.id} ${recipient.text}`)
    .digest('hex')
    .slice(0, 32);
}
