import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hmac, prepareHmac } from './hmac.ts';

test('two hashes over pads are an HMAC, for secrets and texts of any length and script', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ minLength: 1_300, maxLength: 5_000 }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), text, (bytes, message) => {
      const secret = Buffer.from(bytes);
      expect(hmac(prepareHmac(secret), message)).toBe(createHmac('sha256', secret).update(message).digest('hex'));
    }),
  );
});
