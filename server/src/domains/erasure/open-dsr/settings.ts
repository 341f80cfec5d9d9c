/** What makes a project a processor of OpenDSR: a domain, a certificate for it, and a key for its controller. */
import { createHash, createPrivateKey, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { openWith, sealWith } from '../../../kernel/master-key.ts';

export interface OpenDsrSettings {
  readonly projectNumber: number;
  readonly domain: string;
  readonly controllerId: string;
  readonly certificate: string;
  readonly sealedPrivateKey: Buffer;
  readonly bearerHash: Buffer;
  readonly changedAt: Date;
}

const columns = sql`
  project_number as "projectNumber", domain, controller_id as "controllerId", certificate,
  sealed_private_key as "sealedPrivateKey", bearer_hash as "bearerHash", changed_at as "changedAt"`;

export async function findSettings(query: Executor, projectNumber: number): Promise<OpenDsrSettings | undefined> {
  const { rows } = await sql<OpenDsrSettings>`
    select ${columns} from open_dsr_settings where project_number = ${projectNumber}`.execute(query);
  return rows[0];
}

export async function writeSettings(tx: Transaction, settings: OpenDsrSettings): Promise<void> {
  await sql`
    insert into open_dsr_settings (
      project_number, domain, controller_id, certificate, sealed_private_key, bearer_hash, changed_at)
    values (${settings.projectNumber}, ${settings.domain}, ${settings.controllerId}, ${settings.certificate},
      ${settings.sealedPrivateKey}, ${settings.bearerHash}, ${settings.changedAt})
    on conflict (project_number) do update set domain = excluded.domain, controller_id = excluded.controller_id,
      certificate = excluded.certificate, sealed_private_key = excluded.sealed_private_key,
      bearer_hash = excluded.bearer_hash, changed_at = excluded.changed_at`.execute(tx);
}

export async function deleteSettings(tx: Transaction, projectNumber: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from open_dsr_settings where project_number = ${projectNumber}`.execute(tx);
  return numAffectedRows === 1n;
}

/**
 * A certificate that controllers can trust (§4.1): issued by an authority for the domain, of an RSA key, not over.
 * @throws BadRequestException
 */
export function checkCertificate(pem: string, privateKeyPem: string, domain: string, now: Date): void {
  const certificate = readCertificate(pem);
  const privateKey = readPrivateKey(privateKeyPem);
  if (!certificate.checkPrivateKey(privateKey)) throw badRequest('PrivateKey is not the key of Certificate');
  if (privateKey.asymmetricKeyType !== 'rsa' || (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw badRequest('Certificate must be of an RSA key of at least 2048 bits');
  }
  if (certificate.checkHost(domain, { subject: 'never' }) === undefined) {
    throw badRequest('Certificate is not for Domain: it must be among its subject alternative names');
  }
  if (certificate.checkIssued(certificate)) throw badRequest('Certificate is self-signed: OpenDSR does not allow that');
  if (now < certificate.validFromDate || now >= certificate.validToDate)
    throw badRequest('Certificate is not valid now');
}

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw badRequest('Certificate is not a certificate in PEM');
  }
}

function readPrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw badRequest('PrivateKey is not a private key in PEM');
  }
}

const context = (projectNumber: number) => `opendsr private key ${projectNumber}`;

export function sealPrivateKey(key: Buffer, projectNumber: number, pem: string): Buffer {
  return sealWith(key, context(projectNumber), pem);
}

export function newBearerKey(): string {
  return `opendsr_${randomBytes(32).toString('base64url')}`;
}

export function hashBearerKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Of today's name and of both former ones (§10.1). */
const families = ['X-OpenDSR', 'X-OpenCompliance', 'X-OpenGDPR'];

/** §8.3: RSA over the SHA-256 of the body as it is sent. */
export function signedHeaders(sealKey: Buffer, settings: OpenDsrSettings, body: string): Record<string, string> {
  const { domain, projectNumber, sealedPrivateKey } = settings;
  const privateKey = openWith(sealKey, context(projectNumber), sealedPrivateKey);
  const signature = sign('sha256', Buffer.from(body), privateKey).toString('base64');
  return Object.fromEntries(
    families.flatMap((family) => [
      [`${family}-Processor-Domain`, domain],
      [`${family}-Signature`, signature],
    ]),
  );
}
