/** CreateCampaign, UpdateCampaign and DeleteCampaign: a campaign, its schedule, its templates and its tags in one go. */
import { isDeepStrictEqual } from 'node:util';
import type { CampaignResponse, WriteCampaignRequest } from '../../contract/pinpoint-types.ts';
import type { Database, Transaction } from '../../database/index.ts';
import { badRequest, notFound } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Handlers, ProjectCall } from '../../operations/call.ts';
import type { OutgoingHttp } from '../../outgoing/http.ts';
import {
  changeTags,
  checkTags,
  deleteTags,
  findSettings,
  findTags,
  formatArn,
  holdProject,
} from '../projects/index.ts';
import { announceCampaigns } from './announce.ts';
import type { Campaign, CampaignKey } from './campaign.ts';
import { checkDefinition } from './definition/check.ts';
import { isImmediateOnce, kindOf } from './definition/kind.ts';
import { type Draft, mergeRequest } from './definition/merge.ts';
import { checkOwners, findTemplates, resolveSegment } from './definition/references.ts';
import { inheritedFrom } from './definition/settings.ts';
import type { InAppCampaigns } from './in-app/in-app-campaigns.ts';
import { forgetKeptTemplates, keepTemplates } from './kept-templates.ts';
import { checkQuotas } from './quotas.ts';
import { campaignName, toCampaignResponse } from './response.ts';
import { cancelRuns } from './run/create.ts';
import { pauseCampaign, scheduleCampaign, unscheduleCampaign } from './schedule/schedules.ts';
import { showCampaign } from './show.ts';
import { findCampaign, insertCampaign, lockCampaign, markCampaignDeleted, replaceDefinition } from './store.ts';

export interface ChangeParts {
  readonly database: Database;
  readonly http: OutgoingHttp;
  readonly inAppCampaigns: InAppCampaigns;
}

export function changeOperations({
  database: { query },
  http,
  inAppCampaigns,
}: ChangeParts): Handlers<'CreateCampaign' | 'UpdateCampaign' | 'DeleteCampaign'> {
  const change = async (call: ProjectCall, work: (tx: Transaction) => Promise<CampaignResponse>) => {
    const answer = await call.transaction(async (tx) => {
      const changed = await work(tx);
      await announceCampaigns(tx, call.project.number);
      return changed;
    });
    inAppCampaigns.forget(call.project.number);
    return answer;
  };

  return {
    async CreateCampaign({ WriteCampaignRequest: request }, call) {
      const tags = request.tags ?? {};
      checkTags(tags);
      const draft = mergeRequest(request);
      checkDefinition(draft, { now: call.now });
      const isPaused = request.IsPaused ?? false;
      checkPause(draft, isPaused);
      await checkOwners(http, call.project.accountId, draft);
      const key = { projectNumber: call.project.number, id: newId() };
      const name = campaignName({ ...call.project, applicationId: call.project.id, id: key.id });
      call.audited(formatArn(name));
      return change(call, async (tx) => {
        await insert(tx, call, key, draft, isPaused);
        if (Object.keys(tags).length > 0) await changeTags(tx, name, () => tags);
        return showCampaign(tx, await reread(tx, key));
      });
    },

    async UpdateCampaign({ CampaignId, WriteCampaignRequest: request }, call) {
      const key = { projectNumber: call.project.number, id: CampaignId };
      const before = await findCampaign(query, key);
      if (before === undefined) throw notFound();
      const draft = mergeRequest(request, before.definition, call.nullMembers());
      checkDefinition(draft, { now: call.now, before: before.definition });
      await checkOwners(http, call.project.accountId, draft, before.definition);
      return change(call, async (tx) => {
        const stored = await lockCampaign(tx, key);
        if (stored === undefined) throw notFound();
        await update(tx, call, stored, request);
        return showCampaign(tx, await reread(tx, key));
      });
    },

    async DeleteCampaign({ CampaignId }, call) {
      const key = { projectNumber: call.project.number, id: CampaignId };
      return change(call, async (tx) => {
        const stored = await lockCampaign(tx, key);
        if (stored === undefined) throw notFound();
        const tags = await findTags(tx, campaignName(stored));
        await unscheduleCampaign(tx, key);
        await cancelRuns(tx, key, call.now);
        await markCampaignDeleted(tx, key, call.now);
        await forgetKeptTemplates(tx, key);
        await deleteTags(tx, campaignName(stored));
        return toCampaignResponse({ ...stored, state: 'DELETED' }, tags, () => 'DELETED');
      });
    },
  };
}

