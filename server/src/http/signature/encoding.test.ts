import { describe, expect, test } from 'vitest';
import { canonicalComponent, canonicalPath, normalisePath } from './encoding.ts';
import { canonicalQuery, parseQuery } from './query.ts';

describe('paths', () => {
  test.each([
    ['', '/'],
    ['/', '/'],
    ['//', '/'],
    ['/a//b///c/', '/a/b/c/'],
    ['/./a/./b/.', '/a/b'],
    ['/a/../b', '/b'],
    ['/..', '/'],
    ['/a/b/..', '/a'],
    ['/a/%2E%2E/b', '/a/%2E%2E/b'],
    ['/.hidden/..name', '/.hidden/..name'],
  ])('%s is normalised to %s', (raw, expected) => expect(normalisePath(raw)).toBe(expected));

  test.each([
    ['/v1/apps', '/v1/apps'],
    ['/v1/apps/a/endpoints/x%2Fy', '/v1/apps/a/endpoints/x%252Fy'],
    ['/a b', '/a%20b'],
    ["/(a)!'*:", '/%28a%29%21%27%2A%3A'],
    [Buffer.from('/ሴ').toString('latin1'), '/%E1%88%B4'],
    ['/ሴ', '/%E1%88%B4'],
    ['/100%', '/100%25'],
  ])('%s is signed as %s', (raw, expected) => expect(canonicalPath(raw)).toBe(expected));
});

describe('queries', () => {
  test.each([
    ['a+b', 'a%2Bb'],
    ['%7e%41%2d', '~A-'],
    ['%c3%a9', '%C3%A9'],
    ['100%', '100%25'],
    ['%zz', '%25zz'],
    ['a:b/c', 'a%3Ab%2Fc'],
    ['é', '%E9'],
  ])('the component %s is signed as %s', (raw, expected) => expect(canonicalComponent(raw)).toBe(expected));

  test.each([
    ['', ''],
    ['b=2&a=1', 'a=1&b=2'],
    ['a=2&a=10&a=1', 'a=1&a=10&a=2'],
    ['a', 'a='],
    ['a-b=1&a=1', 'a=1&a-b=1'],
    ['tagKeys=b%20c&tagKeys=a', 'tagKeys=a&tagKeys=b%20c'],
    ['a=b=c', 'a=b%3Dc'],
    ['X-Amz-Signature=abc&z=1', 'z=1'],
    ['A=1&a=1', 'A=1&a=1'],
  ])('%s is signed as %s', (raw, expected) => expect(canonicalQuery(parseQuery(raw))).toBe(expected));
});
