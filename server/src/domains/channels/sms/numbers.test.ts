/** Phone numbers, their countries, sender ids. */
import { describe, expect, it } from 'vitest';
import { countryOfNumber, isSenderId, isShortCode, toE164 } from './numbers.ts';

describe('numbers', () => {
  it.each([
    ['+12065550142', '+12065550142', 'US'],
    ['12065550142', '+12065550142', 'US'],
    ['+1 (206) 555-0142', '+12065550142', 'US'],
    [' +49 151 12345678 ', '+4915112345678', 'DE'],
    ['+14255550182', '+14255550182', 'US'],
    ['+16135550123', '+16135550123', 'CA'],
    ['+447400123456', '+447400123456', 'GB'],
    ['+919876543210', '+919876543210', 'IN'],
    ['+14254147755', '+14254147755', 'US'],
  ])('%s', (given, number, country) => {
    expect(toE164(given)).toBe(number);
    expect(countryOfNumber(given)).toBe(country);
  });
  it('some belong to no country', () => {
    expect(toE164('+881612345678')).toBe('+881612345678');
    expect(countryOfNumber('+881612345678')).toBeUndefined();
  });
  it.each([
    '',
    '+',
    'abc',
    '+1206',
    '+999123456789',
    '+1206555014299999',
    'sip:a@b',
    '+12065550142 ext. 5',
    '2065550142',
  ])('%j is none', (given) => expect(toE164(given)).toBeUndefined());
});

it.each(['a', 'REPOINT', '1A', 'ABCDEFGHIJK'])('%s is a sender id', (text) => expect(isSenderId(text)).toBe(true));
it.each(['', '123', 'with space', 'ABCDEFGHIJKL', 'Ä', 'A-B'])('%j is none', (text) =>
  expect(isSenderId(text)).toBe(false),
);
it('short codes', () => {
  expect(['123', '72345', '12345678'].every(isShortCode)).toBe(true);
  expect(['12', '123456789', '+72345', 'a23'].some(isShortCode)).toBe(false);
});
