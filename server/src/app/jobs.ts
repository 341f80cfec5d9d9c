/** Joins the background work of the domains. */
import { accountCrons, accountJobs } from '../domains/accounts/index.ts';
import { type AnalyticsJobParts, analyticsCrons, analyticsJobs } from '../domains/analytics/index.ts';
import { audienceCrons, audienceJobs } from '../domains/audience/index.ts';
import { channelCrons, channelJobs } from '../domains/channels/index.ts';
import {
  type AccessParts,
  accessCrons,
  accessJobs,
  type ErasureParts,
  erasureCrons,
  erasureJobs,
  type FileErasureParts,
  fileErasureJobs,
  type ScopeJobParts,
  scopeCrons,
  scopeJobs,
} from '../domains/erasure/index.ts';
import { type EventJobParts, eventCrons, eventJobs } from '../domains/events/index.ts';
import { type MessagingJobParts, messagingCrons, messagingJobs } from '../domains/messaging/index.ts';
import { type TransferJobParts, transferJobs } from '../domains/transfers/index.ts';
import type { JobHandler } from '../jobs/index.ts';
import { personalDataInventory } from './inventory.ts';

export function jobsOfDomains(
  parts: TransferJobParts &
    EventJobParts &
    MessagingJobParts &
    AnalyticsJobParts &
    Omit<FileErasureParts, 'receipts'> &
    Omit<ScopeJobParts, 'inventory' | 'receipts'> & {
      readonly erasure: ErasureParts;
      readonly archives: { readonly folder: AccessParts['folder'] };
    },
): JobHandler[] {
  const { receipts } = parts.erasure;
  return [
    ...accountJobs(parts),
    ...audienceJobs(parts),
    ...channelJobs(parts),
    ...eventJobs(parts),
    ...analyticsJobs(parts),
    ...messagingJobs(parts),
    ...transferJobs(parts),
    ...fileErasureJobs({ ...parts, receipts }),
    ...erasureJobs(parts.erasure),
    ...accessJobs({ ...parts, ...parts.archives, inventory: personalDataInventory, ended: [] }),
    ...scopeJobs({ ...parts, inventory: personalDataInventory, receipts }),
  ];
}

export const cronsOfDomains = [
  ...accountCrons,
  ...audienceCrons,
  ...channelCrons,
  ...eventCrons,
  ...messagingCrons,
  ...analyticsCrons,
  ...erasureCrons,
  ...scopeCrons,
  ...accessCrons,
];
