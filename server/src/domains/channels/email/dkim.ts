/**
 * DKIM signatures (RFC 6376, Ed25519 by RFC 8463), relaxed/relaxed, over the bytes of a finished mail. Written here
 * because nodemailer's signer knows RSA only and passes each mail through four streams.
 */
import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { readHeaderBlock } from './header-block.ts';

export interface DkimSettings {
  /** In ASCII. */
  readonly domain: string;
  readonly selector: string;
  /** PEM, RSA or Ed25519. */
  readonly privateKey: string;
}

/** @param at when it is signed. @returns the mail with its DKIM-Signature in front */
export type SignEmail = (mail: Buffer, at: Date) => Promise<Buffer>;

/**
 * RFC 6376 §5.4.1, and what mailbox providers ask to be signed (RFC 8058 §4: List-Unsubscribe-Post). From stands once
 * more than it occurs, so that nobody adds a second one (§8.15).
 */
const signedNames = new Set([
  ...['from', 'to', 'cc', 'reply-to', 'sender', 'subject', 'date', 'message-id', 'in-reply-to', 'references'],
  ...['mime-version', 'content-type', 'content-transfer-encoding', 'content-id', 'content-description'],
  ...['list-id', 'list-help', 'list-unsubscribe', 'list-unsubscribe-post', 'list-subscribe', 'list-post'],
  ...['list-owner', 'list-archive', 'feedback-id'],
]);

/** In the thread pool: an RSA signature takes half a millisecond. */
const signAsync = promisify<string | null, Buffer, KeyObject, Buffer>(sign);

/** @throws what `createPrivateKey` throws for what is no key */
export function createSigner({ domain, selector, privateKey }: DkimSettings): SignEmail {
  const key = createPrivateKey(privateKey);
  const isRsa = key.asymmetricKeyType === 'rsa';
  const tags = `v=1; a=${isRsa ? 'rsa' : 'ed25519'}-sha256; c=relaxed/relaxed;\r\n d=${domain}; s=${selector};`;
  return async (mail, at) => {
    const block = readHeaderBlock(mail);
    if (block === undefined) throw new Error('A composed mail has a header');
    // Of fields that occur more than once a verifier takes the last one first (RFC 6376 §5.4.2).
    const signed = block.fields.filter(({ name }) => signedNames.has(name)).reverse();
    const names = [...signed.map(({ name }) => name), 'from'].join(':').replace(/(.{1,60}:)/g, '$1\r\n  ');
    const bodyHash = createHash('sha256').update(relaxBody(block.body)).digest('base64');
    const unsigned = `DKIM-Signature: ${tags}\r\n t=${Math.floor(at.getTime() / 1000)}; bh=${bodyHash};\r\n h=${names};\r\n b=`;
    const canonical = [...signed.map(({ bytes }) => relaxField(bytes.toString('latin1'))), relaxField(unsigned)];
    const data = Buffer.from(canonical.join('\r\n'), 'latin1');
    const signature = isRsa
      ? await signAsync('sha256', data, key)
      : await signAsync(null, createHash('sha256').update(data).digest(), key);
    const folded = signature.toString('base64').replace(/(.{72})(?=.)/g, '$1\r\n ');
    return Buffer.concat([Buffer.from(`${unsigned}${folded}\r\n`), mail]);
  };
}

/** RFC 6376 §3.4.2 */
function relaxField(field: string): string {
  const colon = field.indexOf(':');
  const value = field
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '');
  return `${field.slice(0, colon).trimEnd().toLowerCase()}:${value}`;
}

const [lineFeed, carriageReturn, space, tab] = [0x0a, 0x0d, 0x20, 0x09] as const;

/** RFC 6376 §3.4.4: blanks are one space, none before a line end; no empty lines at the end. */
export function relaxBody(body: Buffer): Buffer {
  const output = Buffer.allocUnsafe(body.length + 2);
  let length = 0;
  let blank = false;
  // After the last line that is not empty.
  let end = 0;
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index] as number;
    if (byte === space || byte === tab) {
      blank = true;
    } else if (byte === carriageReturn && body[index + 1] === lineFeed) {
      output[length++] = carriageReturn;
      output[length++] = lineFeed;
      blank = false;
      index += 1;
    } else {
      if (blank) output[length++] = space;
      blank = false;
      output[length++] = byte;
      end = length;
    }
  }
  if (end === 0) return output.subarray(0, 0);
  output[end] = carriageReturn;
  output[end + 1] = lineFeed;
  return output.subarray(0, end + 2);
}
