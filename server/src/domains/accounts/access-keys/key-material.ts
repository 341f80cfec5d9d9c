/** New access keys: ids in Amazon's form, which clients check, and secrets sealed for the database. */
import { randomBytes, randomInt } from 'node:crypto';
import type { MasterKey } from '../../../kernel/master-key.ts';
import { sha256 } from '../../../kernel/sha256.ts';

/** `AKIA` for keys that last, `ASIA` for those of a session. */
type Prefix = 'AKIA' | 'ASIA';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function newAccessKeyId(prefix: Prefix): string {
  return prefix + Array.from({ length: 16 }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** 40 characters, 240 bits. */
export function newSecret(): string {
  return randomBytes(30).toString('base64');
}

export function newSessionToken(): string {
  return randomBytes(48).toString('base64');
}

/** Of a session token only this is kept. */
export function hashToken(token: string): Buffer {
  return sha256(token);
}

/** The id is part of the seal: a secret cannot be moved to another key's row. */
const sealContext = (accessKeyId: string) => `access key ${accessKeyId}`;

export function sealSecret(masterKey: MasterKey, accessKeyId: string, secret: string): Buffer {
  return masterKey.seal(sealContext(accessKeyId), secret);
}

/** @throws Error when the row was sealed under another master key or was changed */
export function openSecret(masterKey: MasterKey, accessKeyId: string, sealed: Buffer): string {
  return masterKey.open(sealContext(accessKeyId), sealed);
}
