/** What policies would say of one request, and which of their statements speak of it: nobody is asked, nothing changes. */
import type { PolicySimulation, SimulatePolicyRequest } from '../../../contract/repoint-types.ts';
import type { Executor } from '../../../database/index.ts';
import { badRequest } from '../../../kernel/errors.ts';
import type { Call } from '../../../operations/call.ts';
import { requireUser } from '../users/store.ts';
import type { PolicyContext } from './context.ts';
import { applies, decide, type PolicyRequest } from './decide.ts';
import { compilePolicy, type Policy } from './document.ts';
import { requirePolicy } from './store.ts';

interface NamedPolicy {
  /** None of a document that is not saved. */
  readonly name: string | undefined;
  readonly policy: Policy;
}

const decisions = { allowed: 'ALLOWED', 'explicit deny': 'EXPLICIT_DENY', 'no statement': 'NOT_ALLOWED' } as const;

/** @throws BadRequestException with the JSON path of what is wrong with the document */
export async function simulate(
  query: Executor,
  request: SimulatePolicyRequest,
  { caller, now }: Pick<Call, 'caller' | 'now'>,
): Promise<PolicySimulation> {
  const policies = await findPolicies(query, caller.accountId, request);
  const userName = request.UserName ?? caller.userName;
  const context: PolicyContext = {
    ...{ principalArn: `arn:aws:iam::${caller.accountId}:user/${userName}`, userName, now },
    ...{ sourceAddress: request.SourceAddress ?? caller.sourceAddress, secureTransport: caller.secureTransport },
    ...{ resourceTags: request.ResourceTags ?? {}, requestTags: {}, tagKeys: [] },
  };
  const question: PolicyRequest = { action: request.Action, resource: request.Resource, context };
  const { reason } = decide(
    policies.map(({ policy }) => policy),
    question,
  );
  return {
    Decision: decisions[reason],
    Statements: policies.flatMap(({ name, policy }) =>
      policy.statements.flatMap((statement, index) =>
        applies(statement, question)
          ? [{ ...(name !== undefined && { PolicyName: name }), Index: index, Effect: statement.effect }]
          : [],
      ),
    ),
  };
}

async function findPolicies(
  query: Executor,
  accountId: string,
  { UserName, PolicyNames = [], Document }: SimulatePolicyRequest,
): Promise<NamedPolicy[]> {
  if (UserName === undefined && PolicyNames.length === 0 && Document === undefined) {
    throw badRequest('Give at least one of UserName, PolicyNames and Document');
  }
  const ofUser = UserName === undefined ? [] : (await requireUser(query, accountId, UserName)).policies;
  const stored = await Promise.all(
    [...new Set([...ofUser, ...PolicyNames])].map(async (name) => {
      const missing = () => badRequest(`There is no policy ${name}`);
      return { name, policy: compilePolicy((await requirePolicy(query, accountId, name, missing)).document) };
    }),
  );
  return [...stored, ...(Document === undefined ? [] : [{ name: undefined, policy: compilePolicy(Document) }])];
}
