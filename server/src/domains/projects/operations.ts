/** Projects and their settings: CreateApp, GetApp, GetApps, DeleteApp, Get/UpdateApplicationSettings. */
import type { ApplicationResponse } from '../../contract/pinpoint-types.ts';
import type { Database, Transaction } from '../../database/index.ts';
import { toTimestamp } from '../../kernel/clock.ts';
import { badRequest, notFound } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { type PagingTokens, readPage } from '../../kernel/paging.ts';
import type { Handlers, Project } from '../../operations/call.ts';
import { formatArn, type ResourceName } from './arn.ts';
import { forgetProject, type ProjectLookup } from './find-project.ts';
import { checkSettings, toSettingsResource } from './settings-rules.ts';
import {
  changeTags,
  countProjectsExclusively,
  findSettings,
  holdProject,
  insertProject,
  listProjects,
  markDeleted,
  mergeSettings,
} from './store.ts';
import { checkTags } from './tag-rules.ts';

const maximumNameLength = 64;
/** Per account and region (dossier/audience §11). */
const maximumProjects = 100;

type Operation =
  | 'CreateApp'
  | 'GetApp'
  | 'GetApps'
  | 'DeleteApp'
  | 'GetApplicationSettings'
  | 'UpdateApplicationSettings';

/** Told in the transaction that deletes a project: what runs for it is stopped, and its erasure begun. */
export type ProjectDeletedHandler = (tx: Transaction, project: Project, now: Date) => Promise<void>;

export function projectOperations(parts: {
  database: Database;
  pagingTokens: PagingTokens;
  projects: ProjectLookup;
  deleted: readonly ProjectDeletedHandler[];
}): Handlers<Operation> {
  const { database, pagingTokens, projects, deleted } = parts;

  return {
    async CreateApp({ CreateApplicationRequest: request }, call) {
      const tags = request.tags ?? {};
      checkName(request.Name);
      checkTags(tags);
      const scope = { accountId: call.caller.accountId, region: call.region };
      const project = { ...scope, id: newId(), name: request.Name, createdAt: call.now };
      const name = projectName(project);
      call.audited(formatArn(name));
      await call.transaction(async (tx) => {
        if ((await countProjectsExclusively(tx, scope)) >= maximumProjects) {
          throw badRequest(`An account can have at most ${maximumProjects} projects in a Region`);
        }
        await insertProject(tx, project);
        if (Object.keys(tags).length > 0) await changeTags(tx, name, () => tags);
      });
      return toApplicationResponse({ ...project, tags });
    },

    async GetApp(_input, call) {
      return toApplicationResponse(call.project);
    },

    async GetApps(page, call) {
      const scope = { accountId: call.caller.accountId, region: call.region };
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${scope.accountId}/${scope.region}/apps`,
        page,
        (after, limit) => listProjects(database.query, scope, after, limit),
        (last) => [toTimestamp(last.createdAt), last.id],
      );
      return { Item: items.map(toApplicationResponse), NextToken };
    },

    async DeleteApp(_input, call) {
      await call.transaction(async (tx) => {
        const isDeleted = await markDeleted(tx, call.project.number, projectName(call.project), call.now);
        if (!isDeleted) throw notFound('Application not found');
        for (const tell of deleted) await tell(tx, call.project, call.now);
        await forgetProject(tx, call.project);
      });
      projects.forget(call.project);
      return toApplicationResponse(call.project);
    },

    async GetApplicationSettings(_input, call) {
      const settings = await findSettings(database.query, call.project.number);
      return toSettingsResource(call.project, settings);
    },

    async UpdateApplicationSettings({ WriteApplicationSettingsRequest: request }, call) {
      checkSettings(request);
      return call.transaction(async (tx) => {
        if (!(await holdProject(tx, call.project.number))) throw notFound('Application not found');
        await mergeSettings(tx, call.project.number, request, call.now);
        return toSettingsResource(call.project, await findSettings(tx, call.project.number));
      });
    },
  };
}

function checkName(name: string): void {
  if (name.length < 1 || name.length > maximumNameLength) {
    throw badRequest(`Name must have 1 to ${maximumNameLength} characters`);
  }
}

function projectName({ accountId, region, id }: Omit<Project, 'number' | 'name' | 'tags' | 'createdAt'>): ResourceName {
  return { accountId, region, resource: `apps/${id}` };
}

function toApplicationResponse(project: Omit<Project, 'number'>): ApplicationResponse {
  return {
    Arn: formatArn(projectName(project)),
    CreationDate: toTimestamp(project.createdAt),
    Id: project.id,
    Name: project.name,
    tags: project.tags,
  };
}
