/** Signatures of Standard Webhooks (https://www.standardwebhooks.com): id, time and body, HMAC-SHA256. */
import { createHmac, hash } from 'node:crypto';

/** The same for the same messages, however often they are sent: receivers know a repeated call by it. */
export function webhookId(keys: readonly string[]): string {
  return `msg_${hash('sha256', keys.join(' ')).slice(0, 32)}`;
}

export function webhookHeaders(
  { id, at, body }: { readonly id: string; readonly at: Date; readonly body: string },
  secret: Buffer | undefined,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const named = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (secret === undefined) return named;
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...named, 'webhook-signature': `v1,${signature}` };
}
