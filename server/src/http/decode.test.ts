/** From labels, query and body to a typed input, through the contract's own validators. */
import { describe, expect, it } from 'vitest';
import { type OperationName, operations } from '../contract/operations.ts';
import { ServiceError } from '../kernel/errors.ts';
import { decodeInput } from './decode.ts';

interface Parts {
  labels?: Record<string, string>;
  query?: string;
  body?: unknown;
}

function decode(name: OperationName, { labels = {}, query = '', body }: Parts): object {
  const bytes = Buffer.from(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
  return decodeInput(operations[name], labels, query, bytes);
}

function refusal(name: OperationName, parts: Parts): string {
  try {
    decode(name, parts);
    return 'accepted';
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'BadRequestException') return error.message;
    throw error;
  }
}

const endpoint = { 'application-id': 'abc', 'endpoint-id': 'x/y:😀' };
const arn = { 'resource-arn': 'arn:aws:mobiletargeting:us-east-1:123456789012:apps/abc' };

describe('a body', () => {
  it('may be smaller for some than for others', () => {
    const padded = (bytes: number) => `{"BatchItem":{}}${' '.repeat(bytes - 16)}`;
    const limit = operations.PutEvents.maximumBodyBytes as number;
    expect(limit).toBe(4 * 1024 ** 2);
    expect(decode('PutEvents', { labels: endpoint, body: padded(limit) })).toMatchObject({
      EventsRequest: { BatchItem: {} },
    });
    expect(() => decode('PutEvents', { labels: endpoint, body: padded(limit + 1) })).toThrow(
      expect.objectContaining({ code: 'PayloadTooLargeException', status: 413 }),
    );
    expect(refusal('UpdateEndpoint', { labels: endpoint, body: `{}${' '.repeat(limit)}` })).toBe('accepted');
  });
});

describe('labels and body', () => {
  it('stand under the names of the model', () => {
    expect(decode('UpdateEndpoint', { labels: endpoint, body: { Address: '+49', ChannelType: 'SMS' } })).toEqual({
      ApplicationId: 'abc',
      EndpointId: 'x/y:😀',
      EndpointRequest: { Address: '+49', ChannelType: 'SMS' },
    });
  });

  it.each(['', '{}'])('an operation without a payload takes no notice of the body %j', (body) => {
    expect(decode('GetApp', { labels: { 'application-id': 'abc' }, body })).toEqual({ ApplicationId: 'abc' });
    expect(decode('DeleteApp', { labels: { 'application-id': 'abc' }, body: 'not JSON' })).toEqual({
      ApplicationId: 'abc',
    });
  });

  it('a payload that may be missing may be missing', () => {
    expect(decode('RotateAccessKey', { labels: { 'access-key': 'AKIA' } })).toEqual({ AccessKeyId: 'AKIA' });
  });

  it('unknown members are dropped at every depth', () => {
    const body = {
      Address: 'a',
      Unknown: 1,
      Demographic: { Make: 'm', Unknown: { deep: true } },
      User: { unknown: 'x' },
    };
    expect(decode('UpdateEndpoint', { labels: endpoint, body })).toMatchObject({
      EndpointRequest: { Address: 'a', Demographic: { Make: 'm' }, User: {} },
    });
    expect(JSON.stringify(decode('UpdateEndpoint', { labels: endpoint, body }))).not.toMatch(/unknown/i);
  });

  it('nulls are absent, also where a member is required', () => {
    expect(decode('UpdateEndpoint', { labels: endpoint, body: { Address: null, User: null } })).toEqual({
      ApplicationId: 'abc',
      EndpointId: 'x/y:😀',
      EndpointRequest: {},
    });
    expect(refusal('CreateApp', { body: { Name: null } })).toBe('Name is required');
  });

  it('map keys that mean something to JavaScript are data', () => {
    const text = '{"__proto__":["a"],"constructor":["b"],"toString":["c"]}';
    const input = decode('UpdateEndpoint', { labels: endpoint, body: `{"Attributes":${text}}` });
    const { EndpointRequest } = input as { EndpointRequest: { Attributes: object } };
    expect(JSON.stringify(EndpointRequest.Attributes)).toBe(text);
    expect(Object.getPrototypeOf(EndpointRequest.Attributes)).toBeNull();
    expect(Reflect.get({}, '0')).toBeUndefined();
  });

  it('and are unknown members where a structure stands', () => {
    const body = '{"Name":"n","__proto__":{"tags":{"a":"b"}},"constructor":{"name":"x"}}';
    const { CreateApplicationRequest } = decode('CreateApp', { body }) as { CreateApplicationRequest: object };
    expect(Object.keys(CreateApplicationRequest)).toEqual(['Name']);
    expect(Reflect.get(CreateApplicationRequest, 'tags')).toBeUndefined();
  });
});

