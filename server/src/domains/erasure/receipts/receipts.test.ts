/** E18: receipts checked without a database: any other byte, another key, another order, a missing one: each is noticed. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import { MasterKey } from '../../../kernel/master-key.ts';
import { type ErasureFacts, physicalOf, type Receipt, type ReceiptStatement, receiptFormat } from './document.ts';
import { receiptPage } from './page.ts';
import { createReceiptSigner, type ReceiptSigner, toPem } from './signing.ts';
import { ReceiptFault, readPublicKey, verifyChains, verifyReceipt } from './verify.ts';

const signer = createReceiptSigner(new MasterKey(randomBytes(32)));
const stranger = createReceiptSigner(new MasterKey(randomBytes(32)));

const facts: ErasureFacts = {
  ...{ kind: 'PERSON', id: 'f'.repeat(32), project: { id: 'a'.repeat(32), region: 'us-east-1' }, partOf: null },
  ...{ mode: 'ERASE', origin: 'API', state: 'COMPLETED', messagesUnderWay: 0, repeated: 0, erased: 2 },
  ...{ receivedAt: '2026-11-26T00:00:00.000Z', acceptedAt: null, completedAt: '2026-11-26T00:00:01.000Z' },
  subject: { identities: { EMAIL: 1 }, endpoints: 2, users: 1, addresses: 2, matched: true },
  places: [{ name: 'endpoints', found: 2, erased: 2, retained: 0, left: 0 }],
  kept: [{ place: 'events', count: 1, reason: 'Tax law, 10 years: § 147 AO', until: '2036-01-01T00:00:00.000Z' }],
  skipped: [{ what: 'ab'.repeat(32), why: 'The file is an archive' }],
};

function make(number: number, previous: string | null, by: ReceiptSigner = signer, more: Partial<ErasureFacts> = {}) {
  const statement: ReceiptStatement = {
    ...{ format: receiptFormat, account: '123456789012', number, previous, issuedAt: '2026-11-26T00:00:01.000Z' },
    ...{ software: 'repoint 0.1.0', erasure: { ...facts, ...more } as ErasureFacts, ledgerHead: null },
    ...{ physical: physicalOf('embedded'), algorithm: 'Ed25519', key: by.key, publicKey: by.publicKey },
  };
  return Buffer.from(canonicalJson({ ...by.sign(statement) }));
}

function chain(length: number): Buffer[] {
  const receipts: Buffer[] = [];
  for (let number = 1; number <= length; number += 1) {
    const before = receipts.at(-1);
    receipts.push(make(number, before === undefined ? null : verifyReceipt(before).hash));
  }
  return receipts;
}

const good = make(1, null);
const rewritten = (change: (receipt: Receipt) => object) =>
  Buffer.from(canonicalJson({ ...change(JSON.parse(good.toString()) as Receipt) }));

describe('E18: a receipt', () => {
  it('is good as it was issued, by the key that somebody kept in any form', () => {
    const jwk = JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: signer.publicKey });
    for (const form of [signer.publicKey, toPem(signer.publicKey), jwk]) {
      expect(verifyReceipt(good, [readPublicKey(form)]).receipt).toEqual(JSON.parse(good.toString()));
    }
  });

  it('fails when any byte of it is another one', () => {
    const at = fc.integer({ min: 0, max: good.length - 1 });
    fc.assert(
      fc.property(at, fc.integer({ min: 1, max: 255 }), (index, difference) => {
        const changed = Buffer.from(good);
        changed[index] = (changed[index] as number) ^ difference;
        expect(() => verifyReceipt(changed)).toThrow(ReceiptFault);
      }),
      { numRuns: 1_500 },
    );
  });

  it('fails when bytes are added or taken away, anywhere', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: good.length }),
        fc.uint8Array({ minLength: 1, maxLength: 8 }),
        fc.boolean(),
        (index, bytes, isAdded) => {
          const end = isAdded ? index : index + bytes.length;
          const changed = Buffer.concat([
            good.subarray(0, index),
            isAdded ? bytes : Buffer.alloc(0),
            good.subarray(end),
          ]);
          if (!changed.equals(good)) expect(() => verifyReceipt(changed)).toThrow(ReceiptFault);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['written anew with blanks', () => Buffer.from(JSON.stringify(JSON.parse(good.toString()), null, 2))],
    ['with a member more', () => rewritten((receipt) => ({ ...receipt, note: 'fine' }))],
    ['with another count', () => rewritten((receipt) => ({ ...receipt, erasure: { ...receipt.erasure, erased: 3 } }))],
    ['without a signature', () => rewritten(({ signature: _signature, ...rest }) => rest)],
    ['with an empty signature', () => rewritten((receipt) => ({ ...receipt, signature: '' }))],
    ['with the key of another', () => rewritten((receipt) => ({ ...receipt, publicKey: stranger.publicKey }))],
    [
      'with both of another',
      () => rewritten((receipt) => ({ ...receipt, publicKey: stranger.publicKey, key: stranger.key })),
    ],
    ['with a number that is none', () => rewritten((receipt) => ({ ...receipt, number: 1.5 }))],
    ['of another format', () => rewritten((receipt) => ({ ...receipt, format: 'another/1' }))],
    ['that is a list', () => Buffer.from('[]')],
    ['that is nothing', () => Buffer.alloc(0)],
    ['that is no UTF-8', () => Buffer.concat([good.subarray(0, 20), Buffer.from([0xff]), good.subarray(21)])],
    ['behind a byte order mark', () => Buffer.concat([Buffer.from('\ufeff'), good])],
  ])('fails %s', (_name, change) => {
    expect(() => verifyReceipt(change())).toThrow(ReceiptFault);
  });

  it('of a stranger is good for itself, and not for whoever knows the key', () => {
    const theirs = make(1, null, stranger);
    expect(verifyReceipt(theirs).receipt.key).toBe(stranger.key);
    expect(() => verifyReceipt(theirs, [signer.publicKey])).toThrow('another key');
  });

  it('has a key that anything else is not taken for', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
    for (const text of ['', 'abc', '{}', '{"kty":"OKP"}', pem]) expect(() => readPublicKey(text)).toThrow(ReceiptFault);
  });

  it('is signed by a key that is made of the master key alone', () => {
    const master = randomBytes(32);
    const [one, other] = [createReceiptSigner(new MasterKey(master)), createReceiptSigner(new MasterKey(master))];
    expect(one.publicKey).toBe(other.publicKey);
    expect(one.publicKey).not.toBe(signer.publicKey);
  });
});

describe('E18: a chain of receipts', () => {
  const verified = chain(5).map((bytes) => verifyReceipt(bytes));

  it('is good in any order, and in part', () => {
    expect(verifyChains(verified.toReversed())).toEqual([{ account: '123456789012', first: 1, last: 5 }]);
    expect(verifyChains(verified.slice(2))).toEqual([{ account: '123456789012', first: 3, last: 5 }]);
  });

  it('shows a receipt that is missing, twice there, or replaced', () => {
    expect(() => verifyChains(verified.toSpliced(2, 1))).toThrow('Between receipts 2 and 4');
    expect(() => verifyChains([...verified, verified[3] as (typeof verified)[0]])).toThrow('twice');
    const replaced = make(3, verified[1]?.hash ?? null, signer, { erased: 3 });
    expect(() => verifyChains(verified.toSpliced(2, 1, verifyReceipt(replaced)))).toThrow('Receipt 4 of account');
  });

  it('begins with the first', () => {
    for (const bytes of [make(1, 'ab'.repeat(32)), make(2, null), make(0, null)]) {
      expect(() => verifyChains([verifyReceipt(bytes)])).toThrow('no place in a chain');
    }
  });
});

describe('E18: the page of a receipt', () => {
  it('loads nothing, runs nothing, escapes what operators wrote, and has the receipt in it', () => {
    const reason = '<script>alert("x")</script>';
    const bytes = make(1, null, signer, { kept: [{ place: 'events', count: 1, reason, until: null }] });
    const page = receiptPage(bytes.toString());
    expect(page).not.toMatch(/<script|<img|<link|href=|src=|onload|url\(/);
    expect(page).toContain("default-src 'none'");
    const [, text = ''] = /<pre>(.*)<\/pre>/s.exec(page) ?? [];
    const restored = text.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));
    expect(verifyReceipt(Buffer.from(restored)).receipt.number).toBe(1);
  });

  it('says what did not succeed, and that nobody was found', () => {
    const nobody = { ...(facts.subject as NonNullable<typeof facts.subject>), matched: false };
    expect(receiptPage(make(1, null, signer, { subject: nobody }).toString())).toContain('nothing was held');
    const partly = receiptPage(make(1, null, signer, { state: 'PARTIALLY_COMPLETED' }).toString());
    expect(partly).toContain('Not complete');
    expect(partly).toContain('The file is an archive');
  });
});
