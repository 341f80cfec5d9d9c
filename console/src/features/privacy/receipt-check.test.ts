/** Receipts checked in the browser: good ones, and whatever can be wrong with one. */
import { describe, expect, it } from 'vitest';
import { checkReceipt, follow, toBase64Url, toHex } from './receipt-check.ts';

const { subtle } = globalThis.crypto;
const encode = (text: string) => new TextEncoder().encode(text);
const sha256 = (text: string) => subtle.digest('SHA-256', encode(text));
const newKey = () => subtle.generateKey('Ed25519', true, ['sign', 'verify']) as Promise<CryptoKeyPair>;

const { privateKey, publicKey: signingKey } = await newKey();
const publicKey = (await subtle.exportKey('jwk', signingKey)).x as string;
const key = toBase64Url(await sha256(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x: publicKey })));

/** As the server writes them: members in their order, without a blank. */
async function issue(members: object, signedBy = privateKey): Promise<string> {
  const usual = { account: '1', erasure: { erased: 3 }, format: 'f', key, number: 1, previous: null };
  const statement = Object.entries({ ...usual, ...members, publicKey });
  const ordered = Object.fromEntries(statement.toSorted(([one], [other]) => (one < other ? -1 : 1)));
  const signature = toBase64Url(await subtle.sign('Ed25519', signedBy, encode(JSON.stringify(ordered))));
  return JSON.stringify({ ...ordered, signature });
}

describe('a receipt', () => {
  it('that is as it was signed is good, and its hash is that of its bytes', async () => {
    const text = await issue({});
    const { receipt, sha256: hash } = await checkReceipt(text, [publicKey]);
    expect([receipt.number, hash]).toEqual([1, toHex(await sha256(text))]);
  });

  it.each([
    [
      'a figure changed',
      (text: string) => text.replace('"erased":3', '"erased":4'),
      'The signature is not of this content.',
    ],
    ['a blank put in', (text: string) => text.replace(',', ', '), 'It is not spelt as it was'],
    ['a line end behind it', (text: string) => `${text}\n`, 'It is not spelt as it was'],
    [
      'members turned round',
      (text: string) => JSON.stringify(reversed(JSON.parse(text))),
      'The signature is not of this content.',
    ],
    ['half of it', (text: string) => text.slice(0, 40), 'It is not JSON.'],
    [
      'another number as signature',
      (text: string) => text.replace(/"signature":"[^"]+"/, '"signature":"AAAA"'),
      'The signature is not of this content.',
    ],
  ])('with %s is not', async (_what, change, fault) => {
    await expect(checkReceipt(change(await issue({})), [publicKey])).rejects.toThrow(fault);
  });

  it('of somebody else is not, whatever key it names', async () => {
    const other = (await newKey()).privateKey;
    await expect(checkReceipt(await issue({}, other), [publicKey])).rejects.toThrow(
      'The signature is not of this content.',
    );
    await expect(checkReceipt(await issue({}), [])).rejects.toThrow('a key that this server does not have');
    await expect(checkReceipt(await issue({ key: 'x' }), [publicKey])).rejects.toThrow('It names no key.');
  });
});

describe('a chain', () => {
  const checked = async (members: object) => checkReceipt(await issue(members), [publicKey]);

  it('goes on with the hash of the one before', async () => {
    const first = await checked({});
    const second = await checked({ number: 2, previous: first.sha256 });
    expect(() => follow(undefined, first)).not.toThrow();
    expect(() => follow(first, second)).not.toThrow();
  });

  it('shows what is missing, replaced, or without a place', async () => {
    const first = await checked({});
    const third = await checked({ number: 3, previous: first.sha256 });
    const replaced = await checked({ number: 2, previous: 'a'.repeat(64) });
    const homeless = await checked({ number: 2, previous: null });
    expect(() => follow(first, third)).toThrow('Receipt 2 is missing.');
    expect(() => follow(first, replaced)).toThrow('one was replaced');
    expect(() => follow(undefined, homeless)).toThrow('has no place in the chain');
  });
});

const reversed = (value: object) => Object.fromEntries(Object.entries(value).toReversed());
