/**
 * Proves who sent a request: AWS Signature Version 4, in the Authorization header or presigned in the query, as AWS's
 * own clients make it. Pure but for the look-up of the key; synchronous when that is.
 */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { badRequest } from '../../kernel/errors.ts';
import { hmac } from '../../kernel/hmac.ts';
import { sha256 } from '../../kernel/sha256.ts';
import { type Claim, readClaim } from './claim.ts';
import { canonicalPath } from './encoding.ts';
import { readHeaders, type SignableHeaders } from './headers.ts';
import { canonicalQuery, parseQuery } from './query.ts';
import { doesNotMatch, expired, incomplete, notYetCurrent, unrecognizedClient } from './refusals.ts';
import { deriveSigningKey, type SigningKey, SigningKeyCache } from './signing-key.ts';

const emptyHash = hash('sha256', '', 'hex');

export const clockSkewMilliseconds = 5 * 60 * 1000;

/** A request as it came over the wire: nothing decoded, nothing normalised. */
export interface SignedRequest {
  readonly method: string;
  readonly rawPath: string;
  /** Without the question mark. */
  readonly rawQuery: string;
  /** Name, value, name, value … */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** A key that may sign at this moment. A disabled or expired one is simply not found. */
export interface SigningCredential {
  readonly secretAccessKey: string;
  /** SHA-256 of the session token of temporary credentials; undefined for a lasting key, which has none. */
  readonly sessionTokenHash: Buffer | undefined;
}

export interface Verified<Credential> {
  readonly credential: Credential;
  readonly region: string;
  readonly service: string;
}

type Eventually<Value> = Value | Promise<Value>;

export interface SignatureVerifier<Credential> {
  /**
   * @param acceptedServices signing names that the path accepts
   * @throws ServiceError with AWS's code; asynchronously when the key had to be fetched
   */
  verify(request: SignedRequest, acceptedServices: readonly string[]): Eventually<Verified<Credential>>;
}

export function createSignatureVerifier<Credential extends SigningCredential>(parts: {
  findCredential(accessKeyId: string): Eventually<Credential | undefined>;
  readonly clock: Clock;
}): SignatureVerifier<Credential> {
  const keys = new SigningKeyCache();
  const nobody = deriveSigningKey(randomBytes(30).toString('base64'), '', '', '');

  const judge = (
    claim: Claim,
    toSign: string,
    path: string,
    credential: Credential | undefined,
  ): Verified<Credential> => {
    if (credential === undefined) {
      // The work of a known key, so that the time taken does not tell one from the other.
      equalInConstantTime(hmac(nobody, toSign), claim.signature);
      throw unrecognizedClient();
    }
    const known = keys.find(claim.scope, credential.secretAccessKey);
    const key = known ?? deriveKey(claim, credential);
    const genuine = equalInConstantTime(hmac(key, toSign), claim.signature);
    if (!tokenFits(claim.sessionToken, credential.sessionTokenHash)) throw unrecognizedClient();
    if (!genuine) throw doesNotMatch();
    // Kept for genuine signatures only: whoever merely knows a key id cannot push others out.
    if (known === undefined) keys.keep(claim.scope, credential.secretAccessKey, key);
    refuseParentSegments(path);
    return { credential, region: claim.region, service: claim.service };
  };

  return {
    verify(request, acceptedServices) {
      const headers = readHeaders(request.rawHeaders);
      const query = parseQuery(request.rawQuery);
      const claim = readClaim(headers, query);
      checkTime(claim, parts.clock.now().getTime());
      if (!acceptedServices.includes(claim.service)) {
        throw doesNotMatch(`Credential should be scoped to correct service: '${acceptedServices[0]}'.`);
      }
      checkSignedHeaders(claim, headers);
      const bodyHash = request.body.length === 0 ? emptyHash : hash('sha256', request.body, 'hex');
      checkContentHash(headers.get('x-amz-content-sha256'), bodyHash);
      const canonical = `${request.method}\n${canonicalPath(request.rawPath)}\n${canonicalQuery(query)}\n${canonicalHeaders(claim, headers)}\n${bodyHash}`;
      const toSign = stringToSign(claim, canonical);
      const found = parts.findCredential(claim.accessKeyId);
      if (found instanceof Promise) {
        return found.then((credential) => judge(claim, toSign, request.rawPath, credential));
      }
      return judge(claim, toSign, request.rawPath, found);
    },
  };
}

function deriveKey(claim: Claim, credential: SigningCredential): SigningKey {
  return deriveSigningKey(credential.secretAccessKey, claim.scopeDate, claim.region, claim.service);
}

function checkTime({ signedAt, timestamp, scopeDate, validSeconds }: Claim, now: number): void {
  if (timestamp.slice(0, 8) !== scopeDate) throw doesNotMatch("Date in Credential scope does not match the request's.");
  if (signedAt > now + clockSkewMilliseconds) throw notYetCurrent();
  const lifetime = validSeconds === undefined ? clockSkewMilliseconds : validSeconds * 1000;
  if (now > signedAt + lifetime) throw expired();
}

/** What decides the meaning of a request must be signed: its host and every `x-amz-` header it carries. */
function checkSignedHeaders({ signedHeaders }: Claim, headers: SignableHeaders): void {
  if (!signedHeaders.includes('host')) throw incomplete("'Host' must be a 'SignedHeader' in the AWS Authorization.");
  for (const name of headers.keys()) {
    if (name.startsWith('x-amz-') && !signedHeaders.includes(name)) {
      throw incomplete("Every 'x-amz-' header of the request must be a 'SignedHeader' in the AWS Authorization.");
    }
  }
}

/** `UNSIGNED-PAYLOAD` and the names of streaming payloads are no hash, and refused with the rest. */
function checkContentHash(announced: string | undefined, bodyHash: string): void {
  if (announced === undefined || announced === bodyHash) return;
  throw doesNotMatch("The 'x-amz-content-sha256' header must be the SHA-256 of the body.");
}

function canonicalHeaders({ signedHeaders }: Claim, headers: SignableHeaders): string {
  let text = '';
  for (const name of signedHeaders) {
    const value = headers.get(name);
    if (value === undefined) throw doesNotMatch('A signed header is missing.');
    text += `${name}:${value}\n`;
  }
  return `${text}\n${signedHeaders.join(';')}`;
}

/** Header values are bytes, one a character: hashed as such, so that UTF-8 in them is what the client hashed. */
function stringToSign({ timestamp, scopeDate, region, service }: Claim, canonical: string): string {
  const canonicalHash = hash('sha256', Buffer.from(canonical, 'latin1'), 'hex');
  return `AWS4-HMAC-SHA256\n${timestamp}\n${scopeDate}/${region}/${service}/aws4_request\n${canonicalHash}`;
}

function equalInConstantTime(expected: string, claimed: string): boolean {
  const a = Buffer.from(expected, 'latin1');
  const b = Buffer.from(claimed, 'latin1');
  return a.length === b.length && timingSafeEqual(a, b);
}

function tokenFits(token: string | undefined, expectedHash: Buffer | undefined): boolean {
  if (token === undefined || expectedHash === undefined) return token === undefined && expectedHash === undefined;
  return timingSafeEqual(sha256(token), expectedHash);
}

/**
 * A signer resolves `..` before it signs, so the signature of `DELETE /v1/apps/X/endpoints/..` is that of
 * `DELETE /v1/apps/X`. An endpoint with that id must not become the deletion of a project.
 */
function refuseParentSegments(rawPath: string): void {
  if (/\/\.\.(?:\/|$)/.test(rawPath)) throw badRequest('The path must not contain .. segments. Encode them as %2E%2E.');
}
