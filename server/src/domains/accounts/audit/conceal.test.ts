import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { concealIdentities } from './conceal.ts';

const key = randomBytes(32);
const pinpoint = 'arn:aws:mobiletargeting:us-east-1:123456789012:';
const repoint = 'arn:aws:repoint:us-east-1:123456789012:';
const hashed = /^[0-9a-f]{16}$/;

test.each([
  `${pinpoint}apps/0123456789abcdef0123456789abcdef`,
  `${pinpoint}apps/x/segments/y`,
  `${pinpoint}templates/My_template.v2/EMAIL`,
  `${repoint}users/lea@example.com`,
  `${repoint}users/lea@example.com/policies/sender`,
  `${repoint}access-keys/AKIAIOSFODNN7EXAMPLE`,
  '*',
])('%s says nothing of the people whom projects reach', (resource) => {
  expect(concealIdentities(key, resource)).toBe(resource);
});

test.each([
  [`${pinpoint}apps/x/endpoints/`, '+4915112345678'],
  [`${pinpoint}apps/x/endpoints/`, 'a/b:c'],
  [`${pinpoint}apps/x/Endpoints/`, 'device-1'],
  [`${pinpoint}apps/x/users/`, 'ann'],
  [`${repoint}apps/x/endpoints/`, 'ann@example.com/segments'],
])('%s keeps what it is and loses the id %s', (kept, id) => {
  const concealed = concealIdentities(key, kept + id);
  expect(concealed.startsWith(kept)).toBe(true);
  expect(concealed.slice(kept.length)).toMatch(hashed);
});

test.each([
  'ann@example.com',
  `${pinpoint}ann@example.com`,
  `${pinpoint}apps/+4915112345678`,
  `${pinpoint}apps/x/devices/ann@example.com`,
  `${pinpoint}apps/x\nendpoints/ann`,
  `${repoint}apps/x/persons/ann@example.com`,
  'arn:aws:mobiletargeting:us-east-1:ann@example.com:apps/x',
])('%j may hold a person anywhere and is replaced as a whole', (resource) => {
  expect(concealIdentities(key, resource)).toMatch(hashed);
});
