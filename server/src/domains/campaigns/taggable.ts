/** Campaigns as a kind of resource that carries tags. */
import { findProjects, type TaggableKind } from '../projects/index.ts';
import { findCampaign } from './store.ts';

const pattern = /^apps\/([^/]+)\/campaigns\/([^/]+)$/;

export const taggableCampaigns: TaggableKind = {
  pattern,
  async exists(query, { accountId, region, resource }) {
    const [, projectId = '', id = ''] = pattern.exec(resource) ?? [];
    const [project] = await findProjects(query, [{ accountId, region, id: projectId }]);
    return project !== undefined && (await findCampaign(query, { projectNumber: project.number, id })) !== undefined;
  },
};
