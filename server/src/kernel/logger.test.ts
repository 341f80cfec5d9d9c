import { describe, expect, it } from 'vitest';
import { describeFault, fingerprint } from './logger.ts';

describe('describeFault', () => {
  it('keeps the text of our own errors', () => {
    expect(describeFault(new TypeError('no such thing'))).toMatchObject({
      type: 'TypeError',
      message: 'no such thing',
    });
  });

  it('leaves out what PostgreSQL says, because it quotes row values', () => {
    const fault = Object.assign(new Error('invalid input syntax for type uuid: "lea@example.com"'), {
      severity: 'ERROR',
      code: '22P02',
      detail: 'Key (address)=(lea@example.com) already exists.',
    });
    const line = JSON.stringify(describeFault(new Error('outer', { cause: fault })));
    expect(line).toContain('22P02');
    expect(line).not.toContain('lea@example.com');
  });

  it('leaves out what a parser says, because it quotes its input', () => {
    let fault: unknown;
    try {
      JSON.parse('{"address": lea@example.com}');
    } catch (error) {
      fault = error;
    }
    expect(JSON.stringify(describeFault(fault))).not.toContain('lea');
  });
});

describe('fingerprint', () => {
  it('is the same for the same key and identity only', () => {
    const key = Buffer.alloc(32, 1);
    expect(fingerprint(key, '+41791112233')).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprint(key, '+41791112233')).toBe(fingerprint(key, '+41791112233'));
    expect(fingerprint(key, '+41791112233')).not.toBe(fingerprint(Buffer.alloc(32, 2), '+41791112233'));
  });
});
