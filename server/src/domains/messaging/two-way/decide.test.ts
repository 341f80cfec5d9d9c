/** What is done about a message: on any number, on one with words of its own, on a self-managed and a toll-free one. */
import { describe, expect, test } from 'vitest';
import { decide, type NumberRules } from './decide.ts';
import { usualTexts } from './words.ts';

const number = '+4915112345678';
const rules: NumberRules = {
  ...{ selfManagedOptOuts: false, helpText: 'Call us', stopText: null, startText: 'Hello again' },
  keywords: [
    { keyword: 'JOIN', action: 'OPT_IN', response: 'Welcome' },
    { keyword: 'LEAVE', action: 'OPT_OUT', response: null },
    { keyword: 'HOURS', action: 'AUTOMATIC_RESPONSE', response: 'Nine to five' },
    { keyword: 'INFO', action: 'AUTOMATIC_RESPONSE', response: 'All about us' },
    { keyword: 'END', action: 'OPT_OUT', response: 'The end' },
  ],
};

describe('a number that nobody configured', () => {
  test.each(['ARRET', 'CANCEL', 'END', 'OPT-OUT', 'OPTOUT', 'QUIT', 'REMOVE', 'STOP', 'TD', 'UNSUBSCRIBE'])(
    '%s opts out',
    (word) =>
      expect(decide(number, undefined, `${word.toLowerCase()} please`)).toEqual({
        ...{ keyword: word.replace('-', ''), action: 'OPT_OUT', answer: usualTexts.stop, isPublished: false },
      }),
  );
  test.each(['Stopp!', 'abmelden', 'baja', 'détener', 'désabonner', 'ferma', 'sair', 'STOPALL'])(
    '%s opts out',
    (body) => expect(decide(number, undefined, body).action).toBe('OPT_OUT'),
  );
  test.each(['help me', 'Info', 'hilfe', 'ayuda', 'aide', 'aiuto', 'ajuda'])('%s asks for help', (body) =>
    expect(decide(number, undefined, body)).toMatchObject({ action: 'AUTOMATIC_RESPONSE', answer: usualTexts.help }),
  );
  test.each(['start', 'UNSTOP'])('%s opts in', (body) =>
    expect(decide(number, undefined, body)).toMatchObject({ action: 'OPT_IN', answer: usualTexts.start }),
  );
  test.each(['yes', 'hello', 'please stop', 'ok 👍'])('%s is no keyword', (body) =>
    expect(decide(number, undefined, body)).toEqual({
      ...{ keyword: undefined, action: 'NONE', answer: undefined, isPublished: true },
    }),
  );
});

test('texts of a number go before ours', () => {
  expect(decide(number, rules, 'help').answer).toBe('Call us');
  expect(decide(number, rules, 'stop').answer).toBe(usualTexts.stop);
  expect(decide(number, rules, 'start').answer).toBe('Hello again');
});

test("a number's own words are answered and published", () => {
  expect(decide(number, rules, 'join now')).toEqual({
    ...{ keyword: 'JOIN', action: 'OPT_IN', answer: 'Welcome', isPublished: true },
  });
  expect(decide(number, rules, 'Leave')).toMatchObject({ action: 'OPT_OUT', answer: usualTexts.stop });
  expect(decide(number, rules, 'hours?')).toMatchObject({ action: 'AUTOMATIC_RESPONSE', answer: 'Nine to five' });
  expect(decide(number, rules, 'info').answer).toBe('All about us');
  expect(decide(number, rules, 'end').answer).toBe('The end');
});

test('a self-managed number publishes everything, and does nothing else', () => {
  const selfManaged = { ...rules, selfManagedOptOuts: true };
  for (const [body, keyword] of [
    ['stop it', 'STOP'],
    ['help', 'HELP'],
    ['join', 'JOIN'],
    ['hello', undefined],
  ] as const)
    expect(decide(number, selfManaged, body)).toEqual({
      ...{ keyword, action: 'NONE', answer: undefined, isPublished: true },
    });
});

test('of a US toll-free number carriers confirm STOP and UNSTOP themselves', () => {
  expect(decide('+18335550142', undefined, 'stop')).toMatchObject({ action: 'OPT_OUT', answer: undefined });
  expect(decide('+18335550142', undefined, 'unstop')).toMatchObject({ action: 'OPT_IN', answer: undefined });
  expect(decide('+18335550142', undefined, 'cancel').answer).toBe(usualTexts.stop);
  expect(decide('+18335550142', undefined, 'help').answer).toBe(usualTexts.help);
  expect(decide('+12065550142', undefined, 'stop').answer).toBe(usualTexts.stop);
});
