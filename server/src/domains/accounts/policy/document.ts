/** IAM-style policy documents, read once into something that decides quickly. What is not understood is refused. */
import { badRequest } from '../../../kernel/errors.ts';
import { type Condition, compileCondition } from './condition.ts';
import { compileArnPattern, compilePattern, type Matcher, unknownVariables } from './pattern.ts';
import { asList, asMap, refuseUnknownMembers, textsIn } from './shape.ts';

const longestDocument = 10_240;

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  matchesAction(action: string): boolean;
  matchesResource(resource: string, userName: string): boolean;
  readonly condition: Condition;
}

/** A policy, compiled. */
export interface Policy {
  readonly statements: readonly Statement[];
}

/**
 * @param document as it came from JSON
 * @throws BadRequestException whose message begins with the JSON path of the fault: `$.Statement[0].Condition.Foo`
 */
export function compilePolicy(document: unknown): Policy {
  const policy = asMap(document, '$');
  if (JSON.stringify(policy).length > longestDocument) {
    throw badRequest(`$: a policy document can have at most ${longestDocument} characters`);
  }
  refuseUnknownMembers(policy, ['Version', 'Id', 'Statement'], '$');
  const version = policy['Version'] ?? '2008-10-17';
  if (version !== '2012-10-17' && version !== '2008-10-17')
    throw badRequest('$.Version: must be 2012-10-17 or 2008-10-17');
  checkVariables(policy['Statement'], '$.Statement', version === '2012-10-17');
  if (policy['Statement'] === undefined) throw badRequest('$.Statement: is missing');
  const several = Array.isArray(policy['Statement']);
  const statements = asList(policy['Statement'], '$.Statement');
  return {
    statements: statements.map((statement, index) => {
      const path = several ? `$.Statement[${index}]` : '$.Statement';
      return compileStatement(asMap(statement, path), path);
    }),
  };
}

const statementMembers = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];

function compileStatement(statement: Readonly<Record<string, unknown>>, path: string): Statement {
  refuseUnknownMembers(statement, statementMembers, path);
  const { Sid: sid, Effect: effect, Condition: condition } = statement;
  if (sid !== undefined && typeof sid !== 'string') throw badRequest(`${path}.Sid: must be a text`);
  if (effect !== 'Allow' && effect !== 'Deny') throw badRequest(`${path}.Effect: must be Allow or Deny`);
  const action = eitherOf(statement, 'Action', 'NotAction', path);
  const resource = eitherOf(statement, 'Resource', 'NotResource', path);
  const actions = action.values.map((value, index) => compileAction(value, `${action.path}[${index}]`));
  const resources = resource.values.map((value, index) => compileResource(value, `${resource.path}[${index}]`));
  return {
    effect,
    matchesAction: (name) => actions.some((matches) => matches(name, '')) !== action.not,
    matchesResource: (arn, userName) => resources.some((matches) => matches(arn, userName)) !== resource.not,
    condition: condition === undefined ? () => true : compileCondition(condition, `${path}.Condition`),
  };
}

/** Exactly one of two members: the one that names what is meant, or the one that names everything else. */
function eitherOf(statement: Readonly<Record<string, unknown>>, plain: string, negated: string, path: string) {
  if ((statement[plain] === undefined) === (statement[negated] === undefined)) {
    throw badRequest(`${path}: must have either ${plain} or ${negated}`);
  }
  const not = statement[negated] !== undefined;
  const memberPath = `${path}.${not ? negated : plain}`;
  return { not, path: memberPath, values: textsIn(statement[not ? negated : plain], memberPath) };
}

/** `*`, or a service and a name: `mobiletargeting:Get*`. Capitals do not count. Services we do not have do no harm. */
function compileAction(pattern: string, path: string): Matcher {
  if (pattern !== '*' && !/^[a-z0-9-]+:[a-z0-9*?]+$/i.test(pattern)) {
    throw badRequest(`${path}: must be * or have the form service:Action`);
  }
  return compilePattern(pattern, 'any case');
}

function compileResource(pattern: string, path: string): Matcher {
  const matcher = compileArnPattern(pattern);
  if (matcher === undefined) throw badRequest(`${path}: must be * or an ARN of six parts`);
  return matcher;
}

/** Variables may stand in resources and condition values, and only those we can fill. */
function checkVariables(value: unknown, path: string, allowed: boolean): void {
  if (typeof value === 'string') {
    if (!value.includes('${')) return;
    if (!allowed) throw badRequest(`${path}: policy variables need Version 2012-10-17`);
    const [unknown] = unknownVariables(value);
    if (unknown !== undefined)
      throw badRequest(`${path}: the policy variable is not supported, only \${aws:username} is`);
    return;
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkVariables(item, `${path}[${index}]`, allowed);
  } else if (typeof value === 'object' && value !== null) {
    for (const [member, item] of Object.entries(value)) {
      if (member.includes('${')) throw badRequest(`${path}: policy variables cannot stand in names`);
      checkVariables(item, `${path}.${member}`, allowed);
    }
  }
}
