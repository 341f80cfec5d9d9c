/** Signing secrets of webhooks, at rest. */
import type { MasterKey } from '../../../kernel/master-key.ts';
import type { NumberPlace, StoredNumber } from './numbers-store.ts';

const sealContext = ({ accountId, number }: NumberPlace) => `webhook of number ${accountId} ${number}`;

export function sealWebhookSecret(masterKey: MasterKey, place: NumberPlace, secret: string): Buffer {
  return masterKey.seal(sealContext(place), secret);
}

/** Undefined for a number without a webhook. @throws Error when it was sealed under another master key */
export function openWebhookSecret(masterKey: MasterKey, number: StoredNumber): string | undefined {
  const { sealedWebhookSecret: sealed } = number;
  return sealed === null ? undefined : masterKey.open(sealContext(number), sealed);
}
