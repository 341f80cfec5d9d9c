/** The policy step of the request chain: are the policies of this caller in favour? */
import { forbidden } from '../../../kernel/errors.ts';
import type { Caller } from '../../../operations/call.ts';
import type { PolicyQuestion } from '../../../operations/policy-question.ts';
import { type Decision, decide } from './decide.ts';
import type { Policy } from './document.ts';

/** About the caller alone: whoever may sign may ask who they are, and end their session. */
const alwaysAllowed: ReadonlySet<string> = new Set(['repoint:GetCallerIdentity', 'repoint:SignOut']);

export type Authorise = (caller: Caller, question: PolicyQuestion) => void | Promise<void>;

type FoundPolicies = readonly Policy[] | undefined;

/**
 * @param findPolicies those of the user behind an access key; undefined when the key is gone meanwhile
 * @returns a function that throws ForbiddenException when the caller may not
 */
export function createAuthoriser(
  findPolicies: (accessKeyId: string) => FoundPolicies | Promise<FoundPolicies>,
): Authorise {
  return (caller, question) => {
    if (alwaysAllowed.has(question.action)) return;
    const found = findPolicies(caller.accessKeyId);
    if (found instanceof Promise) return found.then((policies) => judge(policies ?? [], caller, question));
    judge(found ?? [], caller, question);
  };
}

function judge(policies: readonly Policy[], caller: Caller, question: PolicyQuestion): void {
  const { action, resource, now, requestTags, tagKeys } = question;
  const { arn: principalArn, userName, sourceAddress, secureTransport } = caller;
  const resourceTags = isOwn(resource, caller) ? question.resourceTags : {};
  const context = { principalArn, userName, sourceAddress, secureTransport, now, resourceTags, requestTags, tagKeys };
  const decision = decide(policies, { action, resource, context });
  if (!decision.allowed) throw forbidden(wordRefusal(caller, question, decision));
}

/** `arn:aws:SERVICE:REGION:ACCOUNT:…` */
const accountPart = 4;

/** The tag operations are asked about any ARN: a condition must not become a way to guess the tags of another account. */
function isOwn(resource: string, { accountId }: Caller): boolean {
  let colon = -1;
  for (let part = 0; part < accountPart; part += 1) {
    colon = resource.indexOf(':', colon + 1);
    if (colon < 0) return false;
  }
  return resource.startsWith(`${accountId}:`, colon + 1);
}

/** AWS's words. */
function wordRefusal({ arn }: Caller, { action, resource }: PolicyQuestion, { reason }: Decision): string {
  const because =
    reason === 'explicit deny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  return `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${because}`;
}
