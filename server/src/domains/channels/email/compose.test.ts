/** Mails are read back with mailparser, and compared with what nodemailer makes of the same message. */
import fc from 'fast-check';
import { type ParsedMail, simpleParser } from 'mailparser';
import MailComposer from 'nodemailer/lib/mail-composer';
import { describe, expect, test } from 'vitest';
import type { EmailContent, OutgoingMessage } from '../message.ts';
import { createComposer } from './compose.ts';
import type { ComposedEmail } from './composed.ts';

const now = new Date('2026-11-26T01:29:08.250Z');
const key = '0123456789abcdef0123456789abcdef';
const plain: EmailContent = {
  ...{ kind: 'email', from: 'Shop <shop@example.com>', replyTo: [], subject: 'Order', headers: [] },
  ...{ text: 'Hello', html: '<p>Hello</p>' },
};

function compose(content: Partial<EmailContent> = {}, address = 'ana@example.org', eightBit = false): ComposedEmail {
  const message: OutgoingMessage = { key, channelType: 'EMAIL', address, content: { ...plain, ...content } };
  return createComposer()(message, { now, eightBit });
}

const source = (mail: ComposedEmail) => mail.bytes.toString('utf8');
const parse = (mail: ComposedEmail): Promise<ParsedMail> => simpleParser(mail.bytes, { skipHtmlToText: true });
const refusal = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return (error as { outcome: unknown }).outcome;
  }
  return 'nothing was refused';
};

/** What holds for every mail on its way: CRLF only, no line longer than 998, 7-bit unless asked otherwise. */
function expectSound(mail: ComposedEmail): void {
  const text = mail.bytes.toString('latin1');
  expect(text.endsWith('\r\n')).toBe(true);
  expect(/(?<!\r)\n|\r(?!\n)/.test(text)).toBe(false);
  expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
  if (!mail.eightBit && !mail.international) expect(mail.bytes.every((byte) => byte > 0 && byte < 128)).toBe(true);
  const header = text.slice(0, text.indexOf('\r\n\r\n'));
  for (const line of header.split('\r\n')) {
    if (line.includes('=?UTF-8?')) expect(line.length).toBeLessThanOrEqual(76);
    expect(line.trim()).not.toBe('');
  }
}

const anyText = (maxLength: number) =>
  fc.oneof(
    fc.string({ maxLength, unit: 'grapheme' }),
    fc.string({ maxLength, unit: 'binary' }),
    fc.string({ maxLength }),
    fc.stringMatching(/^[ a-zäöü=?_\t-]*$/),
  );
const anyLine = (maxLength: number) => anyText(maxLength).map((text) => text.replace(/[\r\n]/g, ' '));

