/** Rules for names, sizes, defaults and headers, without a server. */
import { describe, expect, it } from 'vitest';
import { checkEmailHeaders } from './email-headers.ts';
import { checkContent, checkTemplateName, readDefaults } from './rules.ts';

const bad = (message: RegExp | string = '') =>
  expect.objectContaining({ code: 'BadRequestException', message: expect.stringMatching(message) });
const refusalOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('names', () => {
  it.each(['a', 'Z9', '0-_', 'x'.repeat(128)])('%s may be one', (name) =>
    expect(refusalOf(() => checkTemplateName(name))).toBeUndefined(),
  );
  it.each(['', '_x', '-x', 'x y', 'ä', 'a.b', 'a/b', 'a\n', 'x'.repeat(129)])('%j may not', (name) =>
    expect(refusalOf(() => checkTemplateName(name))).toEqual(bad('TemplateName')),
  );
});

describe('default substitutions', () => {
  it.each(['', 'x', '"text"', '1', 'null', '[]', '{"a":', '{"a":1}}', '['.repeat(100_000)])(
    '%.20s is refused',
    (text) =>
      expect(refusalOf(() => readDefaults({ DefaultSubstitutions: text }))).toEqual(
        bad('^DefaultSubstitutions must be'),
      ),
  );

  it('are values by variable; lists and objects may stand there too', () => {
    const defaults = { 'User.UserAttributes.FirstName': 'friend', points: 3, list: ['a'], Location: { City: 'Ulm' } };
    expect(readDefaults({ DefaultSubstitutions: JSON.stringify(defaults) })).toEqual(defaults);
    expect(readDefaults({})).toEqual({});
  });

  it('cannot reach prototypes', () => {
    const defaults = readDefaults({ DefaultSubstitutions: '{"__proto__":{"x":"1"},"a":{"__proto__":"2"}}' });
    expect([Object.getPrototypeOf(defaults), Object.keys(defaults)]).toEqual([null, ['__proto__', 'a']]);
    expect(Object.getPrototypeOf(defaults['a'])).toBeNull();
    expect(defaults['toString']).toBeUndefined();
  });
});

describe('sizes', () => {
  const x = (length: number) => 'x'.repeat(length);
  it.each([
    ['SMS', { Body: x(1_600) }, { Body: x(1_601) }, 'Body'],
    ['VOICE', { Body: x(10_000) }, { Body: x(10_001) }, 'Body'],
    [
      'EMAIL',
      { HtmlPart: x(300_000), TextPart: x(299_999), Subject: 'x' },
      { HtmlPart: x(300_000), TextPart: x(300_000), Headers: [{ Name: 'N', Value: '' }] },
      'HtmlPart',
    ],
    [
      'PUSH',
      { Default: { Title: x(2_000), Body: x(2_000) } },
      { Default: { Title: x(2_001), Body: x(2_000) } },
      'Default',
    ],
    ['PUSH', { ADM: { RawContent: x(6_000) } }, { ADM: { RawContent: x(6_001) } }, 'ADM'],
    ['PUSH', { APNS: { RawContent: x(4_000) } }, { APNS: { RawContent: x(4_001) } }, 'APNS'],
    ['PUSH', { Baidu: { Body: x(4_000) } }, { Baidu: { Body: x(4_001) } }, 'Baidu'],
    ['PUSH', { GCM: { Body: x(4_000) } }, { GCM: { Body: x(4_001) } }, 'GCM'],
    [
      'INAPP',
      { CustomConfig: { [x(100_000)]: x(100_000) } },
      { CustomConfig: { [x(100_001)]: x(100_000) } },
      'CustomConfig',
    ],
  ] as const)(
    'of %s: one character more than allowed is refused, and the part is named',
    (type, fits, tooLarge, part) => {
      expect(refusalOf(() => checkContent(type, fits))).toBeUndefined();
      expect(refusalOf(() => checkContent(type, tooLarge))).toEqual(bad(`${part}.* must have at most`));
    },
  );

  it.each(['EMAIL', 'SMS', 'INAPP'] as const)('of a description in %s: 500 characters', (type) => {
    expect(refusalOf(() => checkContent(type, { TemplateDescription: x(500) }))).toBeUndefined();
    expect(refusalOf(() => checkContent(type, { TemplateDescription: x(501) }))).toEqual(bad('^TemplateDescription'));
  });
});

describe('headers of e-mails', () => {
  const check = (...headers: { Name?: string; Value?: string }[]) =>
    refusalOf(() => checkEmailHeaders(headers, 'Headers'));

  it('may be fifteen, with names of 126 and values of 870 characters', () => {
    const header = { Name: 'X'.repeat(126), Value: 'v'.repeat(870) };
    expect(check(...Array.from({ length: 15 }, () => header))).toBeUndefined();
    expect(check(...Array.from({ length: 16 }, () => header))).toEqual(bad('^Headers may have'));
  });

  it('may carry what mail clients ask for, and variables however long', () => {
    expect(
      check(
        { Name: 'List-Unsubscribe', Value: '<https://example.com/u?id={{Id}}>' },
        { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
        { Name: 'X-Long', Value: `{{Attributes.a}}${'v'.repeat(900)}` },
        { Name: 'X-Empty', Value: '' },
      ),
    ).toBeUndefined();
  });

  it.each([
    [{ Value: 'v' }, 'Headers\\[0\\]\\.Name is missing'],
    [{ Name: '', Value: 'v' }, 'Name is missing'],
    [{ Name: 'X-A' }, 'Value is missing'],
    [{ Name: 'X'.repeat(127), Value: 'v' }, 'Name must have at most'],
    [{ Name: 'X-A', Value: 'v'.repeat(871) }, 'Value must have at most'],
    [{ Name: 'X-A', Value: 'a\r\nBcc: b@example.com' }, 'line breaks'],
    [{ Name: 'X-A', Value: 'a\nb' }, 'line breaks'],
    [{ Name: 'X-A\r\nBcc', Value: 'v' }, 'cannot have'],
    [{ Name: 'X:A', Value: 'v' }, 'cannot have'],
    [{ Name: 'X A', Value: 'v' }, 'cannot have'],
    [{ Name: 'Ä', Value: 'v' }, 'cannot have'],
  ])('%j is refused: %s', (header, message) => expect(check(header)).toEqual(bad(message)));

  it.each([
    'From',
    'to',
    'SUBJECT',
    'Date',
    'Message-ID',
    'MIME-Version',
    'Content-Type',
    'DKIM-Signature',
    'return-path',
  ])('%s is not the caller to set', (Name) =>
    expect(check({ Name, Value: 'v' })).toEqual(bad('every message has already')),
  );
});
