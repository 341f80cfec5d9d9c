/** What pages about policies ask. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { PolicyResponse, ReadyMadePolicy } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';

const readyMade: Readonly<Record<ReadyMadePolicy, true>> = {
  ...{ administrator: true, 'read-only': true, sender: true, 'mobile-client': true, 'privacy-officer': true },
};

/** Those cannot be changed; a new version of the server may widen them. */
export function isReadyMade(policyName: string): boolean {
  return Object.hasOwn(readyMade, policyName);
}

export function policyPath(policyName: string): string {
  return `/policies/${encodeURIComponent(policyName)}`;
}

export function showDocument(document: PolicyResponse['Document']): string {
  return JSON.stringify(document, null, 2);
}

export function usePolicy(policyName: string | undefined) {
  const { repoint, scope } = useApi();
  return useQuery({
    queryKey: [...scope, 'policy', policyName],
    queryFn: () => repoint.send('GetPolicy', { PolicyName: policyName ?? '' }),
    enabled: policyName !== undefined,
  });
}

export function useForgetPolicies(): () => Promise<void> {
  const { scope } = useApi();
  const cache = useQueryClient();
  return async () => {
    for (const what of ['policy', 'policies', 'users']) await cache.invalidateQueries({ queryKey: [...scope, what] });
  };
}
