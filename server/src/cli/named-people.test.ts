/** E3: a command that names nobody, or everybody, does nothing. */
import { hash } from 'node:crypto';
import { expect, it } from 'vitest';
import { readPeople } from './named-people.ts';

it.each([
  ['nobody', {}],
  ['an empty list', { email: [] }],
  ['an empty text', { user: [''] }],
  ['a wildcard', { user: ['*'] }],
  ['a wildcard in an address', { email: ['*@example.com'] }],
  ['one of several', { user: ['lea', ' '] }],
  ['a hash that is none', { user: ['lea'], sha256: true }],
])('E3: %s is refused', (_name, options) => {
  expect(() => readPeople(options)).toThrow(/Say who|empty|wildcard|SHA-256/);
});

it('E2: names people by whatever they are known by', () => {
  const named = readPeople({ endpoint: ['E-1'], user: ['lea'], email: ['lea@example.com'], phone: ['+12065550100'] });
  expect(named.map(({ type, value }) => [type, value])).toEqual([
    ['ENDPOINT_ID', 'e-1'],
    ['USER_ID', 'lea'],
    ['EMAIL', 'lea@example.com'],
    ['PHONE', '+12065550100'],
  ]);
  const [hashed] = readPeople({ user: [hash('sha256', 'lea')], sha256: true });
  expect([hashed?.value, hashed?.sha256.toString('hex')]).toEqual([null, hash('sha256', 'lea')]);
});
