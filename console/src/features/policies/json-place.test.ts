/** Where faults of a document stand: as the server names them by path, and where it is no JSON at all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault, findPlace, lineOf, splitMessage } from './json-place.ts';

const text = `{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": "mobiletargeting:*", "Resource": "*" },
    { "Effect": "Maybe", "Action": ["a:b", 7], "Resource": "*",
      "Condition": { "StringEquals": { "aws:ResourceTag/a.b": "x" } } }
  ]
}`;
const at = (path: string) => {
  const { from, to } = findPlace(text, path);
  return text.slice(from, to);
};

describe('a path', () => {
  it.each([
    ['$.Version', '"2012-10-17"'],
    ['$.Statement[1].Effect', '"Maybe"'],
    ['$.Statement[1].Action[1]', '7'],
    // The server counts a single value as a list of one.
    ['$.Statement[0].Action[0]', '"mobiletargeting:*"'],
    ['$.Statement[1].Condition.StringEquals.aws:ResourceTag/a.b', '"x"'],
    ['$.Statement[0].Principal', '{ "Effect": "Allow", "Action": "mobiletargeting:*", "Resource": "*" }'],
  ])('%s', (path, found) => expect(at(path)).toBe(found));

  it('of what is missing is the object it should stand in', () => {
    expect(at('$.Statements[3].Effect')).toBe(text);
    expect(findPlace('[', '$.x')).toMatchObject({ from: 1 });
  });
});

describe('what is no JSON', () => {
  it.each([
    ['{"a": 1,}', 8, 'Here a name in quotes is expected.'],
    ['{"a" 1}', 5, 'Here a colon is expected.'],
    ['{"a": 1 "b": 2}', 8, 'Here a comma or } is expected.'],
    ['[1 2]', 3, 'Here a comma or ] is expected.'],
    ['{"a": "x\n"}', 6, 'This text does not end in its line.'],
    ['{"a": nul}', 6, 'Here a value: { [ " a number, true, false or null is expected.'],
    ['{"a": 1', 7, 'The text ends where a comma or } is expected.'],
    ['{} {}', 3, 'Nothing may stand behind the end.'],
    ['["\\x"]', 1, 'This text has a sign in it that must be written otherwise, such as \\n for a new line.'],
    ['['.repeat(200), 101, 'This is nested too deep.'],
  ])('%s', (broken, from, says) => expect(findJsonFault(broken)).toMatchObject({ from, says }));

  it('is what JavaScript does not read either', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 5 }), (json) => findJsonFault(json) === undefined));
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), fc.nat(), (json, cut) => {
        const broken = json.slice(0, cut % (json.length + 1));
        let reads = true;
        try {
          JSON.parse(broken);
        } catch {
          reads = false;
        }
        return (findJsonFault(broken) === undefined) === reads;
      }),
    );
  });
});

it('a message of the server is split at the end of its path', () => {
  expect(splitMessage('$.Statement[1].Effect: must be Allow or Deny')).toEqual({
    ...{ path: '$.Statement[1].Effect', says: 'must be Allow or Deny' },
  });
  const path = '$.Statement[0].Condition.StringEquals.aws:Foo/bar';
  expect(splitMessage(`${path}: the condition key is not supported`)?.path).toBe(path);
  expect(splitMessage('There is a policy of this name')).toBeUndefined();
  expect(lineOf(text, findPlace(text, '$.Statement[1].Effect').from)).toBe(5);
});
