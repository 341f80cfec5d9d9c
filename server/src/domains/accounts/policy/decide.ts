/** The decision over all policies of a caller: an explicit Deny wins, and what nothing allows is not allowed. */
import type { PolicyContext } from './context.ts';
import type { Policy, Statement } from './document.ts';

export interface PolicyRequest {
  /** `mobiletargeting:GetApp` */
  readonly action: string;
  /** ARN, or `*` for operations that are checked on no resource. */
  readonly resource: string;
  readonly context: PolicyContext;
}

export interface Decision {
  readonly allowed: boolean;
  readonly reason: 'allowed' | 'explicit deny' | 'no statement';
}

export function decide(policies: readonly Policy[], request: PolicyRequest): Decision {
  let allowed = false;
  for (const { statements } of policies) {
    for (const statement of statements) {
      if (!applies(statement, request)) continue;
      if (statement.effect === 'Deny') return { allowed: false, reason: 'explicit deny' };
      allowed = true;
    }
  }
  return allowed ? { allowed, reason: 'allowed' } : { allowed, reason: 'no statement' };
}

/** A condition that cannot be decided counts against the caller: a Deny applies, an Allow does not. */
export function applies(statement: Statement, { action, resource, context }: PolicyRequest): boolean {
  return (
    statement.matchesAction(action) &&
    statement.matchesResource(resource, context.userName) &&
    (statement.condition(context) ?? statement.effect === 'Deny')
  );
}
