/**
 * OpenDSR 2.0 as controllers speak it: `/opendsr/v2/PROJECT/discovery`, `/requests`, `/requests/ID`, `/status/ID`; with `v1`
 * and the former names (`opencompliance_requests`, `opengdpr_requests`) for those who use them. How controllers identify
 * themselves is left to processors (§4.3): by a bearer key of the project, since their software cannot sign as AWS's does.
 * Every answer is signed, refusals too.
 */
import { timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../../../database/index.ts';
import { ServiceError } from '../../../kernel/errors.ts';
import type { PublicAnswer, PublicRequest, PublicRoute } from '../../../operations/public-route.ts';
import { requestTypes } from './body.ts';
import type { OpenDsrCall, OpenDsrProject } from './call.ts';
import { supportedIdentities } from './identities.ts';
import { cancelSubjectRequest, receiveSubjectRequest, type SubjectRequestParts } from './requests.ts';
import { findSettings, hashBearerKey, signedHeaders } from './settings.ts';
import { describeStatus } from './status.ts';
import { findBySubjectRequestId, type OpenDsrRequest } from './store.ts';

export const openDsrPath = '/opendsr/';

export interface OpenDsrParts extends SubjectRequestParts {
  readonly publicUrl: string | undefined;
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export function openDsrRoutes(parts: OpenDsrParts): PublicRoute[] {
  return [{ prefix: openDsrPath, methods: ['GET', 'POST', 'DELETE'], answer: (request) => answer(parts, request) }];
}

async function answer(parts: OpenDsrParts, request: PublicRequest): Promise<PublicAnswer> {
  const [version = '', projectId = '', resource = '', id = '', ...rest] = request.rest.split('/');
  const { database, sealKey } = parts.erasure;
  const project = await findProject(database, projectId);
  const settings = project && (await findSettings(database.query, project.number));
  // Whoever asks for a project without it learns nothing.
  if (project === undefined || settings === undefined || !/^v[12]$/.test(version) || rest.length > 0)
    return { status: 404 };
  const call: OpenDsrCall = { project, settings, apiVersion: version === 'v1' ? '1.0' : '2.0', request };
  if (resource === 'certificate.pem' && request.method === 'GET') {
    return { status: 200, headers: { 'content-type': 'application/x-pem-file' }, body: settings.certificate };
  }
  const reply = await replyTo(parts, call, resource.toLowerCase(), id).catch(refusal);
  const body = JSON.stringify(reply.body);
  const headers = { 'content-type': 'application/json;charset=UTF-8', ...signedHeaders(sealKey, settings, body) };
  return { status: reply.status, headers, body };
}

const requestNames = new Set(['requests', 'opendsr_requests', 'opencompliance_requests', 'opengdpr_requests']);

async function replyTo(parts: OpenDsrParts, call: OpenDsrCall, resource: string, id: string): Promise<Reply> {
  const { method } = call.request;
  if (resource === 'discovery' && id === '' && method === 'GET') return { status: 200, body: discovery(parts, call) };
  if (!requestNames.has(resource) && resource !== 'status') return failure(404, 'There is no such resource');
  if (!isController(call)) return failure(401, 'Authorization must be Bearer, and the key of this project');
  if (method === 'POST' && id === '' && resource !== 'status') {
    return { status: 201, body: await receiveSubjectRequest(parts, call) };
  }
  if (id === '') return failure(400, 'The path must end with the subject_request_id');
  const found = await findBySubjectRequestId(parts.erasure.database.query, call.project.number, id);
  if (found === undefined) return failure(404, 'There is no request with this subject_request_id');
  if (method === 'GET') return { status: 200, body: await statusOf(parts, call, found) };
  if (method === 'DELETE' && resource !== 'status') {
    return { status: 202, body: await cancelSubjectRequest(parts, call, found) };
  }
  return failure(400, 'The method is not one of this resource');
}

function statusOf({ erasure, links }: OpenDsrParts, { settings }: OpenDsrCall, found: OpenDsrRequest) {
  return describeStatus(erasure.database.query, { links }, settings, found);
}

function discovery({ publicUrl = '' }: OpenDsrParts, { project, apiVersion }: OpenDsrCall) {
  const version = apiVersion === '1.0' ? 'v1' : 'v2';
  return {
    api_version: apiVersion,
    supported_identities: supportedIdentities,
    supported_subject_request_types: requestTypes,
    processor_certificate: `${publicUrl.replace(/\/+$/, '')}${openDsrPath}${version}/${project.id}/certificate.pem`,
  };
}

function isController({ settings, request }: OpenDsrCall): boolean {
  const [, key] = /^Bearer +(\S+)$/i.exec(request.headers['authorization'] ?? '') ?? [];
  return key !== undefined && timingSafeEqual(hashBearerKey(key), settings.bearerHash);
}

function refusal(error: unknown): Reply {
  if (!(error instanceof ServiceError) || error.status >= 500) throw error;
  // §7.5: there is one code for refusals.
  return failure(400, error.message, error.code);
}

function failure(code: number, message: string, reason = code === 401 ? 'Unauthorized' : 'IllegalArgument'): Reply {
  const domain = code === 401 ? 'Authentication' : 'Validation';
  return { status: code, body: { error: { code, message, errors: [{ domain, reason, message }] } } };
}

async function findProject({ query }: Database, id: string): Promise<OpenDsrProject | undefined> {
  if (!/^[0-9a-f]{32}$/.test(id)) return undefined;
  const { rows } = await sql<OpenDsrProject>`
    select number, id, account_id as "accountId", region from projects
    where id = ${id} and deleted_at is null and exists (
      select from open_dsr_settings where project_number = number)
    limit 1`.execute(query);
  return rows[0];
}
