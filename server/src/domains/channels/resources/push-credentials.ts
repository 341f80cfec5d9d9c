/**
 * The form of push credentials, checked when they are given: a key that cannot be read, an expired certificate and a
 * key of another certificate are found at PUT and not with the first message (dossier/messaging §8.2). Keys are brought
 * into one form, so that drivers meet PEM only.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { badRequest } from '../../../kernel/errors.ts';
import type { CheckContext, Members } from './kinds.ts';

const tokenMembers = ['TokenKey', 'TokenKeyId', 'TeamId', 'BundleId'] as const;

export function checkApns(members: Members, { given, enabled, now }: CheckContext): Members {
  const inForm = { ...members, ...readCertificatePair(members, given, now), ...readTokenMembers(members) };
  const method = readMethod(members, ['KEY', 'TOKEN', 'CERTIFICATE']);
  const derived = methodOfApns(inForm);
  if (!enabled) return inForm;
  if (derived === undefined) {
    throw badRequest(`Certificate and PrivateKey must be given, or ${tokenMembers.join(', ')}`);
  }
  if (method === 'CERTIFICATE' && !hasCertificate(inForm)) {
    throw badRequest('DefaultAuthenticationMethod needs Certificate and PrivateKey');
  }
  if ((method === 'KEY' || method === 'TOKEN') && !isTokenComplete(inForm)) {
    throw badRequest(`DefaultAuthenticationMethod needs ${tokenMembers.join(', ')}`);
  }
  return inForm;
}

/** In the words of the channel; those of a message are others. Token first. */
export function methodOfApns(members: Members): 'key' | 'certificate' | undefined {
  if (isTokenComplete(members)) return 'key';
  return hasCertificate(members) ? 'certificate' : undefined;
}

export function isTokenComplete(members: Members): boolean {
  return tokenMembers.every((name) => members[name] !== undefined);
}

function hasCertificate(members: Members): boolean {
  return members['Certificate'] !== undefined && members['PrivateKey'] !== undefined;
}

function readMethod(members: Members, allowed: readonly string[]): string | undefined {
  const method = members['DefaultAuthenticationMethod']?.toUpperCase();
  if (method !== undefined && !allowed.includes(method)) {
    throw badRequest(`DefaultAuthenticationMethod must be one of ${allowed.join(', ')}`);
  }
  return method;
}

/** One that is kept was checked when it came: a channel can be switched off after its certificate has expired. */
function readCertificatePair(members: Members, given: Members, now: Date): Members {
  if (given['Certificate'] === undefined && given['PrivateKey'] === undefined) return {};
  for (const name of ['Certificate', 'PrivateKey']) {
    if (members[name] === undefined) throw badRequest(`${name} must be given too`);
  }
  const certificate = readCertificate(members['Certificate'] ?? '');
  const key = readPrivateKey('PrivateKey', members['PrivateKey'] ?? '');
  if (certificate.validToDate <= now) throw badRequest('Certificate has expired');
  if (!certificate.checkPrivateKey(key)) throw badRequest('PrivateKey does not belong to Certificate');
  return { Certificate: certificate.toString(), PrivateKey: toPem(key) };
}

function readTokenMembers(members: Members): Members {
  const { TokenKey, TokenKeyId, TeamId, BundleId } = members;
  if (BundleId !== undefined && !/^[A-Za-z0-9.-]{1,255}$/.test(BundleId)) {
    throw badRequest('BundleId must have letters, digits, dots and dashes only');
  }
  if (TokenKey === undefined && TokenKeyId === undefined) return {};
  for (const name of tokenMembers) if (members[name] === undefined) throw badRequest(`${name} must be given too`);
  for (const [name, id] of Object.entries({ TokenKeyId, TeamId })) {
    if (!/^[A-Za-z0-9]{10}$/.test(id ?? '')) throw badRequest(`${name} must have 10 letters and digits`);
  }
  const key = readPrivateKey('TokenKey', TokenKey ?? '');
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw badRequest('TokenKey must be an EC P-256 key (.p8)');
  return { TokenKey: toPem(key) };
}

/** Key of the legacy interface, or account of the HTTP v1 interface, or both. */
export function checkGcm(members: Members): Members {
  const method = readMethod(members, ['KEY', 'TOKEN']);
  const { ApiKey, ServiceJson } = members;
  if (ApiKey === undefined && ServiceJson === undefined) throw badRequest('ServiceJson or ApiKey must be given');
  if (ServiceJson !== undefined) checkServiceJson(ServiceJson);
  if (method === 'TOKEN' && ServiceJson === undefined)
    throw badRequest('DefaultAuthenticationMethod needs ServiceJson');
  if (method === 'KEY' && ApiKey === undefined) throw badRequest('DefaultAuthenticationMethod needs ApiKey');
  return members;
}

/** `KEY` is the contract's default; where there is no key, the account is meant. */
export function methodOfGcm({ ApiKey, ServiceJson }: Members): 'KEY' | 'TOKEN' | undefined {
  if (ApiKey !== undefined) return 'KEY';
  return ServiceJson === undefined ? undefined : 'TOKEN';
}

function checkServiceJson(text: string): void {
  let account: unknown;
  try {
    account = JSON.parse(text);
  } catch {
    throw badRequest('ServiceJson must be JSON');
  }
  if (typeof account !== 'object' || account === null) throw badRequest('ServiceJson must be a JSON object');
  const members = account as Readonly<Record<string, unknown>>;
  for (const name of ['project_id', 'client_email', 'private_key']) {
    const value = members[name];
    if (typeof value !== 'string' || value === '') throw badRequest(`ServiceJson must have the member ${name}`);
  }
  const key = readPrivateKey('private_key of ServiceJson', String(members['private_key']));
  if (key.asymmetricKeyType !== 'rsa') throw badRequest('private_key of ServiceJson must be an RSA key');
}

const isPem = (text: string) => text.includes('-----BEGIN ');

/** PEM, or what stands between its first and last line: some tools cut those off. */
function readCertificate(text: string): X509Certificate {
  try {
    return new X509Certificate(isPem(text) ? text : Buffer.from(text, 'base64'));
  } catch {
    throw badRequest('Certificate must be an X.509 certificate in PEM form');
  }
}

function readPrivateKey(member: string, text: string): KeyObject {
  const attempts = isPem(text)
    ? [() => createPrivateKey(text)]
    : (['pkcs8', 'pkcs1', 'sec1'] as const).map(
        (type) => () => createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type }),
      );
  for (const attempt of attempts) {
    try {
      return attempt();
    } catch {
      // Perhaps another form.
    }
  }
  throw badRequest(`${member} must be a private key in PEM form, without a passphrase`);
}

function toPem(key: KeyObject): string {
  return String(key.export({ format: 'pem', type: 'pkcs8' }));
}
