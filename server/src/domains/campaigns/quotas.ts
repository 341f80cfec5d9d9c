/** How many campaigns there may be (dossier/messaging §17). */
import type { Transaction } from '../../database/index.ts';
import { badRequest } from '../../kernel/errors.ts';
import type { Project } from '../../operations/call.ts';
import { type CampaignKind, kindOf } from './definition/kind.ts';
import type { Draft } from './definition/merge.ts';
import { countCampaignsExclusively } from './store.ts';

/** Per account and Region: SCHEDULED, EXECUTING and PENDING_NEXT_RUN. */
const maximumActive = 200;
/** Per project, paused ones too. */
const maximumOfKind: Partial<Record<CampaignKind, number>> = { EVENT: 25, IN_APP: 25 };
const kindWords: Partial<Record<CampaignKind, string>> = { EVENT: 'event campaigns', IN_APP: 'in-app campaigns' };

const frequencies: Partial<Record<CampaignKind, string>> = { EVENT: 'EVENT', IN_APP: 'IN_APP_EVENT' };

/** What a campaign is about to be; `id` is not counted against itself. */
export interface Candidate {
  readonly id: string;
  readonly definition: Draft;
  readonly isPaused: boolean;
}

/** @throws BadRequestException when there would be too many */
export async function checkQuotas(tx: Transaction, project: Project, candidate: Candidate): Promise<void> {
  const kind = kindOf(candidate.definition.Schedule);
  const { active, alike } = await countCampaignsExclusively(tx, project, candidate.id, frequencies[kind]);
  if (!candidate.isPaused && active >= maximumActive) {
    throw badRequest(`An account can have at most ${maximumActive} active campaigns in a Region`);
  }
  const most = maximumOfKind[kind];
  if (most !== undefined && alike >= most) throw badRequest(`A project can have at most ${most} ${kindWords[kind]}`);
}
