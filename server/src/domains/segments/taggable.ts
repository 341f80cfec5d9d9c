/** Segments as a kind of resource that carries tags. */
import { findProjects, type TaggableKind } from '../projects/index.ts';
import { findVersion } from './store.ts';

const pattern = /^apps\/([^/]+)\/segments\/([^/]+)$/;

export const taggableSegments: TaggableKind = {
  pattern,
  async exists(query, { accountId, region, resource }) {
    const [, projectId = '', segmentId = ''] = pattern.exec(resource) ?? [];
    const [project] = await findProjects(query, [{ accountId, region, id: projectId }]);
    return project !== undefined && (await findVersion(query, project.number, segmentId)) !== undefined;
  },
};
