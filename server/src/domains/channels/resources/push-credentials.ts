/**
 * The form of push credentials, checked when they are given: a key that cannot be read, an expired certificate and a
 * key of another certificate are found at PUT and not with the first message (dossier/messaging §8.2). Keys are brought
 * into one form, so that drivers meet PEM only.
 */
import { badRequest } from '../../../kernel/errors.ts';
import { readClientCertificate, readP256Key, toPem } from '../pem.ts';
import { checkServiceAccount } from '../service-account.ts';
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
  const { Certificate, PrivateKey } = members;
  if (Certificate === undefined) throw badRequest('Certificate must be given too');
  if (PrivateKey === undefined) throw badRequest('PrivateKey must be given too');
  const { notAfter, ...pair } = readClientCertificate({ Certificate, PrivateKey });
  if (notAfter <= now) throw badRequest('Certificate has expired');
  return { ...pair };
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
  return { TokenKey: toPem(readP256Key('TokenKey', TokenKey ?? '')) };
}

/** Key of the legacy interface, or account of the HTTP v1 interface, or both. */
export function checkGcm(members: Members): Members {
  const method = readMethod(members, ['KEY', 'TOKEN']);
  const { ApiKey, ServiceJson } = members;
  if (ApiKey === undefined && ServiceJson === undefined) throw badRequest('ServiceJson or ApiKey must be given');
  if (ServiceJson !== undefined) checkServiceAccount(ServiceJson);
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
