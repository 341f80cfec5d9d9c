/** The source of an e-mail of the outbox, as a mail server would have received it. */
import MailComposer from 'nodemailer/lib/mail-composer';
import type { EmailContent } from '../../message.ts';
import type { StoredMessage } from './store.ts';

export async function emailSource({ id, address, createdAt }: StoredMessage, content: EmailContent): Promise<string> {
  const domain = /@([^@>\s]+)>?\s*$/.exec(content.from)?.[1] ?? 'localhost';
  const composer = new MailComposer({
    ...{ from: content.from, to: address, replyTo: [...content.replyTo], subject: content.subject },
    ...{ date: createdAt, messageId: `<${id}@${domain}>` },
    ...(content.text !== undefined && { text: content.text }),
    ...(content.html !== undefined && { html: content.html }),
    headers: content.headers.map(({ name, value }) => ({ key: name, value })),
    // What a message names is never fetched: it stays on the machine.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  return (await composer.compile().build()).toString('utf8');
}
