/** What of a resource name may stand in the audit log: endpoint and user ids become keyed hashes. */
import { fingerprint } from '../../../kernel/logger.ts';

/** The part of an ARN up to the id of an endpoint or a user of a project; such an id may hold anything, `/` and `:` too. */
const person = /^(arn:aws:(?:mobiletargeting|repoint):[^:]*:[^:]*:apps\/[^/]*\/(?:endpoints|users)\/)(.+)$/is;

/** Names that cannot hold an address: made by the server, or by operators for their resources. */
const plain = /^(?:\*|arn:aws:(?:mobiletargeting|repoint):[a-z0-9-]*:[0-9]*:[\w./*-]{0,512})$/;

/** Of those who run the deployment, in the characters that IAM allows. */
const operator = /^arn:aws:repoint:[a-z0-9-]*:[0-9]*:(?:users|policies)\/[\w+=,.@/-]{1,512}$/;

/**
 * @param resource ARN as the caller gave it; the tag operations take any text
 * @returns the same with identities replaced; a text of no known form is replaced as a whole
 */
export function concealIdentities(key: Buffer, resource: string): string {
  const [, before, identity] = person.exec(resource) ?? [];
  if (before !== undefined && identity !== undefined && plain.test(before)) return before + fingerprint(key, identity);
  return plain.test(resource) || operator.test(resource) ? resource : fingerprint(key, resource);
}
