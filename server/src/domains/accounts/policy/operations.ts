/** Policies of an account: documents of its own, and ready-made ones for one project. */
import type { CreatePolicyRequest, PolicyResponse } from '../../../contract/repoint-types.ts';
import type { Database, Transaction } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest, conflict } from '../../../kernel/errors.ts';
import { type PagingTokens, readPage } from '../../../kernel/paging.ts';
import type { Call, Handlers } from '../../../operations/call.ts';
import { repointArn } from '../arn.ts';
import { forgetCredentials } from '../credentials/forget.ts';
import { compilePolicy } from './document.ts';
import { readyMadeDescriptions, readyMadeDocument, readyMadeNames } from './ready-made.ts';
import { simulate } from './simulate.ts';
import {
  deletePolicy,
  insertPolicy,
  listPolicies,
  type PolicyContent,
  requirePolicy,
  type StoredPolicy,
  updatePolicy,
} from './store.ts';

type Operation = 'CreatePolicy' | 'GetPolicies' | 'GetPolicy' | 'UpdatePolicy' | 'DeletePolicy' | 'SimulatePolicy';

export function policyOperations(parts: { database: Database; pagingTokens: PagingTokens }): Handlers<Operation> {
  const { database, pagingTokens } = parts;

  return {
    async CreatePolicy({ CreatePolicyRequest: request }, call) {
      const { accountId } = call.caller;
      if (!/^[\w+=,.@-]{1,128}$/.test(request.PolicyName)) {
        throw badRequest('PolicyName may have up to 128 letters, digits and _ + = , . @ -');
      }
      const content = readContent(request);
      call.audited(repointArn({ accountId, region: call.region }, `policies/${request.PolicyName}`));
      return call.transaction(async (tx) => {
        const policy = { accountId, name: request.PolicyName, description: request.Description, content };
        if (!(await insertPolicy(tx, { ...policy, createdAt: call.now }))) {
          throw conflict('There is a policy of this name');
        }
        return toResponse(await requirePolicy(tx, accountId, request.PolicyName), call);
      });
    },

    async GetPolicies(page, call) {
      const { accountId } = call.caller;
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${accountId}/policies`,
        page,
        (after, limit) => listPolicies(database.query, accountId, after, limit),
        (last) => [last.name],
      );
      return { Item: items.map((policy) => toResponse(policy, call)), NextToken };
    },

    async GetPolicy({ PolicyName }, call) {
      return toResponse(await requirePolicy(database.query, call.caller.accountId, PolicyName), call);
    },

    async UpdatePolicy({ PolicyName, UpdatePolicyRequest: { Document, Description } }, call) {
      compilePolicy(Document);
      return changePolicy(call, PolicyName, async (tx, policy) => {
        if (isReadyMade(policy)) throw conflict('A ready-made policy cannot be changed; make one of your own');
        await updatePolicy(tx, policy.number, { document: Document, description: Description, now: call.now });
        return toResponse(await requirePolicy(tx, call.caller.accountId, PolicyName), call);
      });
    },

    async DeletePolicy({ PolicyName }, call) {
      return changePolicy(call, PolicyName, async (tx, policy) => {
        if (isReadyMade(policy)) throw conflict('A ready-made policy cannot be deleted');
        if (!(await deletePolicy(tx, policy.number)))
          throw conflict('The policy is attached to a user; detach it first');
        return toResponse(policy, call);
      });
    },

    SimulatePolicy: ({ SimulatePolicyRequest: request }, call) => simulate(database.query, request, call),
  };
}

/** The account's own copy under the ready-made name; one for a project, under another name, is the account's to change. */
function isReadyMade({ name, readyMade }: StoredPolicy): boolean {
  return readyMade !== null && name === readyMade;
}

/** @throws BadRequestException for both or neither, for a document that is none, for a project where none fits */
function readContent({ PolicyName, Document, ReadyMade, ProjectId }: CreatePolicyRequest): PolicyContent {
  if ((Document === undefined) === (ReadyMade === undefined)) throw badRequest('Give either Document or ReadyMade');
  if (readyMadeNames.some((name) => name === PolicyName))
    throw badRequest('PolicyName is the name of a ready-made policy');
  if (ReadyMade !== undefined) {
    readyMadeDocument(ReadyMade, ProjectId);
    return { readyMade: ReadyMade, projectId: ProjectId };
  }
  if (ProjectId !== undefined) throw badRequest('ProjectId goes with ReadyMade only');
  compilePolicy(Document);
  return { document: Document as object };
}

async function changePolicy<Result>(
  call: Call,
  name: string,
  change: (tx: Transaction, policy: StoredPolicy) => Promise<Result>,
): Promise<Result> {
  return call.transaction(async (tx) => {
    const result = await change(tx, await requirePolicy(tx, call.caller.accountId, name));
    await forgetCredentials(tx, call.caller.accountId);
    return result;
  });
}

function toResponse(policy: StoredPolicy, call: Call): PolicyResponse {
  const description =
    policy.description ?? (policy.readyMade === null ? undefined : readyMadeDescriptions[policy.readyMade]);
  return {
    PolicyName: policy.name,
    Arn: repointArn({ accountId: call.caller.accountId, region: call.region }, `policies/${policy.name}`),
    ...(description !== undefined && { Description: description }),
    Document: policy.document as PolicyResponse['Document'],
    CreationDate: toTimestamp(policy.createdAt),
    LastModifiedDate: toTimestamp(policy.lastModifiedAt),
  };
}
