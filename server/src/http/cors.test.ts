/** Preflights: what a browser may send, and that nothing it asks for gets into a header unlooked at. */
import { describe, expect, it } from 'vitest';
import { corsHeaders, preflightHeaders } from './cors.ts';

const allowed = (requested: string | undefined) => preflightHeaders(requested)['access-control-allow-headers'];

describe('preflightHeaders', () => {
  it('allows by name what is asked for: browsers take no * for Authorization', () => {
    expect(allowed('authorization,x-amz-date, x-amz-security-token')).toBe(
      'authorization, x-amz-date, x-amz-security-token',
    );
  });

  it.each([undefined, '', ' , ,', 'ä', 'a b', 'x\r\nset-cookie: a=b', 'x'.repeat(129), '"quoted"', 'a:b'])(
    'falls back to what every client needs for %j',
    (requested) => expect(allowed(requested)).toBe('authorization, content-type'),
  );

  it('keeps names that are valid among ones that are not', () => {
    expect(allowed('x-ok, bad name, x-fine')).toBe('x-ok, x-fine');
  });

  it('names no more than 64', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `x-${index}`);
    expect(allowed(names.join(','))?.split(', ')).toEqual(names.slice(0, 64));
  });

  it('varies with what was asked, and lets every origin call without credentials', () => {
    const headers = preflightHeaders('authorization');
    expect(headers).toMatchObject({ vary: 'Access-Control-Request-Headers', 'access-control-allow-origin': '*' });
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });
});

describe('corsHeaders', () => {
  it('let a page read why it was refused', () => {
    expect(corsHeaders['access-control-expose-headers']).toMatch(/x-amzn-ErrorType.*x-amzn-RequestId/);
  });
});
