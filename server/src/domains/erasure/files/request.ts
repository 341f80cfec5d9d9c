/** What an erasure in files is asked to do: the request, checked. No part of it can mean more than it says (E3). */
import type { CreateFileErasureRequest } from '../../../contract/repoint-types.ts';
import type { Executor } from '../../../database/index.ts';
import { foldEndpointId } from '../../../kernel/bucket.ts';
import { badRequest, conflict, notFound } from '../../../kernel/errors.ts';
import { formatPlace, parsePlace } from '../../../object-store/index.ts';
import { hasJob } from '../../transfers/index.ts';
import type { Identities } from './identities.ts';
import { belongsToOthersToo, hasFile, listProjectFiles } from './noted-files.ts';
import type { Scope } from './store.ts';

export interface Target {
  readonly scope: Scope;
  readonly target: string | null;
}

/** @throws ServiceError saying what is wrong with it */
export async function readTarget(
  query: Executor,
  projectNumber: number,
  request: CreateFileErasureRequest,
): Promise<Target> {
  const { Url, JobId, Prefix, Action } = request;
  const given = [Url, JobId, Prefix].filter((member) => member !== undefined);
  if (given.length > 1) throw badRequest('Only one of Url, JobId and Prefix can be given');
  if (Url !== undefined) return readFile(query, projectNumber, Url);
  if (JobId !== undefined) {
    if (!(await hasJob(query, projectNumber, JobId))) throw notFound();
    return { scope: 'JOB', target: JobId };
  }
  if (Prefix !== undefined) return readPrefix(query, projectNumber, Prefix, Action);
  if (Action === 'DELETE') throw badRequest('One of Url, JobId and Prefix is required');
  return { scope: 'PROJECT', target: null };
}

async function readFile(query: Executor, projectNumber: number, url: string): Promise<Target> {
  const place = parsePlace(url);
  if (place === undefined || place.key === '' || place.key.endsWith('/')) {
    throw badRequest('Url must be s3://bucket/key');
  }
  const target = formatPlace(place);
  if (!(await hasFile(query, projectNumber, target))) throw notFound();
  return { scope: 'FILE', target };
}

/**
 * All below it goes, whoever put it there. So it must be a folder in which the project has files, and in which no other
 * project has any: those are the business of that one.
 */
async function readPrefix(
  query: Executor,
  projectNumber: number,
  prefix: string,
  action: CreateFileErasureRequest['Action'],
): Promise<Target> {
  const place = parsePlace(prefix);
  if (place === undefined || place.key === '' || !place.key.endsWith('/')) {
    throw badRequest('Prefix must be s3://bucket/folder/');
  }
  const target = formatPlace(place);
  const [found] = await listProjectFiles(query, { projectNumber, prefix: target }, undefined, 1);
  if (found === undefined) throw notFound();
  if (action === 'DELETE' && (await belongsToOthersToo(query, projectNumber, target))) {
    throw conflict('Other projects have files below Prefix: name the files or jobs of this one');
  }
  return { scope: 'PREFIX', target };
}

/** What is sealed until the erasure is over. */
export type GivenIdentities = Omit<Identities, 'applicationId' | 'eventsBy'>;

/** @throws BadRequestException naming the member */
export function readIdentities({
  Action,
  Identities: given = [],
}: CreateFileErasureRequest): GivenIdentities | undefined {
  if (Action === 'DELETE') {
    if (given.length > 0) throw badRequest('Identities can be given with the action REWRITE only');
    return undefined;
  }
  if (given.length === 0) throw badRequest('Identities is required');
  const values = (kind: string) => given.flatMap(({ Type, Value }) => (Type === kind ? [Value] : []));
  for (const [index, { Type, Value }] of given.entries()) checkIdentity(`Identities[${index}].Value`, Type, Value);
  return {
    endpointIds: values('ENDPOINT_ID').map(foldEndpointId),
    userIds: values('USER_ID'),
    addresses: values('ADDRESS'),
    addressHashes: values('ADDRESS_SHA256').map((hash) => hash.toLowerCase()),
  };
}

function checkIdentity(member: string, type: string, value: string): void {
  if (value.trim() === '') throw badRequest(`${member} must not be empty`);
  if (/^[*%?_]+$/.test(value) || ['null', 'undefined'].includes(value.toLowerCase())) {
    throw badRequest(`${member} must name one person`);
  }
  if (type === 'ADDRESS_SHA256' && !/^[0-9a-f]{64}$/i.test(value)) {
    throw badRequest(`${member} must be a SHA-256 in 64 hexadecimal digits`);
  }
}
