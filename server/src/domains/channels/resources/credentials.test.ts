/** The form of what channels are given: each fault is found at PUT, named, and never quoted. */
import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CertificatePair,
  newCertificate,
  newServiceJson,
  newTokenKey,
  withoutFrame,
} from '../../../../tests/support/push-credentials.ts';
import { kindOf, type Members } from './kinds.ts';
import { isFromAddress } from './settings-form.ts';

const now = new Date();
const check = (channelType: string, members: Members, context: { given?: Members; enabled?: boolean } = {}) => {
  const kind = kindOf(channelType);
  if (kind === undefined) throw new Error('no such kind');
  return kind.check(members, { given: members, enabled: true, now, ...context });
};
const show = (channelType: string, members: Members) => kindOf(channelType)?.show(members);

/** What the caller hears; secrets of the members must not be in it. */
function fault(channelType: string, members: Members): string {
  try {
    check(channelType, members);
  } catch (error) {
    const { name, message } = error as Error;
    expect(name).toBe('BadRequestException');
    for (const value of Object.values(members)) if (value.length > 12) expect(message).not.toContain(value);
    return message;
  }
  return 'no fault';
}

describe('certificates of APNs', () => {
  let valid: CertificatePair;
  let other: CertificatePair;
  let expired: CertificatePair;
  beforeAll(async () => {
    [valid, other, expired] = await Promise.all([newCertificate(), newCertificate(), newCertificate(-1)]);
  });

  it('are accepted with their key, in PEM or without its frame, and become PEM', () => {
    const inForm = check('APNS', { ...valid });
    const bare = { Certificate: withoutFrame(valid.Certificate), PrivateKey: withoutFrame(valid.PrivateKey) };
    expect(check('APNS', bare)).toEqual(inForm);
    expect(inForm['Certificate']).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
    expect(inForm['PrivateKey']).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(show('APNS', inForm)).toEqual({ DefaultAuthenticationMethod: 'certificate', HasTokenKey: false });
  });

  it('are found out of date, with the key of another, alone, and unreadable', () => {
    expect(fault('APNS', { ...expired })).toBe('Certificate has expired');
    expect(fault('APNS', { ...valid, PrivateKey: other.PrivateKey })).toBe('PrivateKey does not belong to Certificate');
    expect(fault('APNS', { Certificate: valid.Certificate })).toBe('PrivateKey must be given too');
    expect(fault('APNS', { PrivateKey: valid.PrivateKey })).toBe('Certificate must be given too');
    expect(fault('APNS', { ...valid, Certificate: 'nonsense' })).toMatch(/^Certificate must be an X.509 certificate/);
    expect(fault('APNS', { ...valid, PrivateKey: 'nonsense' })).toMatch(/^PrivateKey must be a private key/);
    const encrypted = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
    }).privateKey;
    expect(fault('APNS', { ...valid, PrivateKey: encrypted })).toMatch(/without a passphrase$/);
  });

  it('that are kept are not looked at again: a channel can be switched off after they expired', () => {
    expect(check('APNS', { ...expired }, { given: {}, enabled: false })).toMatchObject(expired);
  });

  it('and token keys: the token is the default, unless the channel says otherwise', () => {
    const both = {
      ...valid,
      TokenKey: newTokenKey(),
      TokenKeyId: 'ABCDE12345',
      TeamId: 'TEAM123456',
      BundleId: 'com.a',
    };
    expect(show('APNS', check('APNS', both))).toEqual({ DefaultAuthenticationMethod: 'key', HasTokenKey: true });
    const chosen = { ...both, DefaultAuthenticationMethod: 'Certificate' };
    expect(show('APNS', check('APNS', chosen))).toEqual({
      DefaultAuthenticationMethod: 'Certificate',
      HasTokenKey: true,
    });
  });
});

describe('token keys of APNs', () => {
  const complete = {
    TokenKey: newTokenKey(),
    TokenKeyId: 'ABCDE12345',
    TeamId: 'TEAM123456',
    BundleId: 'com.example.app',
  };

  it('are accepted in PEM or without its frame', () => {
    const inForm = check('APNS_SANDBOX', complete);
    expect(inForm['TokenKey']).toBe(complete.TokenKey);
    expect(check('APNS_SANDBOX', { ...complete, TokenKey: withoutFrame(complete.TokenKey) })).toEqual(inForm);
  });

  it.each(['TokenKey', 'TokenKeyId', 'TeamId', 'BundleId'] as const)('need %s', (missing) => {
    const { [missing]: _gone, ...rest } = complete;
    expect(fault('APNS', rest)).toBe(`${missing} must be given too`);
  });

  it.each([
    ['TokenKeyId', 'SHORT', 'TokenKeyId must have 10 letters and digits'],
    ['TeamId', 'TEAM-12345', 'TeamId must have 10 letters and digits'],
    ['BundleId', 'com.example/app', 'BundleId must have letters'],
    ['TokenKey', 'nonsense', 'TokenKey must be a private key'],
    ['DefaultAuthenticationMethod', 'PASSWORD', 'DefaultAuthenticationMethod must be one of'],
    ['DefaultAuthenticationMethod', 'CERTIFICATE', 'DefaultAuthenticationMethod needs Certificate'],
  ])('are refused with a wrong %s (%s)', (member, value, message) => {
    expect(fault('APNS', { ...complete, [member]: value })).toContain(message);
  });

  it('are on the curve P-256', () => {
    expect(fault('APNS', { ...complete, TokenKey: newTokenKey('secp384r1') })).toMatch(/EC P-256/);
    const { private_key: TokenKey } = JSON.parse(newServiceJson()) as { private_key: string };
    expect(fault('APNS', { ...complete, TokenKey })).toMatch(/EC P-256/);
  });

  it('or a certificate, one of them, while the channel is enabled', () => {
    expect(fault('APNS_VOIP', {})).toMatch(/^Certificate and PrivateKey must be given, or TokenKey/);
    expect(check('APNS_VOIP', {}, { enabled: false })).toEqual({});
    expect(fault('APNS', { DefaultAuthenticationMethod: 'key' })).toMatch(/^Certificate and PrivateKey must be given/);
  });
});

