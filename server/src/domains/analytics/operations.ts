/** Everything that analytics answers. */
import type { Database } from '../../database/index.ts';
import type { PagingTokens } from '../../kernel/paging.ts';
import { campaignReportOperations } from './campaigns/operations.ts';
import { funnelOperations } from './funnels/operations.ts';
import { type CampaignLookup, kpiOperations } from './kpis/operations.ts';
import { pageOperations } from './pages/operations.ts';

interface Parts {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
  readonly campaignCreatedAt: CampaignLookup;
}

export function analyticsOperations(parts: Parts) {
  return {
    ...kpiOperations({ query: parts.database.query, campaignCreatedAt: parts.campaignCreatedAt }),
    ...campaignReportOperations(parts),
    ...pageOperations(parts),
    ...funnelOperations(parts),
  };
}