describe('a mail', () => {
  test('of text and HTML', async () => {
    const mail = compose({ replyTo: ['Help <help@example.com>', 'desk@example.com'] });
    expectSound(mail);
    expect(mail).toMatchObject({
      messageId: `${key}@example.com`,
      envelope: { from: 'shop@example.com', to: 'ana@example.org' },
      from: 'shop@example.com',
      eightBit: false,
      international: false,
    });
    expect(await parse(mail)).toMatchObject({
      subject: 'Order',
      from: { value: [{ name: 'Shop', address: 'shop@example.com' }] },
      to: { value: [{ name: '', address: 'ana@example.org' }] },
      replyTo: { value: [{ name: 'Help', address: 'help@example.com' }, { address: 'desk@example.com' }] },
      date: new Date('2026-11-26T01:29:08.000Z'),
      messageId: `<${key}@example.com>`,
      text: 'Hello',
      html: '<p>Hello</p>',
    });
    expect(source(mail)).toContain('Date: Thu, 26 Nov 2026 01:29:08 +0000\r\n');
  });

  test.each([
    [{ html: undefined }, 'text/plain', 1],
    [{ text: undefined }, 'text/html', 1],
    [{ text: undefined, html: undefined }, 'text/plain', 1],
    [{}, 'multipart/alternative', 3],
  ])('of the parts that there are: %j', (content, type, parts) => {
    const types = source(compose(content)).match(/^Content-Type: .*$/gm) ?? [];
    expect(types).toHaveLength(parts);
    expect(types[0]).toContain(type);
  });

  test('names the return path as envelope sender, of the message before that of the provider', () => {
    const message = { key, channelType: 'EMAIL' as const, address: 'ana@example.org', content: plain };
    const composer = createComposer();
    const bounces = { now, eightBit: false, returnPath: 'bounces@example.com' };
    expect(composer(message, bounces).envelope.from).toBe('bounces@example.com');
    const own = { ...message, content: { ...plain, returnPath: 'own@example.com' } };
    expect(composer(own, bounces).envelope.from).toBe('own@example.com');
  });

  test('IDN domains are punycode, local parts stay', async () => {
    const mail = compose({ from: 'Bücher <laden@bücher.example>' }, 'Ana.Maria@exämple.org');
    expectSound(mail);
    expect(mail.envelope).toEqual({ from: 'laden@xn--bcher-kva.example', to: 'Ana.Maria@xn--exmple-cua.org' });
    expect(mail.messageId).toBe(`${key}@xn--bcher-kva.example`);
    expect((await parse(mail)).from?.value).toEqual([{ name: 'Bücher', address: 'laden@bücher.example' }]);
  });

  test('a local part that is not ASCII needs SMTPUTF8', async () => {
    const mail = compose({}, 'анна@example.org');
    expect(mail).toMatchObject({ international: true, envelope: { to: 'анна@example.org' } });
    expect((await parse(mail)).to).toMatchObject({ value: [{ address: 'анна@example.org' }] });
    expect(compose({ replyTo: ['анна@example.org'] }).international).toBe(true);
  });
});

