import { hash } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../kernel/clock.ts';
import { ServiceError } from '../../kernel/errors.ts';
import { createSignatureVerifier, type SignedRequest, type SigningCredential } from './verifier.ts';

const now = new Date('2026-11-02T10:00:00Z');
const lasting = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const temporary = { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', secretAccessKey: 'another/secret', sessionToken: 'token+/=' };

const stored = new Map<string, SigningCredential & { name: string }>([
  [lasting.accessKeyId, { name: 'lasting', secretAccessKey: lasting.secretAccessKey, sessionTokenHash: undefined }],
  [
    temporary.accessKeyId,
    {
      name: 'temporary',
      secretAccessKey: temporary.secretAccessKey,
      sessionTokenHash: hash('sha256', temporary.sessionToken, 'buffer'),
    },
  ],
]);

const verifierAt = (date: Date | string = now) =>
  createSignatureVerifier({ findCredential: (id) => stored.get(id), clock: new ManualClock(date) });
const verifier = verifierAt();
const services = ['mobiletargeting', 'repoint'];

const signer = (options: { credentials?: typeof lasting | typeof temporary; service?: string; region?: string } = {}) =>
  new SignatureV4({
    credentials: options.credentials ?? lasting,
    region: options.region ?? 'eu-central-1',
    service: options.service ?? 'mobiletargeting',
    sha256: Sha256,
  });

interface Draft {
  method: string;
  path: string;
  query: Record<string, string | string[]>;
  headers: Record<string, string>;
  body: string;
}
const draft = (changes: Partial<Draft> = {}): Draft => ({
  method: 'PUT',
  path: '/v1/apps/abc/endpoints/x%2Fy',
  query: {},
  headers: { host: '127.0.0.1:7100', 'content-type': 'application/json' },
  body: '{"Address":"a@example.org"}',
  ...changes,
});

/** The path and query as AWS's handlers put them on the wire. */
function toWire(signed: {
  method: string;
  path: string;
  query?: Record<string, unknown>;
  headers: Record<string, string>;
  body?: unknown;
}): SignedRequest {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  const query = Object.entries(signed.query ?? {}).flatMap(([name, value]) =>
    [value].flat().map((one) => `${encode(name)}=${encode(String(one))}`),
  );
  return {
    method: signed.method,
    rawPath: Buffer.from(signed.path).toString('latin1'),
    rawQuery: query.join('&'),
    rawHeaders: Object.entries(signed.headers).flatMap(([name, value]) => [
      name,
      Buffer.from(value).toString('latin1'),
    ]),
    body: Buffer.from((signed.body as string | undefined) ?? ''),
  };
}

const signHeaders = async (request: Draft, options: Parameters<typeof signer>[0] & { at?: Date } = {}) =>
  toWire(await signer(options).sign(new HttpRequest(request), { signingDate: options.at ?? now }));
const presign = async (request: Draft, options: Parameters<typeof signer>[0] & { expiresIn?: number } = {}) =>
  toWire(
    await signer(options).presign(new HttpRequest(request), { signingDate: now, expiresIn: options.expiresIn ?? 60 }),
  );

async function codeOf(request: SignedRequest, using = verifier): Promise<string> {
  try {
    await using.verify(request, services);
    return 'accepted';
  } catch (error) {
    if (error instanceof ServiceError) return error.code;
    throw error;
  }
}

const withHeader = (request: SignedRequest, name: string, value: string | undefined): SignedRequest => {
  const kept: string[] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const [own, old] = [request.rawHeaders[index] as string, request.rawHeaders[index + 1] as string];
    if (own.toLowerCase() !== name) kept.push(own, old);
  }
  return { ...request, rawHeaders: value === undefined ? kept : [...kept, name, value] };
};
const headerOf = (request: SignedRequest, name: string) =>
  request.rawHeaders[
    request.rawHeaders.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === name) + 1
  ] as string;

