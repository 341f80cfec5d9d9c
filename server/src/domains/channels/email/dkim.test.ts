/**
 * Signatures are checked by a verifier that shares nothing with the signer but the RFC; nodemailer's signature over the
 * same mail passes it as well, and a changed mail does not.
 */
import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import NodemailerDkim from 'nodemailer/lib/dkim';
import { describe, expect, test } from 'vitest';
import { createComposer } from './compose.ts';
import { createSigner, relaxBody } from './dkim.ts';

const pem = { format: 'pem', type: 'pkcs8' } as const;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');
const keys = { rsa: rsa.privateKey.export(pem) as string, ed25519: ed25519.privateKey.export(pem) as string };
const now = new Date('2026-11-26T01:29:08Z');

function mail(text = 'Hello  there \t\r\n\r\n.\r\n\r\n\r\n'): Buffer {
  return createComposer()(
    {
      ...{ key: 'f'.repeat(32), channelType: 'EMAIL', address: 'ana@example.org' },
      content: {
        ...{
          kind: 'email',
          from: 'Grüße <shop@example.com>',
          replyTo: [],
          subject: `Ein  Brief ${'an alle '.repeat(20)}`,
        },
        headers: [{ name: 'List-Unsubscribe', value: '<https://example.com/x>' }],
        text,
      },
    },
    { now, eightBit: true },
  ).bytes;
}

/** RFC 6376 §6.1, on text, field by field as the signature names them. */
function verifySignature(signed: Buffer, privateKey: string): boolean {
  const [head = '', ...rest] = signed.toString('latin1').split('\r\n\r\n');
  const unfolded = head.replace(/\r\n([ \t])/g, '$1').split('\r\n');
  const index = unfolded.findIndex((line) => line.startsWith('DKIM-Signature:'));
  const signature = unfolded[index] as string;
  const tags = new Map(
    signature
      .slice('DKIM-Signature:'.length)
      .split(';')
      .map((tag) => [tag.slice(0, tag.indexOf('=')).trim(), tag.slice(tag.indexOf('=') + 1).replace(/\s/g, '')]),
  );
  const body = rest.join('\r\n\r\n');
  const simpler = body
    .split('\r\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
    .join('\r\n')
    .replace(/(\r\n)+$/, '');
  const canonicalBody = simpler === '' ? '' : `${simpler}\r\n`;
  const hash = createHash('sha256').update(Buffer.from(canonicalBody, 'latin1')).digest('base64');
  if (hash !== tags.get('bh')) return false;
  const relaxed = (line: string) => {
    const [, name = '', value = ''] = /^([^:]*):(.*)$/s.exec(line) ?? [];
    return `${name.toLowerCase().replace(/[ \t]+$/, '')}:${value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '')}`;
  };
  const left = unfolded.filter((_, at) => at !== index);
  const chosen = (tags.get('h') ?? '').split(':').flatMap((name) => {
    const at = left.findLastIndex((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`));
    return at === -1 ? [] : left.splice(at, 1).map(relaxed);
  });
  const last = relaxed(signature.replace(/;(\s*)b=[^;]*/, ';$1b='));
  const data = Buffer.from([...chosen, last].join('\r\n'), 'latin1');
  const given = Buffer.from(tags.get('b') ?? '', 'base64');
  const publicKey = createPublicKey(privateKey);
  return tags.get('a') === 'rsa-sha256'
    ? verify('sha256', data, publicKey, given)
    : verify(null, createHash('sha256').update(data).digest(), publicKey, given);
}

describe.each(['rsa', 'ed25519'] as const)('%s', (kind) => {
  const sign = createSigner({ domain: 'example.com', selector: 'mail', privateKey: keys[kind] });

  test('a signed mail verifies', async () => {
    const signed = await sign(mail(), now);
    expect(signed.toString().startsWith('DKIM-Signature: v=1;')).toBe(true);
    expect(verifySignature(signed, keys[kind])).toBe(true);
    expect(signed.subarray(-mail().length).equals(mail())).toBe(true);
    const lines = signed.toString().split('\r\n');
    expect(Math.max(...lines.slice(0, 10).map(({ length }) => length))).toBeLessThanOrEqual(78);
  });

  test.each([
    ['the body', 'Hello', 'Hallo'],
    ['the subject', 'Ein', 'Kein'],
    ['List-Unsubscribe', 'example.com/x', 'example.com/y'],
    ['To', 'To: ana', 'To: eva'],
    ['a second From', 'To:', 'From: eve@example.net\r\nTo:'],
  ])('but not when somebody changes %s', async (_title, from, to) => {
    const changed = (await sign(mail(), now)).toString('latin1').replace(from, to);
    expect(verifySignature(Buffer.from(changed, 'latin1'), keys[kind])).toBe(false);
  });

  test('any body', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom(' ', '\t', '\r\n', 'a', 'ä', '.', '='), maxLength: 60 }),
        async (text) => {
          expect(verifySignature(await sign(mail(text), now), keys[kind])).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('nodemailer signs the same mail so that the same verifier accepts it', async () => {
  const theirs = new NodemailerDkim({ domainName: 'example.com', keySelector: 'mail', privateKey: keys.rsa });
  const signed = await buffer(theirs.sign(mail()));
  expect(verifySignature(signed, keys.rsa)).toBe(true);
  const bodyHash = (signature: Buffer) => /bh=([A-Za-z0-9+/=\s]+);/.exec(signature.toString())?.[1]?.replace(/\s/g, '');
  const ours = await createSigner({ domain: 'example.com', selector: 'mail', privateKey: keys.rsa })(mail(), now);
  expect(bodyHash(ours)).toBe(bodyHash(signed));
});

test.each([
  ['', ''],
  ['\r\n\r\n', ''],
  [' \r\n\t\r\n', ''],
  ['a', 'a\r\n'],
  [' a \t b \r\n\r\n', ' a b\r\n'],
])('relaxed body of RFC 6376 §3.4.4: %j', (given, expected) => {
  expect(relaxBody(Buffer.from(given)).toString()).toBe(expected);
});

test('what is no key is refused', () => {
  expect(() => createSigner({ domain: 'a.b', selector: 's', privateKey: 'no key' })).toThrow();
});
