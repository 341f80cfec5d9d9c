/**
 * What is to be pushed, whichever shape of the contract it came in: the union of members of the direct shapes, of campaign
 * messages and of push templates, under one name each (dossier/messaging §5.3, §1.11, §2.3). Already resolved and rendered.
 */
import type { Outcome } from '../driver.ts';
import type { PushContent } from '../message.ts';

export interface PushMessage {
  /** @default OPEN_APP */
  readonly action?: 'OPEN_APP' | 'DEEP_LINK' | 'URL';
  readonly url?: string;
  readonly title?: string;
  readonly body?: string;
  readonly imageUrl?: string;
  readonly imageIconUrl?: string;
  readonly smallImageIconUrl?: string;
  /** Name of a drawable in the app. */
  readonly iconReference?: string;
  readonly mediaUrl?: string;
  readonly sound?: string;
  readonly badge?: number;
  readonly category?: string;
  readonly threadId?: string;
  readonly silentPush?: boolean;
  /** JSON text for the app: a Data map written out, or a campaign's JsonBody as it is. */
  readonly jsonBody?: string;
  /** JSON text in the form of the service. Overrides all content above, not what follows. */
  readonly rawContent?: string;
  /** Seconds. */
  readonly timeToLive?: number;
  readonly priority?: 'normal' | 'high';
  /** CollapseId (APNs), CollapseKey (GCM), ConsolidationKey (ADM). */
  readonly collapseId?: string;
  readonly pushType?: string;
  readonly restrictedPackageName?: string;
  /** ADM: seconds, as the caller spelt them. */
  readonly expiresAfter?: string;
  readonly md5?: string;
  readonly authentication?: PushContent['authentication'];
}

/** Who sends. The device reports it back with its events: opens are attributed by it (dossier/messaging §11.3). */
export type PushOrigin =
  | { readonly kind: 'direct' }
  | {
      readonly kind: 'campaign';
      readonly campaignId: string;
      readonly activityId: string;
      readonly treatmentId: string;
    }
  | { readonly kind: 'journey'; readonly journeyId: string; readonly runId: string; readonly activityId: string };

/** What a payload says besides its message. */
export interface PushCircumstances {
  readonly origin: PushOrigin;
  /** Context of the request and the address, merged. */
  readonly context?: Readonly<Record<string, string>>;
  readonly traceId?: string;
  readonly endpointId?: string;
  /** Lifetimes count from here where a service wants a point in time. */
  readonly now: Date;
}

/** The message cannot leave: an outcome, found before a provider was asked. */
export interface PushFault extends Outcome {
  readonly kind: 'fault';
  readonly status: 'PERMANENT_FAILURE';
  /** 400: the message is not in the form of its service; 413: larger than its service takes. */
  readonly statusCode: 400 | 413;
}

/** Thrown inside this folder only; `buildPush` returns it as a `PushFault`. */
export class Unbuildable extends Error {
  readonly statusCode: 400 | 413;

  constructor(statusCode: 400 | 413, message: string) {
    super(message);
    this.name = 'Unbuildable';
    this.statusCode = statusCode;
  }
}

/** Sizes of dossier/messaging §17. @throws Unbuildable */
export function checkSize(bytes: number, limit: number, service: string): void {
  if (bytes <= limit) return;
  throw new Unbuildable(413, `The message payload exceeds the ${limit} bytes that ${service} takes.`);
}

/** The object without members that are undefined: JSON would drop them, tests and readers should not meet them. */
export function present<Value>(members: Readonly<Record<string, Value | undefined>>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, Value] => entry[1] !== undefined),
  );
}
