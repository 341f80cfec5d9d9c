/**
 * The one secret of a deployment, and the keys derived from it. Secrets at rest are sealed with AES-256-GCM; the
 * purpose and the owner go in as additional data, so a sealed value cannot be moved to another row.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;

export class MasterKey {
  readonly #key: Buffer;

  /** @param key 32 random bytes. */
  constructor(key: Buffer) {
    if (key.length !== 32) throw new Error('A master key has exactly 32 bytes.');
    this.#key = key;
  }

  /** Reads 64 hex characters or base64 of 32 bytes, the forms `REPOINT_MASTER_KEY` may have. */
  static parse(text: string): MasterKey {
    const trimmed = text.trim();
    const bytes = /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, 'hex') : Buffer.from(trimmed, 'base64');
    if (bytes.length !== 32)
      throw new Error('REPOINT_MASTER_KEY must be 32 bytes, written as 64 hex characters or as base64.');
    return new MasterKey(bytes);
  }

  /** A 32-byte key for one purpose (`paging`, `session`, `log fingerprints` …). */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#key, '', `repoint/${purpose}`, 32));
  }

  /** What the database stores to recognise its master key; tells nothing about it. */
  fingerprint(): string {
    return createHmac('sha256', this.derive('fingerprint')).update('repoint').digest('hex').slice(0, 32);
  }

  /** nonce ‖ tag ‖ ciphertext. `context` names purpose and owner and must be the same at `open`. */
  seal(context: string, plaintext: string): Buffer {
    return sealWith(this.derive('seal'), context, plaintext);
  }

  /** @throws Error when the value was made under another key or context, or was changed. */
  open(context: string, sealed: Buffer): string {
    return openWith(this.derive('seal'), context, sealed);
  }
}

export function sealWith(key: Buffer, context: string, plaintext: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
}

export function openWith(key: Buffer, context: string, sealed: Buffer): string {
  const nonce = sealed.subarray(0, nonceBytes);
  const tag = sealed.subarray(nonceBytes, nonceBytes + tagBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
    .setAAD(Buffer.from(context))
    .setAuthTag(tag);
  return decipher.update(sealed.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
}