async function insert(
  tx: Transaction,
  { project, now }: ProjectCall,
  key: CampaignKey,
  draft: Draft,
  isPaused: boolean,
): Promise<void> {
  if (!(await holdProject(tx, project.number))) throw notFound('Application not found');
  await checkQuotas(tx, project, { id: key.id, definition: draft, isPaused });
  const definition = await resolveSegment(tx, project.number, draft);
  const templates = await findTemplates(tx, project, definition);
  const inherited = inheritedFrom(await findSettings(tx, project.number));
  await insertCampaign(tx, { ...key, definition, inherited, isPaused, now });
  await keepTemplates(tx, key, templates);
  await scheduleCampaign(tx, await reread(tx, key), now);
  if (isPaused) await pauseCampaign(tx, key, true, now);
}

/** States in which a campaign may become another one (dossier/messaging §1.3); one that is INVALID can be mended. */
const changeable: ReadonlySet<Campaign['state']> = new Set(['SCHEDULED', 'PAUSED', 'PENDING_NEXT_RUN', 'INVALID']);
const over: ReadonlySet<Campaign['state']> = new Set(['COMPLETED', 'DELETED']);

async function update(
  tx: Transaction,
  { project, now, nullMembers }: ProjectCall,
  stored: Campaign,
  request: WriteCampaignRequest,
): Promise<void> {
  const draft = mergeRequest(request, stored.definition, nullMembers());
  checkDefinition(draft, { now, before: stored.definition });
  const isPaused = request.IsPaused ?? stored.isPaused;
  const pauses = isPaused !== stored.isPaused;
  const changes = !isAlike(draft, stored.definition);
  if (over.has(stored.state) || (changes && !changeable.has(stored.state))) {
    throw badRequest(`A campaign whose state is ${stored.state} cannot be changed`);
  }
  if (pauses) checkPause(draft, isPaused);
  const resumes = pauses && !isPaused;
  if (resumes || stored.state === 'INVALID' || kindOf(draft.Schedule) !== kindOf(stored.definition.Schedule)) {
    await checkQuotas(tx, project, { id: stored.id, definition: draft, isPaused });
  }
  const definition = changes ? await resolveSegment(tx, project.number, draft) : stored.definition;
  const templates = changes ? await findTemplates(tx, project, definition, stored.definition) : [];
  await replaceDefinition(tx, stored, { definition, isPaused, now });
  await keepTemplates(tx, stored, templates);
  // It leaves alone what is due when the schedule is the same.
  if (changes || stored.state === 'INVALID') await scheduleCampaign(tx, await reread(tx, stored), now);
  if (pauses) await pauseCampaign(tx, stored, isPaused, now);
}

/** @throws BadRequestException for a campaign that has its only run at once */
function checkPause({ Schedule }: Draft, isPaused: boolean): void {
  if (isPaused && isImmediateOnce(Schedule)) {
    throw badRequest('IsPaused: a campaign that is sent once and at once cannot be paused');
  }
}

/** As JSON: the database gives members back in another order, and requests come without prototypes. */
function isAlike(one: object, other: object): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
}

/** As it is now, with what its schedule has made of it. */
async function reread(tx: Transaction, key: CampaignKey): Promise<Campaign> {
  const campaign = await findCampaign(tx, key);
  if (campaign === undefined) throw notFound();
  return campaign;
}
