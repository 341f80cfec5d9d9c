/** Joins what the domains answer, and who is told of removed endpoints. */
import type { Database } from '../database/index.ts';
import { type AuditTrail, accountOperations } from '../domains/accounts/index.ts';
import { analyticsOperations, countConversions, countTreatments } from '../domains/analytics/index.ts';
import { audienceOperations } from '../domains/audience/index.ts';
import {
  type Campaign,
  campaignCreatedAt,
  campaignOperations,
  campaignSendSources,
  type OutcomeCounts,
  progressOperations,
  rehearsalOperations,
  runOperations,
  stopCampaignsOfProject,
  stopCampaignsOfSegment,
  taggableCampaigns,
  winnerOperations,
} from '../domains/campaigns/index.ts';
import { channelOperations, outboxOperations, providerOperations } from '../domains/channels/index.ts';
import {
  accessOperations,
  eraseDeletedProject,
  erasesAttributes,
  erasesRemoved,
  erasureOperations,
  fileOperations,
  noteDeletedProject,
  openDsrOperations,
  scopeOperations,
} from '../domains/erasure/index.ts';
import { eventOperations, ingestOperations, streamOperations } from '../domains/events/index.ts';
import { healthOperations } from '../domains/health/index.ts';
import { messagingOperations } from '../domains/messaging/index.ts';
import { projectOperations, taggableProjects, tagOperations } from '../domains/projects/index.ts';
import { findRecommender, recommenderOperations } from '../domains/recommenders/index.ts';
import { exploreOperations, segmentOperations, taggableSegments } from '../domains/segments/index.ts';
import { taggableTemplates, templateOperations } from '../domains/templates/index.ts';
import { transferOperations } from '../domains/transfers/index.ts';
import type { Clock } from '../kernel/clock.ts';
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
  readonly uploadBucket: string;
  readonly closedAccountDays: number;
  readonly firstAccountId: string | undefined;
  readonly publicUrl: string | undefined;
  readonly clock: Clock;
  readonly nodeId: string;
  readonly dataDirectory: string;
  readonly databaseUrl: string | undefined;
  readonly ledgerUrl: string | undefined;
}

export function handlersOfDomains(parts: HandlerParts): HandlerTable {
  const { database, projects } = parts;
  return {
    ...accountOperations(parts),
    ...projectOperations({
      ...parts,
      deleted: [stopCampaignsOfProject, eraseDeletedProject, noteDeletedProject(parts.ledger)],
    }),
    ...scopeOperations(parts),
    ...tagOperations(database, [taggableProjects, taggableSegments, taggableCampaigns, taggableTemplates], projects),
    ...audienceOperations({
      ...parts,
      removed: erasesRemoved(parts.erasure),
      attributesRemoved: erasesAttributes(parts.erasure),
    }),
    ...channelOperations(parts),
    ...providerOperations(parts),
    ...outboxOperations(parts),
    ...segmentOperations({ ...parts, segmentDeleted: [stopCampaignsOfSegment] }),
    ...campaignOperations(parts),
    ...exploreOperations(parts),
    ...eventOperations(parts),
    ...analyticsOperations({ ...parts, campaignCreatedAt }),
    ...runOperations,
    ...progressOperations(parts),
    ...rehearsalOperations(parts),
    ...winnerOperations({ database, outcomes: outcomesOfCampaigns(database) }),
    ...ingestOperations({ ...parts, settings: parts.eventSettings }),
    ...streamOperations(parts),
    ...transferOperations(parts),
    ...fileOperations(parts),
    ...accessOperations(parts),
    ...openDsrOperations({ ...parts.erasure, publicUrl: parts.publicUrl }),
    ...erasureOperations({ ...parts.erasure, pagingTokens: parts.pagingTokens }),
    ...recommenderOperations(parts),
    ...healthOperations({
      ...parts,
      ledgerPlace: parts.ledger.store.place,
      sending: () => parts.messaging.pipeline.figures,
    }),
    ...messagingOperations({ ...parts, sendSources: campaignSendSources }),
    ...templateOperations({
      ...parts,
      recommenderExists: async (query, scope, id) => (await findRecommender(query, scope, id)) !== undefined,
    }),
  };
}

function outcomesOfCampaigns(database: Database): OutcomeCounts {
  const periodOf = ({ projectNumber, id, createdAt }: Campaign) => ({ projectNumber, campaignId: id, createdAt });
  return {
    byTreatment: (campaign) => countTreatments(database.query, periodOf(campaign)),
    conversions: (campaign, event) => countConversions(database, { ...periodOf(campaign), ...event }),
  };
}
