/** Messages as messaging hands them to drivers. */
import { randomBytes } from 'node:crypto';
import type { EmailContent, OutgoingMessage } from '../../src/domains/channels/message.ts';

export const newKey = () => randomBytes(16).toString('hex');

export function smsTo(address: string, body = 'Hello', changes: Partial<OutgoingMessage> = {}): OutgoingMessage {
  const content = { kind: 'sms', body, messageType: 'TRANSACTIONAL' } as const;
  return { key: newKey(), channelType: 'SMS', address, content, ...changes };
}

export function emailTo(address: string, changes: Partial<EmailContent> = {}): OutgoingMessage {
  const content: EmailContent = {
    ...{ kind: 'email', from: 'Shop <shop@example.com>', replyTo: [], subject: 'News', text: 'Hello', headers: [] },
    ...changes,
  };
  return { key: newKey(), channelType: 'EMAIL', address, content };
}
