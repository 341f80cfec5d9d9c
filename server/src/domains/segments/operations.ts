/** Segments as Pinpoint has them: create, read, update, delete, versions. */
import type { SegmentsResponse, WriteSegmentRequest } from '../../contract/pinpoint-types.ts';
import type { Database, Executor, Transaction } from '../../database/index.ts';
import { toTimestamp } from '../../kernel/clock.ts';
import { badRequest, notFound } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { type PageRequest, type PagingTokens, readPage } from '../../kernel/paging.ts';
import { readVersionNumber } from '../../kernel/version-number.ts';
import type { Handlers, ProjectCall } from '../../operations/call.ts';
import { changeTags, checkTags, deleteTags, findTags, findTagsOf, formatArn } from '../projects/index.ts';
import { readDefinition } from './definition.ts';
import { resolveDefinition } from './resolve.ts';
import { segmentName, toSegmentResponse, type WrittenDefinition } from './response.ts';
import {
  deleteSegment,
  findVersion,
  insertVersion,
  listSegments,
  listVersions,
  lockSegments,
  type SegmentVersion,
} from './store.ts';

type Operation =
  | 'CreateSegment'
  | 'GetSegment'
  | 'GetSegments'
  | 'GetSegmentVersion'
  | 'GetSegmentVersions'
  | 'UpdateSegment'
  | 'DeleteSegment';

/** Told of a segment that was deleted, in the transaction that deletes it. */
export type SegmentDeletedHandler = (
  tx: Transaction,
  projectNumber: number,
  segmentId: string,
  now: Date,
) => Promise<void>;

interface Parts {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
  readonly segmentDeleted: readonly SegmentDeletedHandler[];
}

export function segmentOperations(parts: Parts): Handlers<Operation> {
  return { ...readOperations(parts), ...changeOperations(parts) };
}

function readOperations({
  database: { query },
  pagingTokens,
}: Omit<Parts, 'segmentDeleted'>): Handlers<'GetSegment' | 'GetSegments' | 'GetSegmentVersion' | 'GetSegmentVersions'> {
  return {
    async GetSegment({ SegmentId }, call) {
      return show(query, call, await requireSegment(query, call, SegmentId));
    },

    async GetSegments(page, call) {
      return list(call, page, 'segments', (after, limit) => listSegments(query, call.project.number, after, limit));
    },

    async GetSegmentVersion({ SegmentId, Version }, call) {
      return show(query, call, await requireSegment(query, call, SegmentId, readVersionNumber(Version)));
    },

    async GetSegmentVersions({ SegmentId, ...page }, call) {
      await requireSegment(query, call, SegmentId);
      return list(call, page, `segments/${SegmentId}/versions`, (after, limit) =>
        listVersions(query, call.project.number, SegmentId, after, limit),
      );
    },
  };

  async function list(
    call: ProjectCall,
    page: PageRequest,
    listing: string,
    read: Parameters<typeof readPage<SegmentVersion>>[3],
  ): Promise<SegmentsResponse> {
    const { project } = call;
    const { items, NextToken } = await readPage(
      pagingTokens,
      `${project.accountId}/${project.region}/${project.id}/${listing}`,
      page,
      read,
      (last) => (listing === 'segments' ? [toTimestamp(last.createdAt), last.id] : [last.version]),
    );
    const names = items.map(({ id }) => segmentName(project, id).resource);
    const tags = await findTagsOf(query, project, names);
    const shown = items.map((segment) =>
      toSegmentResponse(project, segment, tags.get(segmentName(project, segment.id).resource) ?? {}),
    );
    return { Item: shown, NextToken };
  }
}

function changeOperations({
  segmentDeleted,
}: Pick<Parts, 'segmentDeleted'>): Handlers<'CreateSegment' | 'UpdateSegment' | 'DeleteSegment'> {
  return {
    async CreateSegment({ WriteSegmentRequest: request }, call) {
      const tags = request.tags ?? {};
      checkTags(tags);
      const definition = readDefinition(request);
      const { number: projectNumber } = call.project;
      const id = newId();
      const name = segmentName(call.project, id);
      call.audited(formatArn(name));
      return call.transaction(async (tx) => {
        await lockSegments(tx, projectNumber);
        await resolveDefinition(tx, projectNumber, definition, [id]);
        const first = { projectNumber, id, version: 1, name: request.Name ?? null, now: call.now };
        await insertVersion(tx, 'DIMENSIONAL', { ...first, ...ofDefinition(request) });
        if (Object.keys(tags).length > 0) await changeTags(tx, name, () => tags);
        return show(tx, call, await requireSegment(tx, call, id));
      });
    },

    async UpdateSegment({ SegmentId, WriteSegmentRequest: request }, call) {
      const definition = readDefinition(request);
      const { number: projectNumber } = call.project;
      return call.transaction(async (tx) => {
        await lockSegments(tx, projectNumber);
        const stored = await requireSegment(tx, call, SegmentId);
        if (stored.kind === 'IMPORT' && (request.Dimensions ?? request.SegmentGroups) !== undefined) {
          throw badRequest('The members of an imported segment are changed by importing into it');
        }
        await resolveDefinition(tx, projectNumber, definition, [SegmentId]);
        const next = { projectNumber, id: SegmentId, version: stored.version + 1, now: call.now };
        const content = stored.kind === 'IMPORT' ? ofImport(stored) : ofDefinition(request);
        await insertVersion(tx, stored.kind, { ...next, name: request.Name ?? stored.name, ...content });
        return show(tx, call, await requireSegment(tx, call, SegmentId));
      });
    },

    async DeleteSegment({ SegmentId }, call) {
      return call.transaction(async (tx) => {
        await lockSegments(tx, call.project.number);
        const answer = await show(tx, call, await requireSegment(tx, call, SegmentId));
        await deleteSegment(tx, call.project.number, SegmentId);
        // Behind the deletion, which waits for who holds the segment: a campaign that is being made of it is seen here.
        for (const handler of segmentDeleted) await handler(tx, call.project.number, SegmentId, call.now);
        await deleteTags(tx, segmentName(call.project, SegmentId));
        return answer;
      });
    },
  };
}

async function show(query: Executor, call: ProjectCall, segment: SegmentVersion) {
  return toSegmentResponse(call.project, segment, await findTags(query, segmentName(call.project, segment.id)));
}

/** @throws NotFoundException */
export async function requireSegment(
  query: Executor,
  call: ProjectCall,
  segmentId: string,
  version?: number,
): Promise<SegmentVersion> {
  const segment = await findVersion(query, call.project.number, segmentId, version);
  if (segment === undefined) throw notFound();
  return segment;
}

function ofDefinition({ Dimensions, SegmentGroups }: WriteSegmentRequest) {
  const definition: WrittenDefinition = {
    ...(Dimensions && { Dimensions }),
    ...(SegmentGroups && { SegmentGroups }),
  };
  return { definition, importDefinition: null, membership: null };
}

function ofImport({ importDefinition, membership }: SegmentVersion) {
  return { definition: null, importDefinition, membership };
}
