/** What counts as an answer of a transformer: the rules of dossier/messaging §15, without a server. */
import { describe, expect, it } from 'vitest';
import { readItems } from './provider.ts';
import { readReply } from './transformer.ts';

const attributes = { title: 'Title', price: 'Price' };
const good = { Recommendations: { title: ['A', 'B'], price: '3' } };
const read = (reply: unknown, ids: string[] = ['e1']) => Object.fromEntries(readReply(reply, ids, attributes));

describe('a reply', () => {
  const expected = { e1: { title: ['A', 'B'], price: ['3'] } };

  it('is the map of endpoints itself, or has it under Endpoints', () => {
    expect(read({ e1: good })).toEqual(expected);
    expect(read({ Endpoints: { e1: good }, ApplicationId: 'x' })).toEqual(expected);
  });

  it('may be about an endpoint that is called Endpoints', () => {
    expect(read({ Endpoints: good, e1: good }, ['Endpoints', 'e1'])).toEqual({ ...expected, Endpoints: expected.e1 });
  });

  it('may have the object anywhere in the endpoint', () => {
    expect(read({ e1: { ChannelType: 'EMAIL', User: { UserId: 'u', UserAttributes: good } } })).toEqual(expected);
    expect(read({ e1: [{ deep: [good] }] })).toEqual(expected);
  });

  it('says nothing of endpoints that were not asked for, and changes nothing else of those that were', () => {
    expect(read({ e1: { ...good, Address: 'other@example.com' }, e2: good })).toEqual(expected);
  });

  it('is not fooled by a list of that name among the attributes of the endpoint', () => {
    expect(read({ e1: { Attributes: { Recommendations: ['x'] }, ...good } })).toEqual(expected);
  });

  it.each([
    ['no object', 'x'],
    ['no JSON', undefined],
    ['a list', [good]],
    ['Endpoints that is no map', { Endpoints: 'x' }],
    ['an endpoint left out', { e2: good }],
    ['an endpoint without it', { e1: { Address: 'x' } }],
    ['two of them', { e1: { ...good, User: good } }],
    ['an empty one', { e1: { Recommendations: {} } }],
    ['an attribute that the configuration does not know', { e1: { Recommendations: { title: 'A', other: 'x' } } }],
    ['a name of every object', { e1: { Recommendations: { toString: 'x' } } }],
    ['a value that is no text', { e1: { Recommendations: { title: 3 } } }],
    ['a list of what is no text', { e1: { Recommendations: { title: ['A', null] } } }],
    ['a prototype', JSON.parse('{"e1":{"Recommendations":{"__proto__":"x"}}}')],
  ])('with %s leaves the endpoint without recommendations', (_what, reply) => expect(read(reply)).toEqual({}));

  it('with eleven attributes breaks the rule, with ten it does not', () => {
    const names = Array.from({ length: 11 }, (_, index) => `a${index}`);
    const known = Object.fromEntries(names.map((name) => [name, name]));
    const reply = (count: number) => ({
      e1: { Recommendations: Object.fromEntries(names.slice(0, count).map((name) => [name, 'x'])) },
    });
    expect(readReply(reply(10), ['e1'], known).size).toBe(1);
    expect(readReply(reply(11), ['e1'], known).size).toBe(0);
  });

  it('of one endpoint does not spoil that of another', () => {
    expect(read({ e1: good, e2: { Recommendations: { other: 'x' } } }, ['e1', 'e2'])).toEqual(expected);
  });
});

describe('items of a provider', () => {
  it('are the first that were asked for, of at most 100 characters', () => {
    const text = JSON.stringify({ itemList: ['a', 'b', 'x'.repeat(100)].map((itemId) => ({ itemId, score: 1 })) });
    expect(readItems(text, 3)).toEqual(['a', 'b', 'x'.repeat(100)]);
    expect(readItems(text, 2)).toEqual(['a', 'b']);
    expect(readItems('{"itemList":[]}', 5)).toEqual([]);
  });

  it.each([
    ['x'],
    ['null'],
    ['[]'],
    ['{}'],
    ['{"itemList":{}}'],
    ['{"itemList":["a"]}'],
    ['{"itemList":[null]}'],
    ['{"itemList":[{"itemId":1}]}'],
    ['{"itemList":[{"itemId":""}]}'],
    [JSON.stringify({ itemList: [{ itemId: 'x'.repeat(101) }] })],
  ])('%.40s has none', (text) => expect(readItems(text, 5)).toBeUndefined());
});
