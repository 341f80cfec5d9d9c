/** Joins what the domains answer, and who is told of removed endpoints. */
import type { Database } from '../database/index.ts';
import { type AuditTrail, accountOperations } from '../domains/accounts/index.ts';
import { analyticsOperations, isCampaignCounted } from '../domains/analytics/index.ts';
import { audienceOperations } from '../domains/audience/index.ts';
import { channelOperations, outboxOperations, providerOperations } from '../domains/channels/index.ts';
import { eraseDeletedProject, erasesRemoved, erasureOperations, scopeOperations } from '../domains/erasure/index.ts';
import { eventOperations, ingestOperations, streamOperations } from '../domains/events/index.ts';
import { messagingOperations } from '../domains/messaging/index.ts';
import { projectOperations, taggableProjects, tagOperations } from '../domains/projects/index.ts';
import { findRecommender, recommenderOperations } from '../domains/recommenders/index.ts';
import { exploreOperations, segmentOperations, taggableSegments } from '../domains/segments/index.ts';
import { taggableTemplates, templateOperations } from '../domains/templates/index.ts';
import { transferOperations } from '../domains/transfers/index.ts';
import type { MasterKey } from '../kernel/master-key.ts';
import type { PagingTokens } from '../kernel/paging.ts';
import type { HandlerTable } from '../operations/call.ts';
import type { Domains } from './domains.ts';

interface HandlerParts extends Domains {
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly pagingTokens: PagingTokens;
  readonly audit: AuditTrail;
  readonly eventRetentionDays: number;
  readonly closedAccountDays: number;
}

export function handlersOfDomains(parts: HandlerParts): HandlerTable {
  const { database, projects } = parts;
  return {
    ...accountOperations(parts),
    ...projectOperations({ ...parts, deleted: [eraseDeletedProject] }),
    ...scopeOperations(parts),
    ...tagOperations(database, [taggableProjects, taggableSegments, taggableTemplates], projects),
    ...audienceOperations({ ...parts, removed: erasesRemoved(parts.erasure) }),
    ...channelOperations(parts),
    ...providerOperations(parts),
    ...outboxOperations(parts),
    ...segmentOperations(parts),
    ...exploreOperations(parts),
    ...eventOperations(parts),
    // Until there are campaigns, those that something was counted of.
    ...analyticsOperations({ ...parts, campaignExists: isCampaignCounted }),
    ...ingestOperations({ ...parts, settings: parts.eventSettings }),
    ...streamOperations(parts),
    ...transferOperations(parts),
    ...erasureOperations({ ...parts.erasure, pagingTokens: parts.pagingTokens }),
    ...recommenderOperations(parts),
    ...messagingOperations(parts),
    ...templateOperations({
      ...parts,
      recommenderExists: async (query, scope, id) => (await findRecommender(query, scope, id)) !== undefined,
    }),
  };
}
