/** Keys and certificates as push services give them out, made for one test. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { generate } from 'selfsigned';

export interface CertificatePair {
  readonly Certificate: string;
  readonly PrivateKey: string;
}

/** @param validDays of a certificate that has expired: less than none */
export async function newCertificate(validDays = 365): Promise<CertificatePair> {
  const day = 24 * 3600 * 1000;
  const notBeforeDate = new Date(Date.now() - 400 * day);
  const made = await generate([{ name: 'commonName', value: 'Apple Push Services: com.example.app' }], {
    ...{ keySize: 2048, algorithm: 'sha256', notBeforeDate, notAfterDate: new Date(Date.now() + validDays * day) },
  });
  return { Certificate: made.cert, PrivateKey: made.private };
}

/** A .p8 file. */
export function newTokenKey(namedCurve = 'prime256v1'): string {
  return toPem(generateKeyPairSync('ec', { namedCurve }).privateKey);
}

export function newServiceJson(changes: Readonly<Record<string, unknown>> = {}): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return JSON.stringify({
    ...{
      type: 'service_account',
      project_id: 'shop',
      client_email: 'push@shop.example',
      private_key: toPem(privateKey),
    },
    ...changes,
  });
}

/** What stands between the first and the last line of a PEM file, in one line. */
export function withoutFrame(pem: string): string {
  return pem.replaceAll(/-----[^-]+-----|\s/g, '');
}

const toPem = (key: KeyObject) => String(key.export({ format: 'pem', type: 'pkcs8' }));
