/**
 * Mails to a local SMTP sink that is a process of its own: 5 KB of HTML and text, other words for each recipient, over 10
 * connections. Beside it a bare nodemailer pool that composes the same mails for the same sink, in turns.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Outcome } from '../server/src/domains/channels/driver.ts';
import { readTrustedSettings } from '../server/src/domains/channels/drivers/smtp/settings.ts';
import { smtpKind } from '../server/src/domains/channels/drivers/smtp/smtp.ts';
import type { EmailContent, OutgoingMessage } from '../server/src/domains/channels/message.ts';
import { systemClock } from '../server/src/kernel/clock.ts';
import { createLogger } from '../server/src/kernel/logger.ts';
import { OutgoingHttp } from '../server/src/outgoing/http.ts';
import { OutgoingNetworks } from '../server/src/outgoing/networks.ts';
import { type Row, rate } from './table.ts';

const connections = 10;
const rounds = 3;
const milliseconds = 2_000;
/** As many different mails; then they begin again. */
const people = 2_000;
const from = 'Shop <shop@example.com>';

export interface Mail extends EmailContent {
  readonly text: string;
  readonly html: string;
}

export async function benchEmail(): Promise<Row[]> {
  const { port, stop } = await startSink();
  try {
    const mails = Array.from({ length: people }, (_, index) => mailFor(index));
    let [ours, theirs] = [0, 0];
    for (let round = 0; round < rounds; round += 1) {
      ours = Math.max(ours, await measureDriver(port, mails));
      theirs = Math.max(theirs, await measureNodemailer(port, mails));
    }
    return [
      {
        workload: `e-mail over SMTP, ${sizeOf(mails[0] as Mail)} of HTML and text, ${connections} connections`,
        ...{ figure: rate(ours, 'mails/s'), ceiling: `nodemailer pool ${rate(theirs)}` },
        ...{ ratio: ours / theirs, aim: '≥ 1.50' },
      },
    ];
  } finally {
    stop();
  }
}

/** A sink that is a process of its own. */
export async function startSink(): Promise<{ readonly port: number; stop(): void }> {
  const sink = spawn(process.execPath, [join(import.meta.dirname, 'smtp-sink.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<number>((settle, fail) => {
    sink.stdout.once('data', (chunk) => settle(Number(String(chunk).trim())));
    sink.once('exit', () => fail(new Error('the sink did not start')));
  });
  return { port, stop: () => sink.kill('SIGTERM') };
}

export function sizeOf({ text, html }: Mail): string {
  return `${(Buffer.byteLength(text + html) / 1024).toFixed(1)} KB`;
}

/** Letters beyond ASCII as real mails have them. */
export function mailFor(person: number): Mail {
  const name = `Björn ${person}`;
  const rows = Array.from({ length: 42 }, (_, row) => {
    return `<tr><td>Für ${name}</td><td>Article ${row * 7 + (person % 7)}, in the colour you like</td><td>${row * 3} €</td></tr>`;
  });
  return {
    ...{ kind: 'email', from, replyTo: ['help@example.com'], subject: `${name}, your order is on its way` },
    headers: [{ name: 'List-Unsubscribe', value: `<https://example.com/unsubscribe/${person}>` }],
    text: `Dear ${name},\n\n${'Your order has left our house and will be with you soon.\n'.repeat(20)}`,
    html: `<!doctype html><html><body><p>Dear ${name},</p><table>\n${rows.join('\n')}\n</table></body></html>`,
  };
}

/** @returns mails per second */
async function measureDriver(port: number, mails: readonly Mail[]): Promise<number> {
  const networks = new OutgoingNetworks([]);
  const http = new OutgoingHttp(networks);
  const settings = readTrustedSettings(`smtp://127.0.0.1:${port}?connections=${connections}`);
  const driver = smtpKind.open(settings, {
    ...{ http, networks, clock: systemClock, logger: createLogger('warn') },
    received: () => Promise.resolve(),
  });
  const messages = mails.map((content, index): OutgoingMessage => {
    return {
      key: index.toString(16).padStart(32, '0'),
      channelType: 'EMAIL',
      address: `p${index}@example.org`,
      content,
    };
  });
  const { batch, concurrency } = driver.limits;
  const perSecond = await sendForAWhile(concurrency, async (turn) => {
    const first = (turn * batch) % messages.length;
    const part = messages.slice(first, first + batch);
    let sent = 0;
    const report = (_message: OutgoingMessage, { status }: Outcome) => {
      if (status === 'SUCCESSFUL') sent += 1;
    };
    await driver.deliver(part, report, new AbortController().signal);
    if (sent !== part.length) throw new Error(`${part.length - sent} mails did not arrive`);
    return sent;
  });
  await driver.close();
  await http.close();
  return perSecond;
}

export async function measureNodemailer(port: number, mails: readonly Mail[]): Promise<number> {
  const pool = createTransport({ pool: true, host: '127.0.0.1', port, maxConnections: connections, ignoreTLS: true });
  // Twice as many as there are connections: there is always one to go on with.
  const perSecond = await sendForAWhile(connections * 2, async (turn) => {
    const { subject, text, html, headers, replyTo } = mails[turn % mails.length] as Mail;
    await pool.sendMail({
      ...{ from, to: `p${turn}@example.org`, replyTo: [...replyTo], subject, text, html },
      headers: headers.map(({ name, value }) => ({ key: name, value })),
    });
    return 1;
  });
  pool.close();
  return perSecond;
}

/** @param send resolves with how many mails it sent. @returns mails per second */
async function sendForAWhile(atOnce: number, send: (turn: number) => Promise<number>): Promise<number> {
  let [turn, sent] = [0, 0];
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() - begun < milliseconds) {
        const more = await send(turn++);
        sent += more;
      }
    }),
  );
  return (sent * 1000) / (performance.now() - begun);
}
