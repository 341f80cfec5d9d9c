/**
 * Keys and certificates as people paste them: PEM, PEM with `\n` for its line breaks, or what stands between its first
 * and last line. Refusals name the member and quote nothing.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { badRequest } from '../../kernel/errors.ts';

const isPem = (text: string) => text.includes('-----BEGIN ');
const withLineBreaks = (text: string) => text.replaceAll('\\n', '\n');

export interface ClientCertificate {
  readonly Certificate: string;
  readonly PrivateKey: string;
}

/** @throws BadRequestException when it is none, or one with a passphrase */
export function readPrivateKey(member: string, text: string): KeyObject {
  const attempts = isPem(text)
    ? [() => createPrivateKey(withLineBreaks(text))]
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

/** As Apple issues them for tokens. @throws BadRequestException */
export function readP256Key(member: string, text: string): KeyObject {
  const key = readPrivateKey(member, text);
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw badRequest(`${member} must be an elliptic-curve key (EC P-256)`);
  }
  return key;
}

/** @throws BadRequestException */
export function readCertificate(member: string, text: string): X509Certificate {
  try {
    return new X509Certificate(isPem(text) ? withLineBreaks(text) : Buffer.from(text, 'base64'));
  } catch {
    throw badRequest(`${member} must be an X.509 certificate in PEM form`);
  }
}

/** With which we identify ourselves. @throws BadRequestException also when the two do not belong together */
export function readClientCertificate({
  Certificate,
  PrivateKey,
}: ClientCertificate): ClientCertificate & { readonly notAfter: Date } {
  const certificate = readCertificate('Certificate', Certificate);
  const key = readPrivateKey('PrivateKey', PrivateKey);
  if (!certificate.checkPrivateKey(key)) throw badRequest('PrivateKey does not belong to Certificate');
  return { Certificate: certificate.toString(), PrivateKey: toPem(key), notAfter: certificate.validToDate };
}

/** Of servers whose certificate no public authority signed; several may follow each other. @throws BadRequestException */
export function readAuthorities(member: string, text: string): string {
  const pem = withLineBreaks(text);
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) throw badRequest(`${member} must be certificates in PEM form`);
  for (const certificate of certificates) readCertificate(member, certificate);
  return pem;
}

/** The form in which keys are kept. */
export function toPem(key: KeyObject): string {
  return String(key.export({ format: 'pem', type: 'pkcs8' }));
}
