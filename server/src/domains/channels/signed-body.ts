/** Callbacks whose body is signed with a secret that both sides know: hex of HMAC-SHA256, `sha256=` before it is allowed. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { CallbackRefused } from './driver.ts';
import type { TextForm } from './settings-reader.ts';

/** Of CallbackSecret. */
export const callbackSecretForm: TextForm = [/^[\s\S]{16,500}$/, 'text of 16 to 500 characters'];

/** @throws CallbackRefused also without a secret: nothing is believed then */
export function checkSignedBody(secret: string | undefined, signature: string | undefined, body: Buffer): void {
  if (secret === undefined) throw new CallbackRefused('No CallbackSecret is set');
  const [, given] = /^(?:sha256=)?([0-9a-f]{64})$/i.exec(signature ?? '') ?? [];
  if (given === undefined) throw new CallbackRefused('The signature is missing');
  const expected = createHmac('sha256', secret).update(body).digest();
  if (!timingSafeEqual(Buffer.from(given, 'hex'), expected)) throw new CallbackRefused('The signature is wrong');
}
