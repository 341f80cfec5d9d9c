/** The key that signs receipts: Ed25519, made of the master key, so that there is nothing to store and nothing to lose. */
import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import type { Receipt, ReceiptStatement } from './document.ts';

export interface ReceiptSigner {
  /** Thumbprint. */
  readonly key: string;
  /** As receipts have it. */
  readonly publicKey: string;
  sign(statement: ReceiptStatement): Receipt;
}

/** RFC 8410: what stands in front of the 32 bytes of a private key. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

export function createReceiptSigner(masterKey: MasterKey): ReceiptSigner {
  const seed = masterKey.derive('erasure receipts');
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey).export({ format: 'jwk' }).x as string;
  return {
    key: thumbprintOf(publicKey),
    publicKey,
    sign: (statement) => ({ ...statement, signature: sign(null, signed(statement), privateKey).toString('base64url') }),
  };
}

export function isSignedBy({ signature, ...statement }: Receipt, publicKey: KeyObject): boolean {
  return verify(null, signed(statement), publicKey, Buffer.from(signature, 'base64url'));
}

/** RFC 7638, over the members that RFC 8037 asks for. */
export function thumbprintOf(publicKey: string): string {
  return hash('sha256', canonicalJson(toJwk(publicKey)), 'base64url');
}

/** @throws Error when it is not a key */
export function openPublicKey(publicKey: string): KeyObject {
  return createPublicKey({ key: toJwk(publicKey), format: 'jwk' });
}

export function toPem(publicKey: string): string {
  return openPublicKey(publicKey).export({ format: 'pem', type: 'spki' }).toString();
}

function toJwk(x: string) {
  return { crv: 'Ed25519', kty: 'OKP', x } as const;
}

function signed(statement: Omit<Receipt, 'signature'>): Buffer {
  return Buffer.from(canonicalJson(statement));
}
