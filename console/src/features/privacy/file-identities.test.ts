/** Names of people as erasures in files take them. */
import { describe, expect, it } from 'vitest';
import { faultInFiles, toFileIdentity } from './file-identities.ts';

describe('an identity in files', () => {
  it.each([
    [{ Type: 'EMAIL', Value: 'ana@example.com' }, 'ADDRESS'],
    [{ Type: 'PHONE', Value: '+351912345678' }, 'ADDRESS'],
    [{ Type: 'DEVICE_TOKEN', Value: 'a'.repeat(64), Format: 'SHA256' }, 'ADDRESS_SHA256'],
    [{ Type: 'ENDPOINT_ID', Value: 'e' }, 'ENDPOINT_ID'],
    [{ Type: 'USER_ID', Value: 'u' }, 'USER_ID'],
  ] as const)('%j is of type %s', (identity, Type) => {
    expect(toFileIdentity(identity)).toEqual({ Type, Value: identity.Value });
  });

  it('that is no address is looked for as it is, never by a hash', () => {
    const hashed = { Value: 'a'.repeat(64), Format: 'SHA256' } as const;
    expect(faultInFiles([{ Type: 'USER_ID', ...hashed }])).toMatch(/only addresses/);
    expect(
      faultInFiles([
        { Type: 'EMAIL', ...hashed },
        { Type: 'USER_ID', Value: 'u' },
      ]),
    ).toBeUndefined();
  });
});
