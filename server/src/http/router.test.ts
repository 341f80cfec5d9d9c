/** Which operation a raw path belongs to, and what its labels are once decoded. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operations } from '../contract/operations.ts';
import { ServiceError } from '../kernel/errors.ts';
import { createRouter, decodePercent } from './router.ts';

const router = createRouter(Object.values(operations));

function route(method: string, rawPath: string): { name: string; labels: Readonly<Record<string, string>> } {
  const { definition, labels } = router.match(method, rawPath);
  return { name: definition.name, labels };
}

function refusal(method: string, rawPath: string): string {
  try {
    return `found ${route(method, rawPath).name}`;
  } catch (error) {
    if (error instanceof ServiceError) return `${error.status} ${error.message}`;
    throw error;
  }
}

describe('labels', () => {
  it.each([
    ['plain', 'plain'],
    ['eqmj8wpxszeqy%2Fb3vch04sn41yw', 'eqmj8wpxszeqy/b3vch04sn41yw'],
    ['us-east-1%3Auuid', 'us-east-1:uuid'],
    ['us-east-1:uuid', 'us-east-1:uuid'],
    ['%F0%9F%98%80%E6%BC%A2', '😀漢'],
    ['100%25', '100%'],
    ['a%252Fb', 'a%2Fb'],
    ['a+b', 'a+b'],
    ['a%20b', 'a b'],
    ['.', '.'],
    ['..', '..'],
    ['%2E%2E', '..'],
    ['a%3Fb%23c', 'a?b#c'],
    ['__proto__', '__proto__'],
    ['toString', 'toString'],
  ])('%s is the endpoint id %s', (raw, id) => {
    expect(route('PUT', `/v1/apps/abc/endpoints/${raw}`)).toEqual({
      name: 'UpdateEndpoint',
      labels: { 'application-id': 'abc', 'endpoint-id': id },
    });
  });

  it('are taken apart before they are decoded: an encoded slash never makes a segment', () => {
    expect(route('GET', '/v1/apps/a%2Fsegments').name).toBe('GetApp');
    expect(route('GET', '/v1/apps/a/segments').name).toBe('GetSegments');
    expect(refusal('GET', '/v1%2Fapps/a')).toBe('404 Resource not found');
  });

  it('come out as they went in, for every operation', () => {
    const labelText = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\0'));
    for (const definition of Object.values(operations)) {
      const label = fc.tuple(...definition.labels.map(() => labelText));
      fc.assert(
        fc.property(label, (values) => {
          const labels = Object.fromEntries(definition.labels.map((each, index) => [each.label, values[index]]));
          const path = definition.path.replace(/\{([^}]+)\}/g, (_match, name) =>
            encodeURIComponent(labels[name] ?? ''),
          );
          const found = router.match(definition.method, path);
          expect(found.definition.name).toBe(definition.name);
          expect(found.labels).toEqual(labels);
        }),
        { numRuns: 20 },
      );
    }
  });
});

describe('the ARN of the tag operations', () => {
  const arn = 'arn:aws:mobiletargeting:us-east-1:123456789012:apps/abc/segments/def';

  it.each([encodeURIComponent(arn), arn, arn.replaceAll(':', '%3A'), arn.replaceAll('/', '%2f')])(
    'is read from %s',
    (raw) => {
      expect(route('GET', `/v1/tags/${raw}`)).toEqual({ name: 'ListTagsForResource', labels: { 'resource-arn': arn } });
      expect(route('DELETE', `/v1/tags/${raw}`).name).toBe('UntagResource');
    },
  );

  it.each(['/v1/tags', '/v1/tags/'])('is needed: %s', (path) => {
    expect(refusal('GET', path)).toBe('404 Resource not found');
  });
});

describe('refused', () => {
  it.each([
    '',
    '/',
    '//',
    '/v1',
    '/v1/',
    '/v2/apps',
    '/V1/apps',
    '/v1/apps/',
    '/v1/apps//',
    '/v1/apps//segments',
    '/v1//apps',
    '/v1/apps/abc/',
    '/v1/apps/abc/endpoints/',
    '/v1/apps/abc/endpoints/x/y',
    '/v1/apps/abc/__proto__',
    '/v1/constructor',
    'v1/apps',
    `/v1/apps${'/a'.repeat(8000)}`,
  ])('an unknown path: %s', (path) => {
    expect(refusal('GET', path)).toBe('404 Resource not found');
  });

  it.each([
    ['DELETE', '/v1/apps'],
    ['HEAD', '/v1/apps/abc'],
    ['PATCH', '/v1/apps/abc/settings'],
    ['get', '/v1/apps'],
    ['constructor', '/v1/apps'],
    ['PUT', '/v1/tags/arn'],
  ])('a known path with another verb: %s %s', (method, path) => {
    expect(refusal(method, path)).toBe(`405 ${method} is not allowed here`);
  });

  it.each(['%', '%2', '%zz', '%ff', '%c3', '%ed%a0%80'])('a label with broken percent-encoding: %s', (label) => {
    expect(refusal('GET', `/v1/apps/${label}`)).toBe('400 The path or query is not correctly percent-encoded');
    expect(() => decodePercent(label)).toThrow('not correctly percent-encoded');
  });

  it.each(['%00', 'a%00b', 'a\0b'])('a label with NUL, before anything is looked up: %j', (label) => {
    expect(refusal('GET', `/v1/apps/${label}`)).toBe(
      '400 The path or query holds a character that cannot be stored (NUL)',
    );
  });
});
