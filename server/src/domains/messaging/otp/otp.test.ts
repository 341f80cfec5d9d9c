/** Limits and defaults of SendOTPMessage, and its texts. */
import { describe, expect, test } from 'vitest';
import { readOtpRequest } from './request.ts';
import { otpLanguages } from './texts.ts';

const good = {
  Channel: 'SMS',
  BrandName: 'Shop',
  DestinationIdentity: '+12065550142',
  OriginationIdentity: '+12065550199',
  ReferenceId: 'ref-1',
};

describe('a request', () => {
  test('gets the documented defaults', () => {
    expect(readOtpRequest(good)).toMatchObject({ codeLength: 6, validMinutes: 15, attempts: 3, language: 'en-US' });
  });
  test.each([
    ['Channel', 'EMAIL'],
    ['BrandName', 'x'.repeat(21)],
    ['BrandName', ''],
    ['DestinationIdentity', '2065550142'],
    ['OriginationIdentity', ''],
    ['ReferenceId', 'x'.repeat(49)],
    ['ReferenceId', ''],
    ['CodeLength', 4],
    ['CodeLength', 9],
    ['CodeLength', 5.5],
    ['ValidityPeriod', 4],
    ['ValidityPeriod', 61],
    ['AllowedAttempts', 0],
    ['AllowedAttempts', 6],
    ['Language', 'xx'],
    ['Language', 'constructor'],
  ])('with %s %j is refused', (member, value) => {
    expect(() => readOtpRequest({ ...good, [member]: value })).toThrow(
      expect.objectContaining({ code: 'BadRequestException', message: expect.stringContaining(member) }),
    );
  });
});

test.each(Object.entries(otpLanguages))('%s names code and brand', (_language, text) => {
  expect(text('012345', 'Shop')).toContain('012345');
  expect(text('012345', 'Shop')).toContain('Shop');
});
