/** What calls say, as sources: forms that are refused, and in what time. */
import { expect, test } from 'vitest';
import { directSources } from './direct-sources.ts';

const none = { EMAIL: undefined, PUSH: undefined, SMS: undefined, VOICE: undefined };
const rawEmail = (data: string) =>
  // The wire has text where the SDK's types have bytes.
  directSources({ EmailMessage: { RawEmail: { Data: data as unknown as Uint8Array } } } as never, none).email?.raw;

test('a whole mail is read from base64, however its lines are broken', () => {
  const mime = 'Subject: x\r\n\r\nHello';
  const data = Buffer.from(mime).toString('base64');
  expect(rawEmail(`${data.slice(0, 10)}\r\n ${data.slice(10)}\n`)?.toString()).toBe(mime);
  for (const wrong of ['äöü', 'AAAA=AAA', 'AAA===', '{}']) {
    expect(() => rawEmail(wrong)).toThrow(expect.objectContaining({ code: 'BadRequestException' }));
  }
});

test('megabytes of white space take no time', () => {
  const begun = performance.now();
  expect(() => rawEmail(`${' '.repeat(1_000_000)}!`)).toThrow(expect.objectContaining({ code: 'BadRequestException' }));
  expect(performance.now() - begun).toBeLessThan(2_000);
});
