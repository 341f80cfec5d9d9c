import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PolicyContext } from './context.ts';
import { decide } from './decide.ts';
import { compilePolicy } from './document.ts';
import { compileArnPattern, compilePattern } from './pattern.ts';

const context = (changes: Partial<PolicyContext> = {}): PolicyContext => ({
  principalArn: 'arn:aws:iam::123456789012:user/ann',
  userName: 'ann',
  sourceAddress: '198.51.100.7',
  now: new Date('2026-11-02T10:00:00Z'),
  secureTransport: false,
  resourceTags: {},
  requestTags: {},
  tagKeys: Object.keys(changes.requestTags ?? {}),
  ...changes,
});
const app = 'arn:aws:mobiletargeting:eu-west-1:123456789012:apps/abc';
const ask = (document: unknown, action: string, resource = app, changes: Partial<PolicyContext> = {}) =>
  decide([compilePolicy(document)], { action, resource, context: context(changes) }).reason;
const statement = (members: object) => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*', ...members },
});
const faultOf = (document: unknown): string => {
  try {
    compilePolicy(document);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('actions and resources', () => {
  test.each([
    [{ Action: 'mobiletargeting:GetApp' }, 'mobiletargeting:GetApp', 'allowed'],
    [{ Action: 'MobileTargeting:getapp' }, 'mobiletargeting:GetApp', 'allowed'],
    [{ Action: 'mobiletargeting:Get*' }, 'mobiletargeting:GetApps', 'allowed'],
    [{ Action: 'mobiletargeting:Get*' }, 'mobiletargeting:CreateApp', 'no statement'],
    [{ Action: 'mobiletargeting:GetApp?' }, 'mobiletargeting:GetApps', 'allowed'],
    [{ Action: 'mobiletargeting:GetApp?' }, 'mobiletargeting:GetApp', 'no statement'],
    [{ Action: ['repoint:*', 'mobiletargeting:GetApp'] }, 'mobiletargeting:GetApp', 'allowed'],
    [{ Action: 'mobiletargeting:*' }, 'repoint:GetUsers', 'no statement'],
    [{ Action: undefined, NotAction: 'mobiletargeting:Delete*' }, 'mobiletargeting:GetApp', 'allowed'],
    [{ Action: undefined, NotAction: 'mobiletargeting:Delete*' }, 'mobiletargeting:DeleteApp', 'no statement'],
  ])('%j asked for %s: %s', (members, action, reason) => expect(ask(statement(members), action)).toBe(reason));

  test.each([
    ['*', app, true],
    ['*', '*', true],
    [app, app, true],
    [app, `${app}/endpoints/x`, false],
    [`${app}*`, `${app}/endpoints/x/y:z`, true],
    ['arn:aws:mobiletargeting:*:123456789012:apps/*', app, true],
    ['arn:aws:mobiletargeting:*', app, true],
    ['arn:aws:mobiletargeting:us-*:*:*', app, false],
    ['arn:aws:mobiletargeting:*:*:apps/abc/endpoints/?', `${app}/endpoints/漢`, true],
    ['arn:aws:mobiletargeting:*:*:apps/*/endpoints/x', `${app}/endpoints/a/endpoints/x`, true],
    // An endpoint id that looks like the rest of another ARN stays an endpoint id.
    ['arn:aws:mobiletargeting:*:123456789012:apps/other', `${app}/endpoints/x:123456789012:apps/other`, false],
    [app, '*', false],
    ['arn:aws:repoint:*:*:users/${aws:username}', 'arn:aws:repoint:eu-west-1:123456789012:users/ann', true],
    ['arn:aws:repoint:*:*:users/${aws:username}', 'arn:aws:repoint:eu-west-1:123456789012:users/bob', false],
    ['arn:aws:repoint:*:*:users/${aws:username}/*', 'arn:aws:repoint:eu-west-1:123456789012:users/ann/x', true],
  ])('the resource %s on %s: %s', (pattern, resource, allowed) => {
    expect(ask(statement({ Resource: pattern }), 'x:Y', resource) === 'allowed').toBe(allowed);
    expect(ask(statement({ Resource: undefined, NotResource: pattern }), 'x:Y', resource) === 'allowed').toBe(!allowed);
  });

  test('a user name is never a pattern', () => {
    const document = statement({ Resource: 'arn:aws:repoint:*:*:users/${aws:username}' });
    expect(ask(document, 'repoint:GetUser', 'arn:aws:repoint:r:1:users/bob', { userName: '*' })).toBe('no statement');
  });

  test('an explicit Deny wins wherever it stands', () => {
    const [allow, deny] = [statement({}), statement({ Effect: 'Deny', Action: 'mobiletargeting:DeleteApp' })].map(
      compilePolicy,
    );
    const request = { action: 'mobiletargeting:DeleteApp', resource: app, context: context() };
    for (const policies of [
      [allow, deny],
      [deny, allow],
    ]) {
      expect(decide(policies as NonNullable<typeof allow>[], request)).toEqual({
        allowed: false,
        reason: 'explicit deny',
      });
    }
    expect(decide([], request)).toEqual({ allowed: false, reason: 'no statement' });
  });
});

describe('conditions', () => {
  const tagged = { resourceTags: { team: 'Red', level: '7', odd: 'seven' } };
  const requesting = { requestTags: { team: 'Red', env: 'prod' } };
  const cases: [object, Partial<PolicyContext>, boolean][] = [
    [{ StringEquals: { 'aws:ResourceTag/team': 'Red' } }, tagged, true],
    [{ StringEquals: { 'aws:ResourceTag/team': 'red' } }, tagged, false],
    [{ StringEquals: { 'AWS:resourcetag/TEAM': ['Blue', 'Red'] } }, tagged, true],
    [{ StringEquals: { 'aws:ResourceTag/none': 'Red' } }, tagged, false],
    [{ StringEqualsIfExists: { 'aws:ResourceTag/none': 'Red' } }, tagged, true],
    [{ StringEqualsIfExists: { 'aws:ResourceTag/team': 'Blue' } }, tagged, false],
    [{ StringNotEquals: { 'aws:ResourceTag/team': ['Blue', 'Red'] } }, tagged, false],
    [{ StringNotEquals: { 'aws:ResourceTag/team': ['Blue', 'Green'] } }, tagged, true],
    [{ StringNotEquals: { 'aws:ResourceTag/none': 'Red' } }, tagged, true],
    [{ StringEqualsIgnoreCase: { 'aws:ResourceTag/team': 'RED' } }, tagged, true],
    [{ StringNotEqualsIgnoreCase: { 'aws:ResourceTag/team': 'RED' } }, tagged, false],
    [{ StringLike: { 'aws:ResourceTag/team': 'R*' } }, tagged, true],
    [{ StringEquals: { 'aws:ResourceTag/team': 'R*' } }, tagged, false],
    [{ StringNotLike: { 'aws:ResourceTag/team': 'R??' } }, tagged, false],
    [{ StringEquals: { 'aws:username': '${aws:username}' } }, {}, true],
    [{ StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/${aws:username}' } }, {}, true],
    [{ StringEquals: { 'aws:username': 'ann', 'aws:ResourceTag/team': 'Red' } }, {}, false],
    [{ StringEquals: { 'aws:username': 'ann' }, StringLike: { 'aws:username': 'b*' } }, {}, false],
    [{ ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/ann' } }, {}, true],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/b*' } }, {}, false],
    [{ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/b*' } }, {}, true],
    [{ ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:user/ann' } }, {}, false],
    [{ IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } }, {}, true],
    [{ IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } }, { sourceAddress: '::ffff:198.51.100.9' }, true],
    [{ IpAddress: { 'aws:SourceIp': ['2001:db8::/32', '10.0.0.1'] } }, { sourceAddress: '2001:db8::1' }, true],
    [{ NotIpAddress: { 'aws:SourceIp': '198.51.100.0/24' } }, {}, false],
    [{ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }, { sourceAddress: 'unknown' }, false],
    [{ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, { sourceAddress: 'unknown' }, false],
    [{ DateGreaterThan: { 'aws:CurrentTime': '2026-11-02T09:59:59Z' } }, {}, true],
    [{ DateLessThan: { 'aws:CurrentTime': '2026-11-02' } }, {}, false],
    [{ DateGreaterThanEquals: { 'aws:CurrentTime': '2026-11-02T12:00:00+02:00' } }, {}, true],
    [{ DateEquals: { 'aws:CurrentTime': 1_793_613_600 } }, {}, true],
    [{ DateNotEquals: { 'aws:CurrentTime': '2026-11-02T10:00:00Z' } }, {}, false],
    [{ DateLessThanEquals: { 'aws:CurrentTime': '2026-11-02T10:00:00Z' } }, {}, true],
    [{ Bool: { 'aws:SecureTransport': 'false' } }, {}, true],
    [{ Bool: { 'aws:SecureTransport': true } }, { secureTransport: true }, true],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, {}, false],
    [{ NumericLessThan: { 'aws:ResourceTag/level': '10' } }, tagged, true],
    [{ NumericGreaterThanEquals: { 'aws:ResourceTag/level': 7 } }, tagged, true],
    [{ NumericEquals: { 'aws:ResourceTag/level': ['1', '7.0'] } }, tagged, true],
    [{ NumericNotEquals: { 'aws:ResourceTag/level': '7' } }, tagged, false],
    [{ NumericNotEquals: { 'aws:ResourceTag/odd': '7' } }, tagged, false],
    [{ Null: { 'aws:ResourceTag/team': 'false' } }, tagged, true],
    [{ Null: { 'aws:ResourceTag/none': true } }, tagged, true],
    [{ Null: { 'aws:TagKeys': 'true' } }, {}, true],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'env', 'x'] } }, requesting, true],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } }, requesting, false],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } }, {}, true],
    [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['team'] } }, requesting, true],
    [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['team'] } }, {}, false],
    [{ 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['team', 'env'] } }, requesting, false],
    [{ 'ForAllValues:StringNotLike': { 'aws:TagKeys': ['aws*'] } }, requesting, true],
    [{ 'ForAnyValue:StringEqualsIfExists': { 'aws:TagKeys': ['x'] } }, {}, true],
    [{ StringEquals: { 'aws:RequestTag/env': 'prod' } }, requesting, true],
  ];
  test.each(cases)('%j with %j: %s', (condition, changes, holds) => {
    expect(ask(statement({ Condition: condition }), 'x:Y', app, changes) === 'allowed').toBe(holds);
  });

  test('what cannot be compared counts against the caller, in an Allow and in a Deny', () => {
    for (const condition of [
      { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
    ]) {
      expect(ask(statement({ Condition: condition }), 'x:Y', app, { sourceAddress: '?' })).toBe('no statement');
      expect(ask(statement({ Effect: 'Deny', Condition: condition }), 'x:Y', app, { sourceAddress: '?' })).toBe(
        'explicit deny',
      );
    }
  });
});