describe('credentials of FCM', () => {
  const ServiceJson = newServiceJson();
  it.each([
    [{ ServiceJson }, { DefaultAuthenticationMethod: 'TOKEN', HasFcmServiceCredentials: true }],
    [{ ApiKey: 'key' }, { Credential: 'key', DefaultAuthenticationMethod: 'KEY', HasFcmServiceCredentials: false }],
    [
      { ApiKey: 'key', ServiceJson, DefaultAuthenticationMethod: 'token' },
      { Credential: 'key', DefaultAuthenticationMethod: 'token', HasFcmServiceCredentials: true },
    ],
  ])('are accepted and shown (%#)', (members, shown) => {
    expect(show('GCM', check('GCM', members as unknown as Members))).toEqual(shown);
  });

  it.each([
    [{}, 'ServiceJson or ApiKey must be given'],
    [{ ApiKey: 'k', DefaultAuthenticationMethod: 'TOKEN' }, 'DefaultAuthenticationMethod needs ServiceJson'],
    [{ ServiceJson, DefaultAuthenticationMethod: 'KEY' }, 'DefaultAuthenticationMethod needs ApiKey'],
    [{ ServiceJson: '{' }, 'ServiceJson must be JSON'],
    [{ ServiceJson: 'null' }, 'ServiceJson must be a JSON object'],
    [{ ServiceJson: newServiceJson({ project_id: '' }) }, 'ServiceJson must have the member project_id'],
    [{ ServiceJson: newServiceJson({ client_email: 1 }) }, 'ServiceJson must have the member client_email'],
    [{ ServiceJson: newServiceJson({ private_key: undefined }) }, 'ServiceJson must have the member private_key'],
    [{ ServiceJson: newServiceJson({ private_key: 'x' }) }, 'private_key of ServiceJson must be a private key in PEM'],
    [{ ServiceJson: newServiceJson({ private_key: newTokenKey() }) }, 'private_key of ServiceJson must be an RSA key'],
  ])('are refused (%#)', (members, message) => {
    expect(fault('GCM', members as unknown as Members)).toContain(message);
  });
});

describe('sender addresses', () => {
  it.each([
    'a@example.com',
    'Shop <a@example.com>',
    '"Shop, Inc." <a+b@example.co.uk>',
    'Käse <käse@müller.example>',
    'a@localhost',
  ])('accepts %s', (text) => expect(isFromAddress(text)).toBe(true));
  it.each([
    ...['', 'example.com', 'a@', '@example.com', 'a b@example.com', 'a@b@example.com', 'a@-x.com', 'a@x..com'],
    ...['a@example.com, b@example.com', 'Group: a@example.com;b@example.com;', 'a@example.com\r\nBcc: b@example.com'],
  ])('refuses %j', (text) => expect(isFromAddress(text)).toBe(false));
});

describe('other members', () => {
  const email = { FromAddress: 'a@example.com', Identity: 'arn:aws:ses:eu-west-1:123456789012:identity/example.com' };
  it.each([
    ['EMAIL', email],
    ['EMAIL', { ...email, Identity: 'example.com', ConfigurationSet: 'set-1' }],
    ['EMAIL', { ...email, RoleArn: 'arn:aws:iam::123456789012:role/service-role/ses' }],
    ['SMS', { SenderId: 'Shop1', ShortCode: '12345' }],
    ['SMS', {}],
    ['ADM', { ClientId: 'amzn1', ClientSecret: 's' }],
    ['BAIDU', { ApiKey: 'a', SecretKey: 's' }],
    ['VOICE', {}],
  ])('of %s are accepted (%#)', (channelType, members) => {
    expect(check(channelType, members as Members)).toEqual(members);
  });

  it.each([
    ['EMAIL', { ...email, FromAddress: 'nobody' }, 'FromAddress must be'],
    ['EMAIL', { ...email, Identity: 'arn:aws:s3:::bucket' }, 'Identity must be'],
    ['EMAIL', { ...email, ConfigurationSet: 'a b' }, 'ConfigurationSet must'],
    ['EMAIL', { ...email, RoleArn: 'role' }, 'RoleArn must be'],
    ['EMAIL', { ...email, OrchestrationSendingRoleArn: 'role' }, 'OrchestrationSendingRoleArn must be'],
    ['SMS', { SenderId: '123456' }, 'SenderId must have'],
    ['SMS', { SenderId: 'ABCDEFGHIJKL' }, 'SenderId must have'],
    ['SMS', { SenderId: 'A shop' }, 'SenderId must have'],
    ['SMS', { ShortCode: '12a' }, 'ShortCode must be'],
    ['ADM', { ClientId: ' ', ClientSecret: 's' }, 'ClientId must not be empty'],
    ['BAIDU', { ApiKey: 'a' }, 'SecretKey must not be empty'],
  ])('of %s are refused (%#)', (channelType, members, message) => {
    expect(fault(channelType, members as Members)).toContain(message);
  });
});
