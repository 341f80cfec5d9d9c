/** Links of messages: nobody else can make or change one, and what they lead to fits into a header. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { linkPaths, TrackingLinks, toLocation } from './links.ts';

const send = {
  ...{ projectNumber: 7, runId: 'run', recipient: 'ana', bucket: 3 },
  startedAt: new Date('2026-12-01T08:00:00Z'),
};
const links = new TrackingLinks(randomBytes(32), 'https://links.example/');
const tokenOf = (link: string) => link.split('/').at(-1) as string;

test('a link says what it was made of, and names nobody', () => {
  const link = links.make('click', send, 'https://shop.example/?q=ä', 'unsubscribe');
  expect(link.startsWith(`https://links.example${linkPaths.click}`)).toBe(true);
  expect(links.read('click', tokenOf(link))).toEqual({
    ...{ kind: 'click', send, url: 'https://shop.example/?q=ä', tag: 'unsubscribe' },
  });
  expect(Buffer.from(tokenOf(link), 'base64url').includes('ana')).toBe(false);
});

test('of another kind, of another deployment, changed or cut it is none', () => {
  const token = tokenOf(links.make('open', send));
  expect(links.read('unsubscribe', token)).toBeUndefined();
  expect(new TrackingLinks(randomBytes(32), 'https://links.example').read('open', token)).toBeUndefined();
  for (const wrong of ['', token.slice(0, -4), token.slice(4), `${token.slice(0, 20)}xxxx${token.slice(24)}`]) {
    expect(links.read('open', wrong)).toBeUndefined();
  }
});

describe('a location', () => {
  test.each([
    ['https://shop.example/a?b=1&c=%20#d', 'https://shop.example/a?b=1&c=%20#d'],
    ['https://shop.example/ł/😀', 'https://shop.example/%C5%82/%F0%9F%98%80'],
    ['https://shop.example/a\r\n\tb c', 'https://shop.example/ab%20c'],
    ['https://shop.example/\ud800', 'https://shop.example/%EF%BF%BD'],
  ])('of %j can stand in a header', (url, location) => expect(toLocation(url)).toBe(location));
});
