import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hmac } from '../../kernel/hmac.ts';
import { deriveSigningKey, SigningKeyCache } from './signing-key.ts';

test('a derived key signs as four HMACs say, for secrets of any length', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.string({ maxLength: 300 }), (secret, message) => {
      const ascii = Buffer.from(message).toString('base64');
      const derived = ['20260101', 'eu-west-1', 'mobiletargeting', 'aws4_request'].reduce<Buffer>(
        (key, part) => createHmac('sha256', key).update(part).digest(),
        Buffer.from(`AWS4${secret}`),
      );
      const key = deriveSigningKey(secret, '20260101', 'eu-west-1', 'mobiletargeting');
      expect(hmac(key, ascii)).toBe(createHmac('sha256', derived).update(ascii).digest('hex'));
    }),
  );
});

test('the cache is bounded, drops the longest unused, and never serves another secret', () => {
  const cache = new SigningKeyCache(2);
  const key = deriveSigningKey('secret', '20260101', 'r', 's');
  cache.keep('a', 'secret', key);
  cache.keep('b', 'secret', key);
  expect(cache.find('a', 'secret')).toBe(key);
  cache.keep('c', 'secret', key);
  expect(cache.size).toBe(2);
  expect(cache.find('b', 'secret')).toBeUndefined();
  expect(cache.find('a', 'secret')).toBe(key);
  expect(cache.find('a', 'another secret')).toBeUndefined();
});
