/** Certificates for servers and clients of tests and measurements, made at run time; nothing is kept on disk. */
import { randomUUID } from 'node:crypto';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { generate } from 'selfsigned';

export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

const options = { keyType: 'ec', algorithm: 'sha256' } as const;

/**
 * For 127.0.0.1 and localhost. Nobody trusts it before `trustCertificate`. Its name is its own: of two authorities with one
 * name, whoever checks a certificate takes the first.
 */
export async function serverCertificate(): Promise<TestCertificate> {
  const made = await generate([{ name: 'commonName', value: randomUUID() }], {
    ...options,
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** As APNs has its clients identify themselves. */
export async function clientCertificate(commonName: string): Promise<TestCertificate> {
  const made = await generate([{ name: 'commonName', value: commonName }], options);
  return { cert: made.cert, key: made.private };
}

/** This process trusts it from now on, beside all that it trusts anyway. */
export function trustCertificate({ cert }: TestCertificate): void {
  setDefaultCACertificates([...getCACertificates('default'), cert]);
}

/** Of an RSA key, for a domain, issued by an authority of its own: as OpenDSR wants it. */
export async function issuedCertificate(domain: string): Promise<TestCertificate> {
  const rsa = { keySize: 2048, algorithm: 'sha256' } as const;
  const authority = await generate([{ name: 'commonName', value: 'Test Authority' }], {
    ...rsa,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', keyCertSign: true },
    ],
  });
  const made = await generate([{ name: 'commonName', value: domain }], {
    ...rsa,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: domain }] }],
  });
  return { cert: made.cert, key: made.private };
}
