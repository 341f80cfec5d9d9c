/** Signatures of webhooks as standardwebhooks.com describes them, so that receivers check them with a library. */
import { createHmac } from 'node:crypto';

const secretForm = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/** `whsec_` and base64 of 24 to 64 bytes. */
export function isWebhookSecret(text: string): boolean {
  const { length } = keyOf(text) ?? Buffer.alloc(0);
  return length >= 24 && length <= 64;
}

/**
 * @param id the same however often the message is sent: receivers recognise a repetition by it
 * @throws Error for a secret that is none
 */
export function signWebhook(secret: string, id: string, now: Date, body: string): Record<string, string> {
  const key = keyOf(secret);
  if (key === undefined) throw new Error('The signing secret of a webhook has another form.');
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

function keyOf(secret: string): Buffer | undefined {
  const [, base64] = secretForm.exec(secret) ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
}
