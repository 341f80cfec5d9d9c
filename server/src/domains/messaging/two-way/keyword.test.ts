/** What the first word of a message is, and when two words are the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldKeyword, keywordIn } from './keyword.ts';
import { helpWords, optInWords, optOutWords } from './words.ts';

test.each([
  ['STOP', 'STOP'],
  ['stop', 'STOP'],
  ['  Stop all', 'STOP'],
  ['Stop.', 'STOP'],
  ['STOP,please', 'STOP'],
  ['"stop"', 'STOP'],
  ['«Stop» merci', 'STOP'],
  ['¡Baja!', 'BAJA'],
  ['\u{1f6d1} stop', 'STOP'],
  ['ＳＴＯＰ', 'STOP'],
  ['stop\u{1f64f}', 'STOP'],
  ['stop\nnow', 'STOP'],
  ['opt-out', 'OPTOUT'],
  ['Opt‑Out', 'OPTOUT'],
  ['opt out', 'OPT'],
  ['Arrêt', 'ARRET'],
  ['Arre\u0302t svp', 'ARRET'],
  ['Désabonnement', 'DESABONNEMENT'],
  ['Help me please', 'HELP'],
  ['1', '1'],
  ['grün', 'GRUN'],
  ['straße', 'STRASSE'],
  ['стой!', 'СТОЙ'],
  ['がぎ', 'がぎ'],
  ["don't stop", 'DONT'],
  ['please stop', 'PLEASE'],
])('the keyword of %j is %s', (body, keyword) => expect(keywordIn(body)).toBe(keyword));

test.each(['', '   ', '...', '👍', '-', "'"])('%j has no keyword', (body) => expect(keywordIn(body)).toBeUndefined());

test('a folded word stays as it is, and is found as the first word of a message', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.string({ unit: 'grapheme' }), (text, rest) => {
      const word = keywordIn(text);
      if (word === undefined) return;
      expect(foldKeyword(word)).toBe(word);
      expect(keywordIn(`${word} ${rest}`)).toBe(word);
    }),
    { numRuns: 2_000 },
  );
});

test('no word means two things', () => {
  const all = [...optOutWords, ...helpWords, ...optInWords];
  expect(new Set(all).size).toBe(all.length);
  expect(all.every((word) => keywordIn(word) === word)).toBe(true);
});
