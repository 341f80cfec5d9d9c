/** Against the example of the specification's libraries, whose signature everybody's tests know. */
import { expect, test } from 'vitest';
import { isWebhookSecret, signWebhook } from './standard-webhooks.ts';

test('a message is signed as the reference libraries sign it', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const now = new Date(1_614_265_330_000);
  expect(signWebhook(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', now, '{"test": 2432232314}')).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('secrets have their form and 24 to 64 bytes', () => {
  const of = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;
  expect([23, 24, 64, 65].map((bytes) => isWebhookSecret(of(bytes)))).toEqual([false, true, true, false]);
  for (const text of ['', 'whsec_', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', `${of(32)} `, 'whsec_ä'])
    expect(isWebhookSecret(text)).toBe(false);
});
