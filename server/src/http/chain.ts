/**
 * The life of a request, as one readable list: route → signature → policy → project → decode → call → encode, with
 * audit, metrics and trace around it. Everything it needs of the domains comes in as `ChainParts`, wired in `app/`.
 */
import type { OperationName } from '../contract/operations.ts';
import type { Database, Transaction } from '../database/index.ts';
import type { Clock } from '../kernel/clock.ts';
import { notFound, ServiceError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { AuditRecord } from '../operations/audit-record.ts';
import type { Call, Caller, HandlerTable, Project } from '../operations/call.ts';
import type { OperationDefinition } from '../operations/definition.ts';
import type { EventStream } from '../operations/event-stream.ts';
import type { FileDocument } from '../operations/file-document.ts';
import type { PolicyQuestion } from '../operations/policy-question.ts';
import { decodeInput } from './decode.ts';
import { encodeOutput } from './encode.ts';
import { findNullMembers } from './json.ts';
import type { RequestMetrics } from './metrics.ts';
import { refusalOf } from './refusal.ts';
import { expandResource } from './resource.ts';
import type { Router } from './router.ts';
import { findHeader } from './signature/headers.ts';
import { traceOperation } from './tracing.ts';

/** A request as it came over the wire: nothing decoded, nothing normalised, because the signature covers it as it is. */
export interface IncomingRequest {
  readonly requestId: string;
  readonly method: string;
  readonly rawPath: string;
  readonly rawQuery: string;
  /** Name, value, name, value … as Node received them. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** After trusted proxies. */
  readonly sourceAddress: string;
  /** Whether it came over TLS, to this server or to a trusted proxy. */
  readonly secureTransport: boolean;
}

export interface Answer {
  readonly status: number;
  /** JSON unless `contentType` says otherwise; undefined for none. */
  readonly body: string | undefined;
  readonly contentType?: string;
  /** Instead of a body. */
  readonly stream?: EventStream;
  /** The same. */
  readonly file?: FileDocument;
  /** Set on refusals: becomes `x-amzn-ErrorType`. */
  readonly errorCode?: string;
}

export interface ChainParts {
  readonly router: Router;
  readonly handlers: HandlerTable;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: RequestMetrics;
  /** @throws ServiceError with AWS's code when the signature does not prove who is calling */
  authenticate(
    request: IncomingRequest,
    definition: OperationDefinition,
  ): { caller: Caller; region: string } | Promise<{ caller: Caller; region: string }>;
  /** @throws ForbiddenException when no policy of the caller allows the action */
  authorise(caller: Caller, question: PolicyQuestion): void | Promise<void>;
  findProject(accountId: string, region: string, id: string): Project | undefined | Promise<Project | undefined>;
  /** Tags of any taggable resource, by ARN; `{}` for none or an unknown one. */
  findTags(arn: string): Promise<Readonly<Record<string, string>>>;
  /** @throws TooManyRequestsException when a request rate is used up */
  takeQuota(caller: Caller, region: string, definition: OperationDefinition): void;
  readonly audit: {
    recordChange(tx: Transaction, record: AuditRecord): Promise<void>;
    /** An entry outside any transaction: refusals, and changes that needed none. */
    record(record: AuditRecord): Promise<void>;
    count(record: AuditRecord): void;
  };
}

/** What is known of a request so far; refusals, metrics and audit tell as much of it as there is. */
interface Progress {
  readonly startedAt: Date;
  definition?: OperationDefinition;
  caller?: Caller;
  region?: string;
  projectId?: string;
  resource?: string;
  changeRecorded?: boolean;
}

/** Turns a request into its answer. Never throws: whatever goes wrong becomes an answer too. */
export async function answer(request: IncomingRequest, parts: ChainParts): Promise<Answer> {
  const progress: Progress = { startedAt: parts.clock.now() };
  const begun = performance.now();
  const result = await traceOperation(progress, () =>
    serve(request, parts, progress).catch((error: unknown) => refuse(error, request, parts, progress)),
  );
  await leaveTrail(result, request, parts, progress);
  const operation = progress.definition?.name ?? 'none';
  parts.metrics.observe(operation, result.errorCode ?? 'OK', (performance.now() - begun) / 1000);
  return result;
}

async function serve(request: IncomingRequest, parts: ChainParts, progress: Progress): Promise<Answer> {
  const { definition, labels } = parts.router.match(request.method, request.rawPath);
  progress.definition = definition;
  if (definition.anonymous) refuseLargeBody(request.body);

  const { caller, region } = definition.anonymous
    ? { caller: anonymousCaller(request), region: 'local' }
    : await parts.authenticate(request, definition);
  progress.caller = caller;
  progress.region = region;
  if (!definition.anonymous) parts.takeQuota(caller, region, definition);

  const projectId = definition.projectLabel === undefined ? undefined : labels[definition.projectLabel];
  const project = projectId === undefined ? undefined : await parts.findProject(caller.accountId, region, projectId);
  if (project !== undefined) progress.projectId = project.id;

  const input = attempt(() => decodeInput(definition, labels, request.rawQuery, request.body));
  const resource = expandResource(definition, labels, caller.accountId, region);
  progress.resource = resource;
  if (!definition.anonymous) {
    const isTagTarget = definition.tagTarget === true && projectId === undefined;
    const { requestTags, tagKeys } = 'value' in input ? tagsIn(definition, input.value) : untagged;
    await parts.authorise(caller, {
      action: definition.action,
      resource,
      resourceTags: project?.tags ?? (isTagTarget ? await parts.findTags(resource) : noTags),
      requestTags,
      tagKeys,
      now: progress.startedAt,
    });
  }
  if (projectId !== undefined && project === undefined) throw notFound('Application not found');

  const handler = handlerOf(parts.handlers, definition.name);
  if (handler === undefined) throw notAnswered(definition.name);
  if ('error' in input) throw input.error;
  const call = createCall(request, parts, progress, { caller, region, project, definition });
  return encodeOutput(definition, await handler(input.value, call));
}

function refuse(error: unknown, request: IncomingRequest, parts: ChainParts, progress: Progress): Answer {
  if (!(error instanceof ServiceError) || error.status >= 500) logFault(error, request, parts, progress);
  return refusalOf(error, request.requestId);
}

function logFault(error: unknown, request: IncomingRequest, parts: ChainParts, progress: Progress): void {
  if (error instanceof ServiceError && error.code === 'NotImplementedException') return;
  const context = { requestId: request.requestId, operation: progress.definition?.name, projectId: progress.projectId };
  parts.logger.error({ ...context, err: error }, 'request failed');
}

/**
 * Writes what must be remembered of a request: an entry for a change that left none in its own transaction and for a
 * refused change, a count for the data plane.
 */
async function leaveTrail(
  result: Answer,
  request: IncomingRequest,
  parts: ChainParts,
  progress: Progress,
): Promise<void> {
  const { definition, caller } = progress;
  if (definition === undefined || caller === undefined || caller.kind === 'anonymous') return;
  const record = auditRecord(request, progress, { status: result.status, errorCode: result.errorCode });
  const recorded = progress.changeRecorded && result.errorCode === undefined;
  const noteworthy = result.errorCode === 'ForbiddenException' || (definition.audit === 'change' && !recorded);
  try {
    if (definition.audit === 'data') parts.audit.count(record);
    else if (noteworthy) await parts.audit.record(record);
  } catch (error) {
    logFault(error, request, parts, progress);
  }
}

function createCall(
  request: IncomingRequest,
  parts: ChainParts,
  progress: Progress,
  identity: { caller: Caller; region: string; project: Project | undefined; definition: OperationDefinition },
): Call & { project: Project | undefined } {
  const { definition } = identity;
  const change = async <Result>(
    inTransaction: Database['transaction'],
    work: (tx: Transaction) => Promise<Result>,
  ): Promise<Result> => {
    const result = await inTransaction(async (tx) => {
      const outcome = await work(tx);
      if (definition.audit === 'change') {
        const outcomeOfCall = { status: definition.successStatus, errorCode: undefined };
        await parts.audit.recordChange(tx, auditRecord(request, progress, outcomeOfCall));
      }
      return outcome;
    });
    if (definition.audit === 'change') progress.changeRecorded = true;
    return result;
  };
  return {
    requestId: request.requestId,
    operation: definition.name,
    caller: identity.caller,
    region: identity.region,
    project: identity.project,
    now: progress.startedAt,
    logger: parts.logger,
    idempotencyKey: findHeader(request.rawHeaders, 'idempotency-key'),
    accepts: (contentType) => mediaTypesIn(findHeader(request.rawHeaders, 'accept')).includes(contentType),
    nullMembers: () => findNullMembers(request.body),
    audited(resource) {
      progress.resource = resource;
    },
    transaction: (work) => change(parts.database.transaction, work),
    keyedTransaction: (work) => change(parts.database.keyedTransaction, work),
  };
}

function mediaTypesIn(accept = ''): string[] {
  return accept.split(',').map((range) => (range.split(';')[0] as string).trim().toLowerCase());
}

function auditRecord(
  request: IncomingRequest,
  progress: Progress,
  outcome: { status: number; errorCode: string | undefined },
): AuditRecord {
  return {
    requestId: request.requestId,
    time: progress.startedAt,
    operation: (progress.definition as OperationDefinition).name,
    caller: progress.caller as Caller,
    region: progress.region as string,
    projectId: progress.projectId,
    resource: progress.resource ?? '*',
    ...outcome,
  };
}

const noTags: Readonly<Record<string, string>> = Object.freeze(Object.create(null));

/** A name and a password fit many times: nobody's request gets no more work done than that. */
const maximumAnonymousBodyBytes = 16 * 1024;

function refuseLargeBody(body: Buffer): void {
  if (body.length <= maximumAnonymousBodyBytes) return;
  throw new ServiceError('PayloadTooLargeException', 'The request body is too large for this operation');
}

function anonymousCaller({ sourceAddress, secureTransport }: IncomingRequest): Caller {
  return { accountId: '', userName: '', arn: '', accessKeyId: '', kind: 'anonymous', sourceAddress, secureTransport };
}

/** Bad input must not be told before the caller is known to be allowed, yet policies may ask for the tags in it. */
function attempt<Value>(work: () => Value): { value: Value } | { error: unknown } {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

type QuestionedTags = Pick<PolicyQuestion, 'requestTags' | 'tagKeys'>;

const untagged: QuestionedTags = { requestTags: noTags, tagKeys: [] };

/** The `tags` member of the body for `aws:RequestTag/…`; its keys, or those that are removed, for `aws:TagKeys`. */
function tagsIn(definition: OperationDefinition, input: object): QuestionedTags {
  const members = input as Readonly<Record<string, unknown>>;
  const body = definition.payload && members[definition.payload.member];
  const requestTags = (body as { tags?: Readonly<Record<string, string>> } | undefined)?.tags;
  const removed = members['TagKeys'] as readonly string[] | undefined;
  if (requestTags === undefined && removed === undefined) return untagged;
  return { requestTags: requestTags ?? noTags, tagKeys: [...Object.keys(requestTags ?? noTags), ...(removed ?? [])] };
}

type AnyHandler = (input: object, call: Call) => Promise<unknown>;

/** The table is typed operation by operation; here, where the name is a value, the link between the two is lost. */
function handlerOf(handlers: HandlerTable, name: OperationName): AnyHandler | undefined {
  return (handlers as Partial<Record<OperationName, unknown>>)[name] as AnyHandler | undefined;
}

function notAnswered(name: OperationName): ServiceError {
  return new ServiceError('NotImplementedException', `${name} is not answered by this version of Repoint yet`);
}