describe('signed by the SDK’s signer', () => {
  test('a request with an encoded path and a body is accepted', async () => {
    const result = await verifier.verify(await signHeaders(draft()), services);
    expect(result).toMatchObject({
      region: 'eu-central-1',
      service: 'mobiletargeting',
      credential: { name: 'lasting' },
    });
  });

  test('verification is synchronous when the key is at hand, and waits when it is not', async () => {
    const request = await signHeaders(draft());
    expect(verifier.verify(request, services)).not.toBeInstanceOf(Promise);
    const slow = createSignatureVerifier({
      findCredential: async (id: string) => stored.get(id),
      clock: new ManualClock(now),
    });
    await expect(slow.verify(request, services)).resolves.toMatchObject({ region: 'eu-central-1' });
  });

  test('temporary credentials need their token, and lasting ones must not have one', async () => {
    const request = await signHeaders(draft(), { credentials: temporary });
    expect(await codeOf(request)).toBe('accepted');
    const wrong = await signHeaders(draft(), { credentials: { ...temporary, sessionToken: 'wrong' } });
    expect(await codeOf(wrong)).toBe('UnrecognizedClientException');
    const { sessionToken: _, ...without } = temporary;
    expect(await codeOf(await signHeaders(draft(), { credentials: without }))).toBe('UnrecognizedClientException');
    const extra = await signHeaders(draft(), { credentials: { ...lasting, sessionToken: 'token' } });
    expect(await codeOf(extra)).toBe('UnrecognizedClientException');
  });

  test('presigned queries are accepted until they expire, with and without a token', async () => {
    const request = await presign(draft({ body: '', method: 'GET', query: { tagKeys: ['b c', 'a'] } }));
    expect(await codeOf(request)).toBe('accepted');
    expect(await codeOf(request, verifierAt('2026-11-02T10:01:00Z'))).toBe('accepted');
    expect(await codeOf(request, verifierAt('2026-11-02T10:01:01Z'))).toBe('RequestExpired');
    expect(await codeOf(await presign(draft(), { credentials: temporary }))).toBe('accepted');
    const week = await presign(draft(), { expiresIn: 604_800 });
    expect(await codeOf(week, verifierAt('2026-11-09T10:00:00Z'))).toBe('accepted');
    const tooLong = { ...week, rawQuery: week.rawQuery.replace('=604800', '=604801') };
    expect(await codeOf(tooLong)).toBe('IncompleteSignature');
    expect(await codeOf({ ...week, rawQuery: week.rawQuery.replace('=604800', '=0') })).toBe('IncompleteSignature');
  });

  test('clocks may differ by five minutes either way', async () => {
    const minutes = (count: number) => new Date(now.getTime() + count * 60_000);
    expect(await codeOf(await signHeaders(draft(), { at: minutes(-5) }))).toBe('accepted');
    expect(await codeOf(await signHeaders(draft(), { at: minutes(5) }))).toBe('accepted');
    expect(await codeOf(await signHeaders(draft(), { at: minutes(-5.02) }))).toBe('RequestExpired');
    expect(await codeOf(await signHeaders(draft(), { at: minutes(5.02) }))).toBe('RequestExpired');
  });

  test('only the services of the path, and only well-formed Regions', async () => {
    expect(await codeOf(await signHeaders(draft(), { service: 'repoint' }))).toBe('accepted');
    expect(await codeOf(await signHeaders(draft(), { service: 's3' }))).toBe('SignatureDoesNotMatch');
    expect(await codeOf(await signHeaders(draft(), { region: 'EU_1' }))).toBe('IncompleteSignature');
    expect(await codeOf(await signHeaders(draft(), { region: 'x'.repeat(33) }))).toBe('IncompleteSignature');
  });

  test('unknown keys and wrong secrets', async () => {
    const unknown = { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: lasting.secretAccessKey };
    expect(await codeOf(await signHeaders(draft(), { credentials: unknown }))).toBe('UnrecognizedClientException');
    const wrong = { ...lasting, secretAccessKey: `${lasting.secretAccessKey}x` };
    expect(await codeOf(await signHeaders(draft(), { credentials: wrong }))).toBe('SignatureDoesNotMatch');
  });

  test('parent segments are refused even when signed: their signature is that of another path', async () => {
    expect(await codeOf(await signHeaders(draft({ path: '/v1/apps/abc/endpoints/..' })))).toBe('BadRequestException');
    expect(await codeOf(await signHeaders(draft({ path: '//v1/./apps' })))).toBe('accepted');
  });
});

