/** Whatever the console's pages for privacy call, the ready-made policy `privacy-officer` allows. */
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { operations } from '../src/contract/operations.ts';
import { decide } from '../src/domains/accounts/policy/decide.ts';
import { compilePolicy } from '../src/domains/accounts/policy/document.ts';
import { readyMadeDocument } from '../src/domains/accounts/policy/ready-made.ts';

const features = resolve(import.meta.dirname, '../../console/src/features');
const pages = globSync(['privacy/*.{ts,tsx}', 'audience/*.{ts,tsx}', 'audit-log/*.{ts,tsx}'], { cwd: features });

/** What every page asks without a policy, or for administrators alone. */
const besides = new Set(['SignOut', 'CloseAccount']);

/** Calls of either client: `repoint.send('GetFiles', …)`, `repoint.link(…)`, `new GetEndpointCommand(…)`. */
function callsOf(source: string): string[] {
  const own = source.matchAll(/repoint\s*\.(?:send|link)\(\s*'(\w+)'/g);
  const pinpoint = source.matchAll(/new (\w+)Command\(/g);
  return [...own, ...pinpoint].map(([, name]) => name as string);
}

it('lets somebody who has it alone use each of them', () => {
  const called = new Set(pages.flatMap((page) => callsOf(readFileSync(resolve(features, page), 'utf8'))));
  expect(called.size).toBeGreaterThan(40);
  const policy = compilePolicy(readyMadeDocument('privacy-officer'));
  const context = {
    ...{ principalArn: 'arn:aws:iam::123456789012:user/ann', userName: 'ann', sourceAddress: '198.51.100.7' },
    ...{ now: new Date(), secureTransport: false, resourceTags: {}, requestTags: {}, tagKeys: [] },
  };
  const refused = [...called].filter((name) => {
    if (besides.has(name)) return false;
    const { service, action, resource } = operations[name as keyof typeof operations];
    const prefix = service === 'pinpoint' ? 'mobiletargeting' : 'repoint';
    const arn = `arn:aws:${prefix}:eu-west-1:123456789012:${resource.replaceAll(/\{[\w-]+\}/g, 'x')}`;
    return !decide([policy], { action, resource: arn, context }).allowed;
  });
  expect(refused).toEqual([]);
});
