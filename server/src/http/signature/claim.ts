/** What a request says of its own signature: in the Authorization header, or in the query when it is presigned. */
import { remembering } from '../../kernel/remembering.ts';
import type { SignableHeaders } from './headers.ts';
import type { QueryParameter } from './query.ts';
import { incomplete, missingToken } from './refusals.ts';

const algorithm = 'AWS4-HMAC-SHA256';
const longestPresignedSeconds = 7 * 24 * 3600;

/** Requests of one second say the same, and clients sign all their requests alike: what they say is read once. */
const latelyRead = 1_000;

export interface Claim {
  readonly accessKeyId: string;
  /** `KEY/YYYYMMDD/REGION/SERVICE`: whose signatures of which day, what derived keys are kept by. */
  readonly scope: string;
  /** `YYYYMMDD`, of the credential scope. */
  readonly scopeDate: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `YYYYMMDDTHHMMSSZ`, as it is signed. */
  readonly timestamp: string;
  /** The same moment in milliseconds. */
  readonly signedAt: number;
  readonly sessionToken: string | undefined;
  /** Seconds a presigned request is good for; undefined for one signed in its headers. */
  readonly validSeconds: number | undefined;
}

/** @throws ServiceError MissingAuthenticationToken or IncompleteSignature */
export function readClaim(headers: SignableHeaders, query: readonly QueryParameter[]): Claim {
  const authorization = headers.get('authorization');
  const presigned = query.some(([name]) => /^X-Amz-(?:Algorithm|Credential|Signature)$/i.test(name));
  if (authorization === undefined && !presigned) throw missingToken();
  if (authorization !== undefined && presigned) throw incomplete('A request is signed in its header or in its query.');
  return authorization === undefined ? readPresigned(query) : readAuthorization(authorization, headers);
}

function readAuthorization(authorization: string, headers: SignableHeaders): Claim {
  const gap = authorization.indexOf(' ');
  if (gap < 0 || authorization.slice(0, gap) !== algorithm) throw unsupportedAlgorithm();
  const parts = new Map<string, string>();
  for (const part of authorization.slice(gap + 1).split(',')) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(equals, 0)).trim();
    if (equals < 0 || parts.has(name)) throw incomplete('The Authorization header is not well-formed.');
    parts.set(name, part.slice(equals + 1).trim());
  }
  const take = (name: string) => {
    const value = parts.get(name);
    if (value === undefined || value === '') throw incomplete(`Authorization header requires '${name}' parameter.`);
    return value;
  };
  return {
    ...readCredential(take('Credential')),
    signedHeaders: readSignedHeaders(take('SignedHeaders')),
    signature: take('Signature'),
    ...readDate(headers),
    sessionToken: headers.get('x-amz-security-token'),
    validSeconds: undefined,
  };
}

function readPresigned(query: readonly QueryParameter[]): Claim {
  const find = (wanted: string): string | undefined => {
    const found = query.filter(([name]) => name.toLowerCase() === wanted.toLowerCase());
    if (found.length > 1) throw incomplete(`AWS query-string parameter '${wanted}' may stand once only.`);
    return found[0] === undefined ? undefined : decode(found[0][1]);
  };
  const take = (name: string): string => {
    const value = find(name);
    if (value === undefined || value === '') throw incomplete(`AWS query-string parameters must include '${name}'.`);
    return value;
  };
  if (take('X-Amz-Algorithm') !== algorithm) throw unsupportedAlgorithm();
  return {
    ...readCredential(take('X-Amz-Credential')),
    signedHeaders: readSignedHeaders(take('X-Amz-SignedHeaders')),
    signature: take('X-Amz-Signature'),
    ...readTimestamp(take('X-Amz-Date')),
    sessionToken: find('X-Amz-Security-Token'),
    validSeconds: readValidSeconds(take('X-Amz-Expires')),
  };
}

type Scope = Pick<Claim, 'scope' | 'accessKeyId' | 'scopeDate' | 'region' | 'service'>;

const readCredential: (credential: string) => Scope = remembering(latelyRead, (credential) => {
  const [accessKeyId = '', scopeDate = '', region = '', service = '', end, ...rest] = credential.split('/');
  const wellFormed =
    end === 'aws4_request' &&
    rest.length === 0 &&
    /^\w{1,128}$/.test(accessKeyId) &&
    /^[0-9]{8}$/.test(scopeDate) &&
    /^[a-z0-9-]{1,32}$/.test(region) &&
    service !== '';
  if (!wellFormed) throw incomplete('Credential must have the form key/date/region/service/aws4_request.');
  return { scope: `${accessKeyId}/${scopeDate}/${region}/${service}`, accessKeyId, scopeDate, region, service };
});

const readSignedHeaders: (list: string) => readonly string[] = remembering(latelyRead, (list) => {
  const names = list.split(';');
  const inOrder = names.every((name, index) => index === 0 || (names[index - 1] as string) < name);
  if (!inOrder || !names.every((name) => /^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name))) {
    throw incomplete('SignedHeaders must be lower-case names in alphabetical order, separated by semicolons.');
  }
  return names;
});

type Moment = Pick<Claim, 'timestamp' | 'signedAt'>;

function readDate(headers: SignableHeaders): Moment {
  const own = headers.get('x-amz-date');
  if (own !== undefined) return readTimestamp(own);
  const date = headers.get('date');
  if (date === undefined)
    throw incomplete("Authorization header requires existence of 'X-Amz-Date' or a 'Date' header.");
  if (/^[0-9]{8}T/.test(date)) return readTimestamp(date);
  const signedAt = Date.parse(date);
  if (Number.isNaN(signedAt)) throw malformedDate();
  return { timestamp: new Date(signedAt).toISOString().replace(/[-:]|\.[0-9]{3}/g, ''), signedAt };
}

const readTimestamp: (timestamp: string) => Moment = remembering(latelyRead, (timestamp) => {
  const match = /^([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z$/.exec(timestamp);
  if (match === null) throw malformedDate();
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) throw malformedDate();
  return { timestamp, signedAt: Date.UTC(year, month - 1, day, hour, minute, second) };
});

function readValidSeconds(text: string): number {
  const seconds = /^[0-9]{1,6}$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > longestPresignedSeconds) {
    throw incomplete(`X-Amz-Expires must be a number of seconds from 1 to ${longestPresignedSeconds}.`);
  }
  return seconds;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw incomplete('The query is not well-formed.');
  }
}

const unsupportedAlgorithm = () => incomplete(`Unsupported AWS 'algorithm': only ${algorithm} is accepted.`);
const malformedDate = () => incomplete('Date must be in ISO-8601 basic form, YYYYMMDDTHHMMSSZ.');
