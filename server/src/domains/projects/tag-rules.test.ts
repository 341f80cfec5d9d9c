import { describe, expect, it } from 'vitest';
import { checkTags, mergeTags, removeTags } from './tag-rules.ts';

const tagsOf = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'v']));

describe('tag rules (dossier/audience §7.1)', () => {
  it('accepts what AWS accepts', () => {
    expect(() => checkTags({ 'Équipe_.:/=+- 1': '', ' ': 'x'.repeat(256), ['k'.repeat(128)]: 'v' })).not.toThrow();
    expect(() => checkTags(tagsOf(50))).not.toThrow();
  });

  it.each([
    ['an empty key', { '': 'x' }],
    ['a key of 129 characters', { ['k'.repeat(129)]: 'x' }],
    ['a value of 257 characters', { k: 'x'.repeat(257) }],
    ['a reserved key', { 'aws:x': '1' }],
    ['a reserved key in capitals', { 'AWS:x': '1' }],
    ['a reserved value', { x: 'aws:1' }],
    ['a forbidden character', { 'a#b': '1' }],
    ['51 tags', tagsOf(51)],
  ])('refuses %s', (_name, tags) => {
    expect(() => checkTags(tags as Record<string, string>)).toThrow();
  });

  it('merges new keys, overwrites known ones, and counts the result', () => {
    expect({ ...mergeTags({ a: '1', b: '2' }, { b: '3', c: '4' }) }).toEqual({ a: '1', b: '3', c: '4' });
    expect(() => mergeTags(tagsOf(50), { one: 'more' })).toThrow(/50/);
    expect(() => mergeTags(tagsOf(50), { key1: 'again' })).not.toThrow();
  });

  it('treats __proto__ as a key like any other', () => {
    const merged = mergeTags({}, JSON.parse('{"__proto__":"x","constructor":"y"}'));
    expect(JSON.stringify(merged)).toBe('{"__proto__":"x","constructor":"y"}');
    expect(JSON.stringify(removeTags(merged, ['constructor']))).toBe('{"__proto__":"x"}');
  });

  it('removes keys, silently when they are not there, never reserved ones', () => {
    expect(removeTags({ a: '1', b: '2' }, ['b', 'zzz'])).toEqual({ a: '1' });
    expect(() => removeTags({}, ['aws:createdBy'])).toThrow(/aws:/);
  });
});
