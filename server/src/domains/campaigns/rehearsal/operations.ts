/** RehearseCampaign (ours): who would get what of a campaign, saved or not, when, and why others would not. */
import type { CampaignRehearsalRequest } from '../../../contract/repoint-types.ts';
import type { Executor } from '../../../database/index.ts';
import { badRequest, notFound, tooManyRequests } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Handlers, ProjectCall } from '../../../operations/call.ts';
import { findSettings } from '../../projects/index.ts';
import type { Campaign, CampaignDefinition } from '../campaign.ts';
import { checkDefinition } from '../definition/check.ts';
import { kindOf } from '../definition/kind.ts';
import { mergeRequest } from '../definition/merge.ts';
import { findTemplates, resolveSegment } from '../definition/references.ts';
import { inheritedFrom } from '../definition/settings.ts';
import { readSchedules } from '../schedule/store.ts';
import { findCampaign } from '../store.ts';
import { rehearsedRuns } from './moments.ts';
import { type RehearsalParts, rehearse } from './rehearse.ts';

/** Each reads a whole segment, and keeps its addresses in mind. */
const mostAtOnce = 2;
const defaultSamples = 10;

export function rehearsalOperations(parts: RehearsalParts): Handlers<'RehearseCampaign'> {
  let underWay = 0;
  return {
    async RehearseCampaign({ CampaignRehearsalRequest: request }, call) {
      const { campaign, isStored } = await readCampaign(parts, request, call);
      if (kindOf(campaign.definition.Schedule) === 'IN_APP') {
        throw badRequest('Schedule.Frequency: a campaign of in-app messages sends nothing that could be rehearsed');
      }
      if (underWay >= mostAtOnce) throw tooManyRequests('Other rehearsals are under way: try again in a moment');
      underWay += 1;
      try {
        const schedules = isStored ? await readSchedules(parts.database.query, campaign) : [];
        const at = request.At === undefined ? undefined : new Date(request.At);
        const runs = rehearsedRuns(campaign.definition, { now: call.now, at, schedules });
        const samples = request.Samples ?? defaultSamples;
        const rehearsal = await rehearse(parts, { campaign, runs, now: call.now, samples });
        return { ...(request.CampaignId !== undefined && { CampaignId: request.CampaignId }), ...rehearsal };
      } finally {
        underWay -= 1;
      }
    },
  };
}

interface Read {
  readonly campaign: Campaign;
  /** What is rehearsed is what is stored. */
  readonly isStored: boolean;
}

async function readCampaign(
  { database }: RehearsalParts,
  { CampaignId: id, Campaign: request }: CampaignRehearsalRequest,
  call: ProjectCall,
): Promise<Read> {
  const { project, now } = call;
  if (id === undefined && request === undefined) throw badRequest('CampaignId or Campaign is required');
  const stored =
    id === undefined ? undefined : await findCampaign(database.query, { projectNumber: project.number, id });
  if (id !== undefined && stored === undefined) throw notFound();
  if (stored !== undefined && request === undefined) return { campaign: stored, isStored: true };
  const before = stored?.definition;
  const draft = mergeRequest(request ?? {}, before);
  checkDefinition(draft, { now, ...(before && { before }) });
  const definition: CampaignDefinition = await database.transaction(async (tx) => {
    const resolved = await resolveSegment(tx, project.number, draft);
    await findTemplates(tx, project, resolved, before);
    return resolved;
  });
  const campaign = stored ?? (await unsaved(database.query, call));
  return { campaign: { ...campaign, definition }, isStored: false };
}

/** Cohorts hang on the id, so those of an unsaved campaign are other people than they will be; as many of them. */
async function unsaved(query: Executor, { project, now }: ProjectCall): Promise<Omit<Campaign, 'definition'>> {
  return {
    ...{ projectNumber: project.number, id: newId(), accountId: project.accountId, region: project.region },
    ...{
      applicationId: project.id,
      version: 1,
      isPaused: false,
      state: 'SCHEDULED',
      createdAt: now,
      lastModifiedAt: now,
    },
    inherited: inheritedFrom(await findSettings(query, project.number)),
  };
}
