/** An event stream as it is stored, and how its secrets are kept. */
import type { MasterKey } from '../../../kernel/master-key.ts';
import type { NatsCredentials } from './destinations/nats.ts';

/** What is shown of a destination. */
export type Destination =
  | { readonly kind: 'KINESIS' | 'FIREHOSE'; readonly settings: { readonly arn: string; readonly roleArn: string } }
  | { readonly kind: 'WEBHOOK'; readonly settings: { readonly url: string } }
  | {
      readonly kind: 'NATS';
      readonly settings: { readonly url: string; readonly subject: string; readonly streamName?: string };
    }
  | { readonly kind: 'FILES'; readonly settings: { readonly url: string; readonly seconds: number } };

export interface Secret {
  /** Of a webhook. */
  readonly signing?: string;
  readonly nats?: NatsCredentials;
}

/** How far a stream is: everything up to here was sent. */
export interface Mark {
  /** A number that may be larger than JavaScript's are exact. */
  readonly transaction: string;
  readonly sequence: number;
  /** Nothing up to this sequence is sent any more, whatever its transaction: see restored.ts. */
  readonly fence: number;
}

export type StoredStream = Destination &
  Mark & {
    readonly projectNumber: number;
    readonly sealedSecret: Buffer | null;
    /** Another one as soon as the destination may be another one. */
    readonly revision: number;
    readonly createdAt: Date;
    readonly lastModifiedAt: Date;
    readonly lastModifiedBy: string;
    readonly sentRecords: number;
    readonly droppedRecords: number;
    readonly lastSentAt: Date | null;
    readonly failingSince: Date | null;
    readonly fault: string | null;
  };

const sealContext = (projectNumber: number) => `event stream of project ${projectNumber}`;

export function sealSecret(masterKey: MasterKey, projectNumber: number, secret: Secret): Buffer {
  return masterKey.seal(sealContext(projectNumber), JSON.stringify(secret));
}

/** @throws Error when it was sealed under another master key */
export function openSecret(
  masterKey: MasterKey,
  { projectNumber, sealedSecret }: Pick<StoredStream, 'projectNumber' | 'sealedSecret'>,
): Secret {
  return sealedSecret === null ? {} : (JSON.parse(masterKey.open(sealContext(projectNumber), sealedSecret)) as Secret);
}
