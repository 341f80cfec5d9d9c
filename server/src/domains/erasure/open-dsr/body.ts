/** The body of an OpenDSR request (§7.1), checked. Refusals name members, never what stands in them (§7.6). */
import { badRequest } from '../../../kernel/errors.ts';
import { isWebUrl } from '../fan-out/operations.ts';
import type { NamedIdentity } from '../identities/identity.ts';
import { readSubject } from './identities.ts';

export const requestTypes = ['erasure', 'access', 'portability'] as const;
export type RequestType = (typeof requestTypes)[number];

export interface SubjectRequest {
  readonly subjectRequestId: string;
  readonly type: RequestType;
  readonly identities: readonly NamedIdentity[];
  readonly callbackUrls: readonly string[];
}

/** §2: version 4, in lower case. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;
const mostCallbacks = 10;

/**
 * @param applicationId that an extension may name as well
 * @throws BadRequestException
 */
export function readBody(body: Buffer, domain: string, applicationId: string): SubjectRequest {
  const request = parse(body);
  const { regulation, subject_request_id: id, subject_request_type: type, submitted_time: submitted } = request;
  if (regulation !== 'gdpr' && regulation !== 'ccpa') throw badRequest('regulation must be gdpr or ccpa');
  if (!isSubjectRequestId(id)) throw badRequest('subject_request_id must be a UUID of version 4, in lower case');
  const known = requestTypes.find((each) => each === type);
  if (known === undefined) throw badRequest(`subject_request_type must be one of ${requestTypes.join(', ')}`);
  if (typeof submitted !== 'string' || !rfc3339.test(submitted) || Number.isNaN(Date.parse(submitted))) {
    throw badRequest('submitted_time must be a date of RFC 3339');
  }
  const extension = extensionOf(request['extensions'], domain, applicationId);
  const identities = [...listOf(request['subject_identities'], 'subject_identities'), ...extension];
  if (identities.length === 0) throw badRequest('subject_identities must have at least one');
  return {
    ...{ subjectRequestId: id, type: known, identities: readSubject(identities) },
    callbackUrls: callbacksOf(request['status_callback_urls']),
  };
}

export function isSubjectRequestId(id: unknown): id is string {
  return typeof id === 'string' && uuid.test(id);
}

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw badRequest('The body must be a JSON object');
}

function listOf(value: unknown, member: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw badRequest(`${member} must be a list`);
  return value;
}

/** §7.1.2: what is under the domain of this processor; others' is not ours to read. */
function extensionOf(extensions: unknown, domain: string, applicationId: string): readonly unknown[] {
  const ours = Object(Object(extensions)[domain]) as Readonly<Record<string, unknown>>;
  for (const member of ['api_key', 'property_id', 'application_id']) {
    if (ours[member] !== undefined && ours[member] !== applicationId) {
      throw badRequest(`extensions.${domain}.${member} is not the id of this project`);
    }
  }
  return listOf(ours['identities'], `extensions.${domain}.identities`);
}

function callbacksOf(value: unknown): readonly string[] {
  const urls = listOf(value, 'status_callback_urls');
  if (urls.length > mostCallbacks) throw badRequest(`status_callback_urls can have at most ${mostCallbacks}`);
  return urls.map((url, index) => {
    if (typeof url === 'string' && isWebUrl(url)) return url;
    throw badRequest(`status_callback_urls[${index}] is not a URL`);
  });
}