describe('whatever is written', { timeout: 30_000 }, () => {
  test('any subject, name and value of a header is read back', async () => {
    await fc.assert(
      fc.asyncProperty(anyLine(300), anyLine(120), anyLine(200), async (subject, name, value) => {
        const from = `"${name.replace(/["\\]/g, '\\$&').replace(/[\p{Cc}]/gu, ' ')}" <shop@example.com>`;
        const headers = [{ name: 'X-Campaign', value: value.replaceAll('\0', '') }];
        const mail = compose({ subject, from, headers });
        expectSound(mail);
        const parsed = await parse(mail);
        expect(parsed.subject ?? '').toBe(subject.toWellFormed());
        expect(unfolded(parsed, 'x-campaign')).toBe(headers[0]?.value.toWellFormed());
        const expected = name.replace(/[\p{Cc}]/gu, ' ').trim();
        expect(parsed.from?.value[0]).toEqual({ address: 'shop@example.com', name: expected });
      }),
      { numRuns: 200 },
    );
  });

  test.each([false, true])('any body is read back; the server takes 8 bits: %s', async (eightBit) => {
    await fc.assert(
      fc.asyncProperty(anyText(3000), anyText(3000), async (text, html) => {
        const mail = compose({ text, html }, 'ana@example.org', eightBit);
        expectSound(mail);
        const parsed = await parse(mail);
        expect(lines(parsed.text ?? '')).toBe(lines(text.toWellFormed()));
        expect(lines(parsed.html || '')).toBe(lines(html.toWellFormed()));
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ['short lines of ASCII', 'Hello\nworld\n', '7bit', '7bit'],
    ['an ASCII line of 999', 'x'.repeat(999), 'quoted-printable', 'quoted-printable'],
    [
      'some letters that are not ASCII',
      'Grüße aus Köln, und noch ein wenig mehr von dem Text',
      'quoted-printable',
      '8bit',
    ],
    ['many letters that are not ASCII', 'Привет мир', 'base64', '8bit'],
    ['NUL', 'a\0b', 'quoted-printable', 'quoted-printable'],
  ])('the encoding fits the content: %s', (_title, text, sevenBit, eightBit) => {
    const encoding = (mail: ComposedEmail) => /^Content-Transfer-Encoding: (.*)\r$/m.exec(source(mail))?.[1];
    expect(encoding(compose({ text, html: undefined }))).toBe(sevenBit);
    expect(encoding(compose({ text, html: undefined }, 'ana@example.org', true))).toBe(eightBit);
  });

  test('is read as nodemailer wrote it', async () => {
    const content = fc.record({
      subject: anyLine(120),
      text: anyText(1500),
      html: anyText(1500),
      from: fc.constantFrom(
        'Shop <shop@example.com>',
        '"Müller, Ä." <m@bücher.example>',
        'shop@example.com',
        '"a\\"b" <a@b.cd>',
      ),
    });
    await fc.assert(
      fc.asyncProperty(content, async ({ subject, text, html, from }) => {
        const oracle = await new MailComposer({ subject, text, html, from, to: 'ana@example.org', date: now })
          .compile()
          .build();
        const theirs = await simpleParser(oracle, { skipHtmlToText: true });
        const ours = await parse(compose({ subject, text, html, from }));
        expect(ours.from?.value).toEqual(theirs.from?.value);
        // nodemailer trims subjects and takes lone CR as it is.
        expect(ours.subject?.trim() ?? '').toBe(theirs.subject?.trim() ?? '');
        if (!/\r(?!\n)/.test(text)) expect(lines(ours.text ?? '').trimEnd()).toBe(lines(theirs.text ?? '').trimEnd());
        if (!/\r(?!\n)/.test(html)) expect(lines(ours.html || '').trimEnd()).toBe(lines(theirs.html || '').trimEnd());
      }),
      { numRuns: 200 },
    );
  });

  test('what was remembered of one recipient does not reach the next', async () => {
    const composer = createComposer();
    for (let round = 0; round < 3; round += 1) {
      for (const name of ['Ana', 'Björn', 'Ana', 'Ана']) {
        const content = {
          ...plain,
          subject: `For ${name}`,
          text: `Dear ${name}`,
          html: `<p>${name}</p>`,
          from: `${name} <a@b.cd>`,
        };
        const mail = composer(
          { key, channelType: 'EMAIL', address: 'a@b.cd', content },
          { now, eightBit: round === 1 },
        );
        expect(await parse(mail)).toMatchObject({
          subject: `For ${name}`,
          text: `Dear ${name}`,
          html: `<p>${name}</p>`,
          from: { value: [{ name }] },
        });
      }
    }
  });
});

describe('headers of the caller', () => {
  test('arrive unchanged', async () => {
    const unsubscribe = `<https://example.com/unsubscribe?token=${'x'.repeat(300)}>, <mailto:off@example.com>`;
    const headers = [
      { name: 'List-Unsubscribe', value: unsubscribe },
      { name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
      { name: 'X-Long', value: 'x'.repeat(870) },
      { name: 'n'.repeat(126), value: 'ä '.repeat(400).trim() },
      { name: 'm'.repeat(126), value: 'x'.repeat(870) },
    ];
    const mail = compose({ headers });
    expectSound(mail);
    const parsed = await parse(mail);
    expect(unfolded(parsed, 'list-unsubscribe')).toBe(unsubscribe);
    for (const { name, value } of headers.slice(1)) expect(unfolded(parsed, name.toLowerCase())).toBe(value);
  });

  const refused: [string, { name: string; value: string }[]][] = [
    ['sixteen', Array.from({ length: 16 }, (_, index) => ({ name: `X-${index}`, value: 'x' }))],
    ['a name of 127', [{ name: 'n'.repeat(127), value: 'x' }]],
    ['a value of 871', [{ name: 'X-A', value: 'x'.repeat(871) }]],
    ['a line break in a value', [{ name: 'X-A', value: 'a\r\nBcc: x@example.com' }]],
    ['LF in a value', [{ name: 'X-A', value: 'a\nb' }]],
    ['a line break in a name', [{ name: 'X-A\r\nBcc', value: 'x' }]],
    ['a colon in a name', [{ name: 'X:A', value: 'x' }]],
    ['a space in a name', [{ name: 'X A', value: 'x' }]],
    ['no name', [{ name: '', value: 'x' }]],
    ...[
      ...['From', 'TO', 'Subject', 'date', 'Message-ID', 'MIME-Version', 'Content-Type', 'DKIM-Signature'],
      ...['Return-Path', 'Content-Transfer-Encoding', 'Bcc'],
    ].map((name): [string, { name: string; value: string }[]] => [name, [{ name, value: 'x' }]]),
  ];
  test.each(refused)('are refused: %s', (_title, headers) => {
    expect(refusal(() => compose({ headers }))).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: 400 });
  });

  test('Reply-To stands in one place', () => {
    const headers = [{ name: 'Reply-To', value: 'help@example.com' }];
    expect(source(compose({ headers }))).toContain('\r\nReply-To: help@example.com\r\n');
    expect(refusal(() => compose({ headers, replyTo: ['a@b.cd'] }))).toMatchObject({ statusCode: 400 });
  });
});

describe('is refused before anything is sent', () => {
  const injected = 'x\r\nBcc: victim@example.com';
  test.each<[string, Partial<EmailContent>, string?]>([
    ['a line break in the subject', { subject: injected }],
    ['CR in the subject', { subject: 'a\rb' }],
    ['a line break in From', { from: `Shop\r\nBcc: a@b.cd <shop@example.com>` }],
    ['a line break in Reply-To', { replyTo: ['a@b.cd\r\nBcc: a@b.cd'] }],
    ['a line break in the return path', { returnPath: 'a@b.cd\r\nRCPT TO:<x@example.com>' }],
    ['a line break in the address', {}, 'a@b.cd\r\nBcc: a@b.cd'],
    ['LF in the address', {}, 'a@b.cd\n'],
    ['no address in From', { from: 'Shop' }],
    ['two addresses in From', { from: 'a@b.cd, b@b.cd' }],
    ['a group in From', { from: 'All: a@b.cd;' }],
    ['two addresses in Reply-To', { replyTo: ['a@b.cd, b@b.cd'] }],
    ['an angle in the address', {}, 'a>@b.cd'],
    ['a space in the address', {}, 'a b@b.cd'],
    ['a name with the address', {}, 'Ana <a@b.cd>'],
    ['two addresses', {}, 'a@b.cd,b@b.cd'],
    ['no domain', {}, 'ana@'],
    ['no local part', {}, '@b.cd'],
    ['no @', {}, 'ana'],
    ['a domain that is none', {}, 'a@b..cd'],
    ['a domain with a dash at its end', {}, 'a@b-.cd'],
    ['a local part that never ends', {}, `${'a'.repeat(65)}@b.cd`],
    ['a control character', {}, 'a\u0085b@b.cd'],
  ])('%s', (_title, content, address) => {
    const outcome = refusal(() => compose(content, address));
    expect(outcome).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: 400 });
    expect(JSON.stringify(outcome)).not.toMatch(/b\.cd|victim/);
  });

  test('more than 10 MB', () => {
    const large = refusal(() => compose({ html: 'x'.repeat(10 * 1024 * 1024) }));
    expect(large).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: 413 });
    // Larger only as it leaves.
    const grown = refusal(() => compose({ html: 'я'.repeat(5 * 1024 * 1024) }));
    expect(grown).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: 413 });
  });

  test.each([
    '"a b"@example.com',
    'a..b.@example.com',
    'a+b@example.com',
    'a@[192.0.2.1]',
    'a@localhost',
    "o'neil@b.cd",
  ])('but not %s', (address) => {
    expect(compose({}, address).envelope.to).toBe(address);
  });
});

