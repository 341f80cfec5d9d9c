/** The source of an e-mail of the outbox, as a mail server would have received it. */
import { createComposer } from '../../email/compose.ts';
import { EmailRefused } from '../../email/refused.ts';
import type { EmailContent } from '../../message.ts';
import type { StoredMessage } from './store.ts';

/** @returns nothing for a mail that no server would have taken: there is none */
export function emailSource({ id, address, createdAt }: StoredMessage, content: EmailContent): string {
  const compose = createComposer();
  try {
    const message = { key: id, channelType: 'EMAIL', address, content } as const;
    return compose(message, { now: createdAt, eightBit: true }).bytes.toString('utf8');
  } catch (error) {
    if (error instanceof EmailRefused) return '';
    throw error;
  }
}