describe('refused', () => {
  test('nothing, other schemes, and two signatures at once', async () => {
    const request = await signHeaders(draft());
    expect(await codeOf(withHeader(request, 'authorization', undefined))).toBe('MissingAuthenticationToken');
    expect(await codeOf(withHeader(request, 'authorization', 'Bearer abc'))).toBe('IncompleteSignature');
    const authorization = headerOf(request, 'authorization');
    const twice = { ...request, rawHeaders: [...request.rawHeaders, 'authorization', authorization] };
    expect(await codeOf(twice)).toBe('IncompleteSignature');
    const presigned = await presign(draft());
    expect(await codeOf(withHeader(presigned, 'authorization', authorization))).toBe('IncompleteSignature');
    const doubled = { ...presigned, rawQuery: `${presigned.rawQuery}&x-amz-signature=${'0'.repeat(64)}` };
    expect(await codeOf(doubled)).toBe('IncompleteSignature');
  });

  test.each([
    ['AWS4-HMAC-SHA512', (text: string) => text.replace('SHA256', 'SHA512')],
    ['no credential', (text: string) => text.replace('Credential=', 'Principal=')],
    ['no signed headers', (text: string) => text.replace(/SignedHeaders=[^,]+, /, '')],
    ['no signature', (text: string) => text.replace(/, Signature=.*/, '')],
    ['a scope that is too short', (text: string) => text.replace('/aws4_request', '')],
    ['a scope that ends otherwise', (text: string) => text.replace('aws4_request', 'aws4_testing')],
    ['unsorted signed headers', (text: string) => text.replace('content-type;host', 'host;content-type')],
    ['signed headers in capitals', (text: string) => text.replace('content-type', 'Content-Type')],
    ['the host not signed', (text: string) => text.replace(';host;', ';')],
    ['a header of x-amz- not signed', (text: string) => text.replace(';x-amz-date', '')],
    ['nothing behind the algorithm', () => 'AWS4-HMAC-SHA256'],
    ['a loose end', (text: string) => `${text}, `],
  ])('%s: IncompleteSignature', async (_name, change) => {
    const request = await signHeaders(draft());
    const changed = change(headerOf(request, 'authorization'));
    expect(changed).not.toBe(headerOf(request, 'authorization'));
    expect(await codeOf(withHeader(request, 'authorization', changed))).toBe('IncompleteSignature');
  });

  test('unsigned and streaming payloads, and hashes that are not the body’s', async () => {
    for (const name of [
      'UNSIGNED-PAYLOAD',
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    ]) {
      const request = await signHeaders(draft({ headers: { host: 'h', 'x-amz-content-sha256': name } }));
      expect(await codeOf(request), name).toBe('SignatureDoesNotMatch');
    }
    const otherBody = { ...(await signHeaders(draft())), body: Buffer.from('{}') };
    expect(await codeOf(otherBody)).toBe('SignatureDoesNotMatch');
  });

  test('a scope of another day, malformed dates, none at all', async () => {
    const request = await signHeaders(draft());
    const otherDay = headerOf(request, 'authorization').replace('/20261102/', '/20261101/');
    expect(await codeOf(withHeader(request, 'authorization', otherDay))).toBe('SignatureDoesNotMatch');
    for (const date of ['20261102', '20261302T100000Z', '2026-11-02T10:00:00Z', 'yesterday']) {
      expect(await codeOf(withHeader(request, 'x-amz-date', date)), date).toBe('IncompleteSignature');
    }
    const unsigned = headerOf(request, 'authorization').replace(';x-amz-date', '');
    const dateless = withHeader(withHeader(request, 'x-amz-date', undefined), 'authorization', unsigned);
    expect(await codeOf(dateless)).toBe('IncompleteSignature');
  });

  test('messages repeat nothing of the request and nothing of what was expected', async () => {
    const request = { ...(await signHeaders(draft())), body: Buffer.from('{}') };
    try {
      await verifier.verify(request, services);
      expect.unreachable();
    } catch (error) {
      const { message } = error as Error;
      expect(message).not.toMatch(/[0-9a-f]{16}|AKIA|endpoints|canonical/i);
    }
  });
});

