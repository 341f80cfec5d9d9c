/**
 * Links in messages that lead back here: opened, clicked, unsubscribe. What a link means is sealed inside it, so that it
 * cannot be forged, changed or read, leads nowhere else, and needs no row (dossier/messaging §12).
 */
import { openWith, sealWith } from '../../../kernel/master-key.ts';
import type { LinkTag } from './rewrite.ts';

export type LinkKind = 'click' | 'open' | 'unsubscribe';

/** Which message a link belongs to. */
export interface LinkedSend {
  readonly projectNumber: number;
  readonly runId: string;
  readonly recipient: string;
  readonly bucket: number;
  readonly startedAt: Date;
}

export interface Link {
  readonly kind: LinkKind;
  readonly send: LinkedSend;
  /** Of a click. */
  readonly url: string;
  readonly tag: LinkTag;
}

type Packed = readonly [number, string, string, number, number, string, 0 | 1];

export class TrackingLinks {
  readonly #key: Buffer;
  readonly #publicUrl: string;

  constructor(key: Buffer, publicUrl: string) {
    this.#key = key;
    this.#publicUrl = publicUrl.replace(/\/+$/, '');
  }

  make(kind: LinkKind, send: LinkedSend, url = '', tag: LinkTag = 'plain'): string {
    const { projectNumber, runId, recipient, bucket, startedAt } = send;
    const isUnsubscribe = tag === 'unsubscribe' ? 1 : 0;
    const packed: Packed = [projectNumber, runId, recipient, bucket, startedAt.getTime(), url, isUnsubscribe];
    const token = sealWith(this.#key, contextOf(kind), JSON.stringify(packed)).toString('base64url');
    return `${this.#publicUrl}${linkPaths[kind]}${token}`;
  }

  /** Undefined for what this deployment did not make. */
  read(kind: LinkKind, token: string): Link | undefined {
    try {
      const packed = JSON.parse(openWith(this.#key, contextOf(kind), Buffer.from(token, 'base64url'))) as Packed;
      const [projectNumber, runId, recipient, bucket, startedAt, url, isUnsubscribe] = packed;
      const send = { projectNumber, runId, recipient, bucket, startedAt: new Date(startedAt) };
      return { kind, send, url, tag: isUnsubscribe === 1 ? 'unsubscribe' : 'plain' };
    } catch {
      return undefined;
    }
  }
}

/**
 * A URL as a header can carry it. Browsers leave line breaks and tabs of a link out, and read percent-encoded UTF-8 as
 * what stands there, in host names too (URL Standard).
 */
export function toLocation(url: string): string {
  const printable = url.replace(/[\t\r\n]/g, '').toWellFormed();
  return printable.replace(/[^\x21-\x7e]/gu, encodeURIComponent);
}

/** Below the public URL of the deployment. */
export const linkPaths: Readonly<Record<LinkKind, string>> = {
  click: '/links/',
  open: '/opens/',
  unsubscribe: '/unsubscribe/',
};

function contextOf(kind: LinkKind): string {
  return `tracking link/${kind}`;
}