describe('a raw mail', () => {
  const raw = (mime: string | Buffer, address = 'ana@example.org') =>
    createComposer()(
      {
        key,
        channelType: 'EMAIL',
        address,
        content: { kind: 'raw email', from: 'shop@example.com', mime: Buffer.from(mime) },
      },
      { now, eightBit: false },
    );

  test('keeps all but To and Bcc byte for byte', () => {
    const before =
      'Received: by x\r\n\twith y\r\nFrom:  Shop\r\n <shop@example.com>\r\nDate: Thu, 1 Jan 1970 00:00:00 +0000\r\n';
    const after =
      'X-Odd:\tkept  \r\nMessage-ID: <own@example.com>\r\nCc: c@example.com\r\n\r\nTo: not a header\r\n\r\n.dots\r\n';
    const mail = raw(
      `${before}To: a@example.com,\r\n b@example.com\r\nBcc: secret@example.com\r\n ,more@example.com\r\n${after}`,
    );
    expect(source(mail)).toBe(`${before}To: ana@example.org\r\n${after}`);
    expect(mail.messageId).toBe('own@example.com');
    expect(raw(`tO : x@example.com\r\n${after}`).bytes.toString()).not.toContain('x@example.com');
  });

  test('gets what a mail must have', async () => {
    const mail = raw('Subject: Hi\n\nBody\rwith\nall line ends');
    expectSound(mail);
    expect(await parse(mail)).toMatchObject({
      subject: 'Hi',
      from: { value: [{ address: 'shop@example.com' }] },
      to: { value: [{ address: 'ana@example.org' }] },
      date: new Date('2026-11-26T01:29:08.000Z'),
      messageId: `<${key}@example.com>`,
      text: 'Body\nwith\nall line ends\n',
    });
  });

  test('is told apart by its bytes: 8-bit body, header in UTF-8', () => {
    expect(raw('Subject: Hi\r\n\r\nä\r\n')).toMatchObject({ eightBit: true, headerIsUtf8: false });
    expect(raw('Subject: ä\r\n\r\nx\r\n')).toMatchObject({ eightBit: false, headerIsUtf8: true });
  });

  test.each(['', '\r\nbody', 'no header at all', 'Subject: x\r\nno colon\r\n\r\nbody', ' folded: first\r\n\r\n'])(
    'is refused without a header: %j',
    (mime) => {
      expect(refusal(() => raw(mime))).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: 400 });
    },
  );

  test('larger than 10 MB is refused', () => {
    expect(refusal(() => raw(Buffer.alloc(10 * 1024 * 1024 + 1, 'Subject: x\r\n')))).toMatchObject({ statusCode: 413 });
  });

  test('one content for many recipients', () => {
    const composer = createComposer();
    const content = { kind: 'raw email' as const, from: 'shop@example.com', mime: Buffer.from('To: x\r\n\r\nbody') };
    const mails = ['a@b.cd', 'c@b.cd'].map((address) =>
      source(composer({ key, channelType: 'EMAIL', address, content }, { now, eightBit: false })),
    );
    expect(mails.map((mail) => /^To: (.*)\r$/m.exec(mail)?.[1])).toEqual(['a@b.cd', 'c@b.cd']);
  });
});

/** mailparser adds a line end to what has none. */
const lines = (text: string) => text.replace(/\r\n|\r|\n/g, '\n').replace(/\n$/, '');

/** The value as it stands in the mail, unfolded and decoded. mailparser interprets List-* itself. */
function unfolded(parsed: ParsedMail, name: string): string | undefined {
  const line = parsed.headerLines.find(({ key: found }) => found === name)?.line;
  const value = line?.replace(/\r\n(?=[ \t])/g, '').replace(/^[^:]+: ?/, '');
  if (value === undefined || !value.includes('=?UTF-8?')) return value;
  return Buffer.concat(
    [...value.matchAll(/=\?UTF-8\?([QB])\?([^?]*)\?=/g)].map(([, kind, text = '']) =>
      kind === 'B'
        ? Buffer.from(text, 'base64')
        : Buffer.from(
            text
              .replaceAll('_', ' ')
              .replace(/=(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
            'latin1',
          ),
    ),
  ).toString('utf8');
}
