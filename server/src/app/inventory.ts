/** The personal-data inventory of all domains (DESIGN decision 8). */
import { platformPersonalData } from '../database/index.ts';
import { accountsPersonalData } from '../domains/accounts/index.ts';
import { analyticsPersonalData } from '../domains/analytics/index.ts';
import { audiencePersonalData } from '../domains/audience/index.ts';
import { campaignsPersonalData } from '../domains/campaigns/index.ts';
import { channelsPersonalData } from '../domains/channels/index.ts';
import { erasurePersonalData } from '../domains/erasure/index.ts';
import { eventsPersonalData } from '../domains/events/index.ts';
import { messagingPersonalData } from '../domains/messaging/index.ts';
import { projectsPersonalData } from '../domains/projects/index.ts';
import { recommendersPersonalData } from '../domains/recommenders/index.ts';
import { segmentsPersonalData } from '../domains/segments/index.ts';
import { templatesPersonalData } from '../domains/templates/index.ts';
import { transfersPersonalData } from '../domains/transfers/index.ts';
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
];