describe('documents that are refused, with the place of the fault', () => {
  test.each<[unknown, string]>([
    ['text', '$: must be an object'],
    [{ Version: '2012-10-17' }, '$.Statement: is missing'],
    [{ Statement: [] }, '$.Statement: must not be empty'],
    [{ Version: '2020-01-01', Statement: {} }, '$.Version: must be'],
    [{ ...statement({}), Foo: 1 }, '$.Foo: is not supported'],
    [statement({ Principal: '*' }), '$.Statement.Principal: is not supported'],
    [statement({ Effect: 'allow' }), '$.Statement.Effect: must be Allow or Deny'],
    [statement({ NotAction: 'a:b' }), '$.Statement: must have either Action or NotAction'],
    [statement({ Resource: undefined }), '$.Statement: must have either Resource or NotResource'],
    [statement({ Action: 'GetApp' }), '$.Statement.Action[0]: must be * or'],
    [statement({ Action: [] }), '$.Statement.Action: must not be empty'],
    [statement({ Action: [{}] }), '$.Statement.Action[0]: must be a text'],
    [statement({ Resource: 'apps/x' }), '$.Statement.Resource[0]: must be * or an ARN'],
    [statement({ Resource: 'arn:aws:mobiletargeting:x' }), '$.Statement.Resource[0]: must be * or an ARN'],
    [
      { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Sid: 1 }] },
      '$.Statement[0].Sid: must be a text',
    ],
    [statement({ Condition: { Foo: { 'aws:username': 'x' } } }), '$.Statement.Condition.Foo: the condition operator'],
    [
      statement({ Condition: { StringEquals: { 'aws:Foo': 'x' } } }),
      '$.Statement.Condition.StringEquals.aws:Foo: the condition key',
    ],
    [
      statement({ Condition: { StringEquals: { __proto__: null, constructor: 'x' } } }),
      '.constructor: the condition key',
    ],
    [statement({ Condition: { StringEquals: { 'aws:ResourceTag/': 'x' } } }), 'the condition key'],
    [statement({ Condition: { StringEquals: { 'aws:TagKeys': 'x' } } }), 'needs ForAllValues: or ForAnyValue:'],
    [statement({ Condition: { NullIfExists: { 'aws:username': 'true' } } }), 'the condition operator'],
    [statement({ Condition: { Null: { 'aws:username': 'maybe' } } }), 'Null is true or false'],
    [statement({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/33' } } }), '[0]: the value cannot be compared'],
    [statement({ Condition: { DateLessThan: { 'aws:CurrentTime': 'soon' } } }), '[0]: the value cannot be compared'],
    [statement({ Condition: { Bool: { 'aws:SecureTransport': 'yes' } } }), '[0]: the value cannot be compared'],
    [statement({ Condition: [] }), '$.Statement.Condition: must be an object'],
    [statement({ Resource: 'arn:aws:a:b:c:${aws:userid}' }), '$.Statement.Resource: the policy variable'],
    [
      statement({ Condition: { StringEquals: { 'aws:username': ['x', '${aws:foo}'] } } }),
      '.aws:username[1]: the policy variable',
    ],
    [statement({ Resource: 'arn:aws:a:b:c:${aws:username' }), 'the policy variable'],
    [
      { Statement: { Effect: 'Allow', Action: '*', Resource: 'arn:aws:a:b:c:${aws:username}' } },
      'need Version 2012-10-17',
    ],
    [statement({ Sid: 'x'.repeat(11_000) }), 'at most 10240 characters'],
  ])('%j', (document, fault) => expect(faultOf(document)).toContain(fault));
});

describe('against a naive evaluation', () => {
  const glob = (pattern: string, flags: string) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\/]/g, '\\$&')
        .replaceAll('*', '[^]*')
        .replaceAll('?', '[^]')}$`,
      `u${flags}`,
    );
  const text = (letters: string, maxLength = 8) => fc.string({ unit: fc.constantFrom(...letters), maxLength });

  test('patterns are those of a regular expression', () => {
    fc.assert(
      fc.property(text('aB/*?.漢', 10), text('aAbB/.漢', 12), (pattern, value) => {
        expect(compilePattern(pattern)(value, '')).toBe(glob(pattern, '').test(value));
        expect(compilePattern(pattern, 'any case')(value, '')).toBe(glob(pattern, 'i').test(value));
      }),
      { numRuns: 3000 },
    );
  });

  test('a hostile pattern stays quick', () => {
    const begun = performance.now();
    compileArnPattern(`arn:aws:a:b:c:${'*a'.repeat(500)}*b`)?.(`arn:aws:a:b:c:${'a'.repeat(5000)}`, '');
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  test('decisions over generated policies', () => {
    const actionPattern = fc.constantFrom('*', 'm:*', 'm:Get*', 'm:GetA', 'M:geta', 'm:?etB', 'r:*', 'm:Put');
    const resourcePattern = fc.constantFrom(
      '*',
      'arn:p:m:r:1:a/*',
      'arn:p:m:r:1:a/x',
      'arn:p:m:*:*:*/y',
      'arn:p:m:s:1:a/x',
      'arn:p:*',
    );
    const tagValue = fc.constantFrom('red', 'blue');
    const generated = fc.record({
      Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
      actions: fc.array(actionPattern, { minLength: 1, maxLength: 2 }),
      notAction: fc.boolean(),
      resources: fc.array(resourcePattern, { minLength: 1, maxLength: 2 }),
      notResource: fc.boolean(),
      condition: fc.option(
        fc.record({
          operator: fc.constantFrom(
            'StringEquals',
            'StringNotEquals',
            'StringEqualsIfExists',
            'StringNotEqualsIfExists',
          ),
          values: fc.array(tagValue, { minLength: 1, maxLength: 2 }),
        }),
        { nil: undefined },
      ),
    });
    const request = fc.record({
      action: fc.constantFrom('m:GetA', 'm:GetB', 'm:Put', 'r:GetA'),
      resource: fc.constantFrom('arn:p:m:r:1:a/x', 'arn:p:m:r:1:a/y', 'arn:p:m:s:1:a/x', 'arn:p:m:r:1:a', '*'),
      tag: fc.option(tagValue, { nil: undefined }),
    });
    fc.assert(
      fc.property(
        fc.array(fc.array(generated, { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
        request,
        (policies, { action, resource, tag }) => {
          const naive = (kind: string) =>
            policies.flat().some(({ Effect, actions, notAction, resources, notResource, condition }) => {
              if (Effect !== kind) return false;
              if (actions.some((pattern) => glob(pattern, 'i').test(action)) === notAction) return false;
              if (resources.some((pattern) => glob(pattern, '').test(resource)) === notResource) return false;
              if (condition === undefined) return true;
              const negated = condition.operator.includes('Not');
              if (tag === undefined) return negated || condition.operator.endsWith('IfExists');
              return condition.values.includes(tag) !== negated;
            });
          const documents = policies.map((statements) => ({
            Version: '2012-10-17',
            Statement: statements.map(({ Effect, actions, notAction, resources, notResource, condition }) => ({
              Effect,
              [notAction ? 'NotAction' : 'Action']: actions,
              [notResource ? 'NotResource' : 'Resource']: resources,
              ...(condition && { Condition: { [condition.operator]: { 'aws:ResourceTag/t': condition.values } } }),
            })),
          }));
          const { reason } = decide(documents.map(compilePolicy), {
            action,
            resource,
            context: context({ resourceTags: tag === undefined ? {} : { t: tag } }),
          });
          expect(reason).toBe(naive('Deny') ? 'explicit deny' : naive('Allow') ? 'allowed' : 'no statement');
        },
      ),
      { numRuns: 2000 },
    );
  });
});