describe('bad bodies', () => {
  it.each([
    ['CreateApp', undefined, 'The request body is missing'],
    ['CreateApp', '[]', 'The request body must be a JSON object'],
    ['CreateApp', '"x"', 'The request body must be a JSON object'],
    ['CreateApp', 'null', 'The request body must be a JSON object'],
    ['CreateApp', '{', 'Unable to parse JSON body'],
    ['CreateApp', {}, 'Name is required'],
    ['CreateApp', { Name: 7 }, 'Name must be a string'],
    ['CreateApp', { Name: 'n', tags: { a: 1 } }, 'tags.a must be a string'],
    ['CreateApp', { Name: 'n', tags: [] }, 'tags must be an object'],
    [
      'UpdateEndpoint',
      { ChannelType: 'CARRIER_PIGEON' },
      'ChannelType must be one of PUSH, GCM, APNS, APNS_SANDBOX, APNS_VOIP, APNS_VOIP_SANDBOX, ADM, SMS, VOICE, EMAIL, BAIDU, CUSTOM, IN_APP',
    ],
    ['UpdateEndpoint', { Attributes: { 'a/b~c.d': ['x', 1] } }, 'Attributes.a/b~c.d[1] must be a string'],
    ['UpdateEndpoint', { Attributes: { a: 'x' } }, 'Attributes.a must be a list'],
    ['UpdateEndpoint', { Metrics: { m: '1' } }, 'Metrics.m must be a number'],
    ['UpdateApplicationSettings', { Limits: { Daily: 1.5 } }, 'Limits.Daily must be a whole number'],
    ['UpdateApplicationSettings', { Limits: { Daily: 2 ** 31 } }, 'Limits.Daily must be at most 2147483647'],
    [
      'UpdateApplicationSettings',
      { CloudWatchMetricsEnabled: 'true' },
      'CloudWatchMetricsEnabled must be true or false',
    ],
    ['CreateUser', { UserName: '' }, 'UserName must have at least 1 character'],
    ['CreateUser', { UserName: 'x'.repeat(65) }, 'UserName must have at most 64 characters'],
    [
      'CreateJourney',
      { Name: 'n', OpenHours: { EMAIL: { SOMEDAY: [] } } },
      'A key of OpenHours.EMAIL must be one of MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY',
    ],
  ] as const)('%s with %j: %s', (name, body, message) => {
    const labels = Object.fromEntries(operations[name].labels.map(({ label }) => [label, 'x']));
    expect(refusal(name, { labels, body })).toBe(message);
  });

  it('never quote a value', () => {
    expect(refusal('UpdateEndpoint', { labels: endpoint, body: { ChannelType: 'alice@example.com' } })).not.toContain(
      'alice',
    );
  });
});

describe('the query', () => {
  it('binds parameters by their names, decoded', () => {
    expect(decode('GetApps', { query: 'page-size=5&token=a%2Fb%3D+c' })).toEqual({ PageSize: '5', Token: 'a/b=+c' });
    expect(decode('GetApps', { query: 'page-size=&token' })).toEqual({ PageSize: '', Token: '' });
    expect(decode('GetApps', { query: 'p%61ge-size=5' })).toEqual({ PageSize: '5' });
  });

  it.each(['', '&', '&&x=1&', 'X-Amz-Algorithm=a&X-Amz-Date=b', '__proto__=1&constructor=2', 'Page-Size=1'])(
    'passes over what it does not know: %j',
    (query) => expect(decode('GetApps', { query })).toEqual({}),
  );

  it('makes a list of repeated parameters where the contract has one', () => {
    expect(decode('UntagResource', { labels: arn, query: 'tagKeys=a%20b&tagKeys=c&tagKeys=a%20b' })).toMatchObject({
      TagKeys: ['a b', 'c', 'a b'],
    });
    expect(decode('UntagResource', { labels: arn, query: 'tagKeys=one' })).toMatchObject({ TagKeys: ['one'] });
    expect(refusal('UntagResource', { labels: arn })).toBe('tagKeys is required');
  });

  it('refuses to guess which of two values is meant', () => {
    expect(refusal('GetApps', { query: 'page-size=5&page-size=6' })).toBe('page-size is given more than once');
  });

  it('reads booleans', () => {
    const template = { labels: { 'template-name': 'n' }, body: {} };
    expect(decode('UpdateSmsTemplate', { ...template, query: 'create-new-version=true' })).toMatchObject({
      CreateNewVersion: true,
    });
    expect(decode('UpdateSmsTemplate', { ...template, query: 'create-new-version=false' })).toMatchObject({
      CreateNewVersion: false,
    });
    for (const text of ['', '1', 'True', 'yes']) {
      expect(refusal('UpdateSmsTemplate', { ...template, query: `create-new-version=${text}` })).toBe(
        'create-new-version must be true or false',
      );
    }
  });

  it.each(['2026-11-02', '2026-11-02T10:00Z', '2026-11-02T10:00:00.123Z', '2026-11-02T10:00:00%2B02:00'])(
    'takes the timestamp %s',
    (time) => {
      const labels = { 'application-id': 'abc', 'kpi-name': 'k' };
      expect(refusal('GetApplicationDateRangeKpi', { labels, query: `start-time=${time}` })).toBe('accepted');
    },
  );

  it.each([
    ['start-time=yesterday', 'start-time must have the documented form'],
    ['start-time=%zz', 'The path or query is not correctly percent-encoded'],
    ['start-time=%00', 'The path or query holds a character that cannot be stored (NUL)'],
    ['%zz=1', 'The path or query is not correctly percent-encoded'],
  ])('refuses %s', (query, message) => {
    expect(refusal('GetApplicationDateRangeKpi', { labels: { 'application-id': 'abc', 'kpi-name': 'k' }, query })).toBe(
      message,
    );
  });
});
