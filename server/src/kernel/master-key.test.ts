import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MasterKey } from './master-key.ts';

describe('MasterKey', () => {
  const key = new MasterKey(randomBytes(32));

  it('opens what it sealed, and seals the same text differently each time', () => {
    const sealed = key.seal('access-key/AKIA1', 'sécret');
    expect(key.open('access-key/AKIA1', sealed)).toBe('sécret');
    expect(key.seal('access-key/AKIA1', 'sécret').equals(sealed)).toBe(false);
    expect(sealed.includes(Buffer.from('sécret'))).toBe(false);
  });

  it('refuses a value that was moved, changed or made under another key', () => {
    const sealed = key.seal('access-key/AKIA1', 'secret');
    expect(() => key.open('access-key/AKIA2', sealed)).toThrow();
    expect(() => new MasterKey(randomBytes(32)).open('access-key/AKIA1', sealed)).toThrow();
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] as number) ^ 1;
      expect(() => key.open('access-key/AKIA1', changed)).toThrow();
    }
  });

  it('reads hex and base64 of 32 bytes and nothing else', () => {
    const bytes = Buffer.alloc(32, 7);
    expect(MasterKey.parse(bytes.toString('hex')).fingerprint()).toBe(new MasterKey(bytes).fingerprint());
    expect(MasterKey.parse(`${bytes.toString('base64')}\n`).fingerprint()).toBe(new MasterKey(bytes).fingerprint());
    expect(() => MasterKey.parse('too short')).toThrow(/32 bytes/);
  });

  it('derives another key for every purpose', () => {
    expect(key.derive('paging').equals(key.derive('session'))).toBe(false);
    expect(key.derive('paging').equals(key.derive('paging'))).toBe(true);
  });
});
