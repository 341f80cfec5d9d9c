/** Reading the settings of push providers: form only; faults name the member and never quote its value. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { badRequest } from '../../../kernel/errors.ts';

export type Given = Readonly<Record<string, unknown>>;

/** An empty text counts as left out: consoles and Terraform send those. */
export function optionalText(given: Given, member: string): string | undefined {
  const value = given[member] ?? '';
  if (typeof value !== 'string') throw badRequest(`${member} must be a string.`);
  return value.trim() === '' ? undefined : value.trim();
}

export function requiredText(given: Given, member: string): string {
  const value = optionalText(given, member);
  if (value === undefined) throw badRequest(`${member} is required.`);
  return value;
}

/** The origin and path that take the place of the provider's own, without a slash at the end. */
export function optionalUrl(given: Given, member: string): string | undefined {
  const value = optionalText(given, member);
  if (value === undefined) return undefined;
  const url = URL.parse(value);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.search !== '') {
    throw badRequest(`${member} must be an http or https URL without user and query.`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

export function optionalBoolean(given: Given, member: string): boolean {
  const value = given[member] ?? false;
  if (typeof value !== 'boolean') throw badRequest(`${member} must be true or false.`);
  return value;
}

/** PEM as pasted: with its line breaks, with `\n` for them, or the bare base64. */
export function optionalPem(given: Given, member: string, label: string): string | undefined {
  const value = optionalText(given, member)?.replaceAll('\\n', '\n');
  if (value === undefined || value.includes('-----BEGIN')) return value;
  const lines = value.replaceAll(/\s/g, '').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** @throws BadRequestException when it is none, or one with a password */
export function readPrivateKey(pem: string, member: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw badRequest(`${member} must be a private key in PEM form, without a password.`);
  }
}

export function readCertificate(pem: string, member: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw badRequest(`${member} must be a certificate in PEM form.`);
  }
}