describe('generated requests', () => {
  const hostile = fc.string({
    unit: fc.constantFrom(...Array.from('ab0 /:%!\'()*~.-_+&=?#@$,;[]{}|\\^`<>"é\u00a0à漢😀')),
    minLength: 1,
    maxLength: 12,
  });
  const segment = hostile.filter((text) => text !== '.' && text !== '..');
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const request = fc.record({
    path: fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.map(encode).join('/')}`),
    query: fc.dictionary(
      hostile.filter((name) => !/^x-amz-/i.test(name)),
      fc.oneof(hostile, fc.array(hostile, { minLength: 1, maxLength: 3 })),
      {
        maxKeys: 3,
        noNullPrototype: true,
      },
    ),
    header: fc.string({ unit: fc.constantFrom('a', ' ', '  ', '\t', ',', '"', 'é', 'à'), maxLength: 10 }),
    body: fc.string({ maxLength: 50 }),
  });
  const toDraft = ({
    path,
    query,
    header,
    body,
  }: {
    path: string;
    query: Draft['query'];
    header: string;
    body: string;
  }) => draft({ path, query, body, headers: { host: 'repoint.example', 'x-amz-meta': header.trim() || 'x' } });

  test('what the real signer signs is accepted, in headers and presigned', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (generated) => {
        expect(await codeOf(await signHeaders(toDraft(generated)))).toBe('accepted');
        expect(await codeOf(await presign(toDraft(generated)))).toBe('accepted');
      }),
      { numRuns: 150 },
    );
  });

  test('the order of parameters on the wire does not matter', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (generated) => {
        const signed = await signHeaders(toDraft(generated));
        const reversed = { ...signed, rawQuery: signed.rawQuery.split('&').reverse().join('&') };
        expect(await codeOf(reversed)).toBe('accepted');
      }),
      { numRuns: 50 },
    );
  });

  const flip = (text: string, position: number, bit: number) => {
    const bytes = Buffer.from(text, 'latin1');
    if (bytes.length === 0) return 'x';
    const index = position % bytes.length;
    bytes[index] = (bytes[index] as number) ^ (1 << bit);
    return bytes.toString('latin1');
  };
  /** A query is its parameters, whatever their order and spelling. */
  const meaning = (rawQuery: string) =>
    rawQuery
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
      .map((pair) =>
        pair.replace(/%[0-9a-f]{2}/gi, (escaped) => String.fromCharCode(Number.parseInt(escaped.slice(1), 16))),
      )
      .sort()
      .join('&');

  test('one altered bit anywhere is refused', async () => {
    const alteration = fc.record({
      part: fc.constantFrom('method', 'path', 'query', 'header', 'body', 'authorization' as const),
      position: fc.nat(1000),
      bit: fc.nat(6),
    });
    await fc.assert(
      fc.asyncProperty(request, alteration, async (generated, { part, position, bit }) => {
        const signed = await signHeaders(toDraft(generated));
        const altered = {
          method: () => ({ ...signed, method: flip(signed.method, position, bit) }),
          path: () => ({ ...signed, rawPath: `/${flip(signed.rawPath.slice(1), position, bit)}` }),
          query: () => ({ ...signed, rawQuery: flip(signed.rawQuery, position, bit) }),
          header: () => withHeader(signed, 'x-amz-meta', flip(headerOf(signed, 'x-amz-meta'), position, bit)),
          body: () => ({ ...signed, body: Buffer.from(flip(signed.body.toString('latin1'), position, bit), 'latin1') }),
          authorization: () =>
            withHeader(signed, 'authorization', flip(headerOf(signed, 'authorization'), position, bit)),
        }[part]();
        // Slashes and dots that normalise away, spaces that collapse, and another spelling of a parameter say the same.
        fc.pre(part !== 'path' || !/\/\/|\/\.{1,2}(\/|$)/.test(altered.rawPath));
        fc.pre(part !== 'query' || meaning(altered.rawQuery) !== meaning(signed.rawQuery));
        fc.pre(
          part !== 'header' || collapse(headerOf(altered, 'x-amz-meta')) !== collapse(headerOf(signed, 'x-amz-meta')),
        );
        fc.pre(
          part !== 'authorization' ||
            !/[ \t]/.test(difference(headerOf(signed, 'authorization'), headerOf(altered, 'authorization'))),
        );
        expect(await codeOf(altered)).not.toBe('accepted');
      }),
      { numRuns: 400 },
    );
  });
  const collapse = (text: string) => text.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '');
  const difference = (a: string, b: string) =>
    Array.from(a, (c, index) => (b[index] === c ? '' : `${c}${b[index]}`)).join('');
});

describe('AWS’s published test suite', () => {
  const credential: SigningCredential = {
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    sessionTokenHash: undefined,
  };
  const suite = createSignatureVerifier({
    findCredential: (id) => (id === 'AKIDEXAMPLE' ? credential : undefined),
    clock: new ManualClock('2015-08-30T12:36:00Z'),
  });
  const verifyCase = (method: string, target: string, headers: string[], signature: string, body = '') => {
    const own = ['Host', 'example.amazonaws.com', ...headers, 'X-Amz-Date', '20150830T123600Z'];
    const names = [...new Set(own.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase()))].sort();
    const [rawPath = '', rawQuery = ''] = target.split('?');
    return suite.verify(
      {
        method,
        rawPath: Buffer.from(rawPath).toString('latin1'),
        rawQuery: Buffer.from(rawQuery).toString('latin1'),
        rawHeaders: [
          ...own,
          'Authorization',
          `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${names.join(';')}, Signature=${signature}`,
        ],
        body: Buffer.from(body),
      },
      ['service'],
    );
  };

  test.each([
    ['get-vanilla', 'GET', '/', [], '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['get-slashes', 'GET', '//', [], '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['get-slash-dot-slash', 'GET', '/./', [], '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['get-utf8', 'GET', '/ሴ', [], '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85'],
    ['get-space', 'GET', '/example space/', [], '652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741'],
    [
      'get-vanilla-empty-query-key',
      'GET',
      '/?Param1=value1',
      [],
      'a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb',
    ],
    [
      'get-vanilla-query-order-key-case',
      'GET',
      '/?Param2=value2&Param1=value1',
      [],
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    [
      'get-vanilla-utf8-query',
      'GET',
      '/?ሴ=bar',
      [],
      '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04',
    ],
    [
      'get-header-key-duplicate',
      'GET',
      '/',
      ['My-Header1', 'value2', 'My-Header1', 'value2', 'My-Header1', 'value1'],
      'c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea',
    ],
    [
      'get-header-value-trim',
      'GET',
      '/',
      ['My-Header1', ' value1', 'My-Header2', ' "a   b   c"'],
      'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
    ],
    ['post-vanilla', 'POST', '/', [], '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    [
      'post-x-www-form-urlencoded',
      'POST',
      '/',
      ['Content-Type', 'application/x-www-form-urlencoded'],
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
      'Param1=value1',
    ],
  ] as [string, string, string, string[], string, string?][])(
    '%s',
    (_name, method, target, headers, signature, body) => {
      expect(verifyCase(method, target, headers, signature, body)).toMatchObject({ region: 'us-east-1' });
    },
  );

  test('get-relative carries a genuine signature, and is refused for its parent segment alone', () => {
    const signature = '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31';
    expect(() => verifyCase('GET', '/example/..', [], signature)).toThrow('must not contain ..');
  });
});
