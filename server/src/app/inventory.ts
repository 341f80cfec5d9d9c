/** The personal-data inventory of all domains (DESIGN decision 8): what is where, and how it is reached. */
import { type Locations, platformPersonalData } from '../database/index.ts';
import { accountsPersonalData } from '../domains/accounts/index.ts';
import { analyticsLocations, analyticsPersonalData } from '../domains/analytics/index.ts';
import { type Audience, audienceLocations, audiencePersonalData } from '../domains/audience/index.ts';
import { campaignLocations, campaignsPersonalData, countErasedClaims } from '../domains/campaigns/index.ts';
import { channelLocations, channelsPersonalData } from '../domains/channels/index.ts';
import {
  accessPersonalData,
  archiveLocation,
  erasurePersonalData,
  type FileLocationParts,
  fileErasurePersonalData,
  fileLocations,
  ledgerPersonalData,
  receiptPersonalData,
  scopePersonalData,
} from '../domains/erasure/index.ts';
import { eventLocations, eventsPersonalData } from '../domains/events/index.ts';
import { type Messaging, messagingLocations, messagingPersonalData } from '../domains/messaging/index.ts';
import { projectsPersonalData } from '../domains/projects/index.ts';
import { recommendersPersonalData } from '../domains/recommenders/index.ts';
import { segmentLocations, segmentsPersonalData } from '../domains/segments/index.ts';
import { templatesPersonalData } from '../domains/templates/index.ts';
import { transferLocations, transfersPersonalData } from '../domains/transfers/index.ts';
import { jobsPersonalData } from '../jobs/index.ts';
import type { PersonalData } from '../kernel/personal-data.ts';

/** Every table and file class of the server, classified. The inventory test holds it against the database. */
export const personalDataInventory: readonly PersonalData[] = [
  platformPersonalData,
  jobsPersonalData,
  accountsPersonalData,
  projectsPersonalData,
  audiencePersonalData,
  channelsPersonalData,
  segmentsPersonalData,
  transfersPersonalData,
  templatesPersonalData,
  recommendersPersonalData,
  messagingPersonalData,
  campaignsPersonalData,
  eventsPersonalData,
  analyticsPersonalData,
  erasurePersonalData,
  fileErasurePersonalData,
  scopePersonalData,
  ledgerPersonalData,
  receiptPersonalData,
  accessPersonalData,
];

/** Every place that may hold a person. The inventory test holds it against the above. */
export function locationsOf(
  parts: FileLocationParts & {
    readonly audience: Pick<Audience, 'tombstones' | 'identities'>;
    readonly messaging: Pick<Messaging, 'hashes' | 'passwords' | 'idempotentCalls'>;
  },
): Locations {
  const { audience, messaging } = parts;
  const rows = [
    ...audienceLocations(audience.tombstones),
    ...segmentLocations,
    ...transferLocations,
    ...campaignLocations,
    ...channelLocations,
    ...messagingLocations({ ...messaging, erasedClaims: countErasedClaims }),
    ...eventLocations,
    ...analyticsLocations,
  ];
  return { rows, files: [...fileLocations(parts), archiveLocation(parts)] };
}
