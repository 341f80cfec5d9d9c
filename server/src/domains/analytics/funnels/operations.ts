/** Funnels: saved, and computed whenever they are asked for (dossier/events-journeys-console §4.5). */
import type { Funnel, WriteFunnelRequest } from '../../../contract/repoint-types.ts';
import type { Database } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { notFound } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import { type PagingTokens, readPage } from '../../../kernel/paging.ts';
import type { Handlers, Project, ProjectCall } from '../../../operations/call.ts';
import { inFormat, type TableChoice } from '../csv.ts';
import { type PeriodRequest, readPeriod } from '../pages/period.ts';
import { breakdownColumns, checkFunnel, funnelColumns, funnelReport } from './compute.ts';
import { deleteFunnel, findFunnel, insertFunnel, listFunnels, type StoredFunnel, updateFunnel } from './store.ts';

type Operation =
  | 'CreateFunnel'
  | 'GetFunnels'
  | 'GetFunnel'
  | 'UpdateFunnel'
  | 'DeleteFunnel'
  | 'GetFunnelReport'
  | 'ExploreFunnel';

interface Parts {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
}

export function funnelOperations({ database, pagingTokens }: Parts): Handlers<Operation> {
  const inTurn = oneAtATime();
  const report = async (
    funnel: WriteFunnelRequest,
    input: PeriodRequest & TableChoice,
    { project, now }: ProjectCall,
  ) => {
    const period = readPeriod(input, now);
    const computed = await inTurn(() => funnelReport(database, project.number, period, funnel));
    return inFormat(computed, input, { Steps: funnelColumns, Breakdowns: breakdownColumns });
  };
  return {
    async CreateFunnel({ WriteFunnelRequest: definition }, call) {
      checkFunnel(definition);
      const funnel = { id: newId(), definition, createdAt: call.now };
      call.audited(`apps/${call.project.id}/funnels/${funnel.id}`);
      await call.transaction((tx) => insertFunnel(tx, call.project.number, funnel));
      return toFunnel(call.project, { ...funnel, lastModifiedAt: call.now });
    },

    async GetFunnels(page, { project }) {
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${project.accountId}/${project.region}/${project.id}/funnels`,
        page,
        (after, limit) => listFunnels(database.query, project.number, after, limit),
        ({ createdAt, id }) => [toTimestamp(createdAt), id],
      );
      return { Item: items.map((funnel) => toFunnel(project, funnel)), NextToken };
    },

    async GetFunnel({ FunnelId }, { project }) {
      return toFunnel(project, found(await findFunnel(database.query, project.number, FunnelId)));
    },

    async UpdateFunnel({ FunnelId, WriteFunnelRequest: definition }, call) {
      checkFunnel(definition);
      return call.transaction(async (tx) =>
        toFunnel(call.project, found(await updateFunnel(tx, call.project.number, FunnelId, definition, call.now))),
      );
    },

    async DeleteFunnel({ FunnelId }, call) {
      return call.transaction(async (tx) =>
        toFunnel(call.project, found(await deleteFunnel(tx, call.project.number, FunnelId))),
      );
    },

    async GetFunnelReport({ FunnelId, ...input }, call) {
      const { definition } = found(await findFunnel(database.query, call.project.number, FunnelId));
      return report(definition, input, call);
    },

    ExploreFunnel: ({ WriteFunnelRequest: definition, ...input }, call) => report(definition, input, call),
  };
}

/** Funnels of one process one after the other: each may take its memory, and all of the processors. */
function oneAtATime() {
  let before: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = before.then(work);
    before = result.catch(() => undefined);
    return result;
  };
}

function found(funnel: StoredFunnel | undefined): StoredFunnel {
  if (funnel === undefined) throw notFound();
  return funnel;
}

function toFunnel(project: Project, { id, definition, createdAt, lastModifiedAt }: StoredFunnel): Funnel {
  return {
    ...definition,
    ...{ Id: id, ApplicationId: project.id },
    ...{ CreationDate: toTimestamp(createdAt), LastModifiedDate: toTimestamp(lastModifiedAt) },
  };
}
