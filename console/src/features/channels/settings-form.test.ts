/** Settings to form and back: types come back as the API wants them, what is empty stays out. */
import { describe, expect, it } from 'vitest';
import { faultOf, type SettingField, toSettings, toTexts } from './settings-form.ts';

const fields: readonly SettingField[] = [
  { name: 'Host', label: 'Host', required: true },
  { name: 'Port', label: 'Port', kind: 'number' },
  { name: 'Tls', label: 'TLS', kind: 'flag' },
  { name: 'Headers', label: 'Headers', kind: 'json' },
  { name: 'Dkim.Domain', label: 'DKIM domain' },
  { name: 'Dkim.Selector', label: 'DKIM selector' },
  { name: 'Password', label: 'Password', secret: true },
];

describe('settings in a form', () => {
  it('come back with their types', () => {
    const settings = { Host: 'h', Port: 25, Tls: false, Headers: { a: 'b' }, Dkim: { Domain: 'd', Selector: 's' } };
    expect(toSettings(toTexts(settings, fields), fields)).toEqual(settings);
  });

  it('that are empty stay out', () => {
    expect(toSettings({ Host: 'h', Port: ' ', Password: '' }, fields)).toEqual({ Host: 'h' });
  });

  it.each([
    [{}, 'Host is missing.'],
    [{ Host: 'h', Port: 'x' }, 'Port is no number.'],
    [{ Host: 'h', Headers: '[]' }, 'Headers is no JSON object.'],
    [{ Host: 'h', Headers: '{' }, 'Headers is no JSON object.'],
    [{ Host: 'h' }, undefined],
  ])('say what is wrong: %o', (texts, fault) => {
    expect(faultOf(texts as Record<string, string>, fields)).toBe(fault);
  });
});
