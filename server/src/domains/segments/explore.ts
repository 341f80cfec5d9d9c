/** Our own API beside Pinpoint's: estimates, members, the segments of one endpoint, names and values in use. */
import type { SegmentEstimate, SegmentMember } from '../../contract/repoint-types.ts';
import type { Database, Executor } from '../../database/index.ts';
import { badRequest, notFound, ServiceError } from '../../kernel/errors.ts';
import { type PagingTokens, readPage } from '../../kernel/paging.ts';
import { readVersionNumber } from '../../kernel/version-number.ts';
import type { Handlers, ProjectCall } from '../../operations/call.ts';
import { type Audience, type EndpointKey, endpointKey } from '../audience/index.ts';
import type { Source } from './compile.ts';
import { readDefinition } from './definition.ts';
import { findFrequentValues, findNames } from './discovery.ts';
import {
  allBuckets,
  countMembers,
  isMember,
  listMembers,
  type Member,
  type Scope,
  sampleMembers,
  withValuesInUse,
} from './members.ts';
import { requireSegment } from './operations.ts';
import { resolveDefinition, resolveVersion } from './resolve.ts';
import { listSegments, type SegmentVersion } from './store.ts';

type Operation =
  | 'EstimateSegment'
  | 'GetSegmentEstimate'
  | 'GetSegmentMembers'
  | 'GetEndpointSegments'
  | 'GetAttributeNames'
  | 'GetAttributeValues';

const samples = 20;

const attributeKinds = { attribute: 'attribute', metric: 'metric', 'user-attribute': 'user attribute' } as const;

interface Parts {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
  readonly audience: Audience;
}

export function exploreOperations(parts: Parts): Handlers<Operation> {
  const { query } = parts.database;
  return { ...estimateOperations(query), ...memberOperations(parts), ...attributeOperations(query) };
}

function estimateOperations(query: Executor): Handlers<'EstimateSegment' | 'GetSegmentEstimate'> {
  return {
    async EstimateSegment({ WriteSegmentRequest: request }, call) {
      const definition = await resolveDefinition(query, call.project.number, readDefinition(request));
      return estimate(query, { kind: 'definition', definition }, call);
    },

    async GetSegmentEstimate({ SegmentId, Version }, call) {
      const segment = await requireSegment(query, call, SegmentId, readOptionalVersion(Version));
      return estimate(query, await resolveVersion(query, call.project.number, segment), call);
    },
  };
}

function memberOperations({
  database,
  pagingTokens,
  audience,
}: Parts): Handlers<'GetSegmentMembers' | 'GetEndpointSegments'> {
  const { query } = database;
  return {
    async GetSegmentMembers({ SegmentId, Version, ...page }, call) {
      const { project } = call;
      const segment = await requireSegment(query, call, SegmentId, readOptionalVersion(Version));
      const source = await resolveVersion(query, project.number, segment);
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${project.accountId}/${project.region}/${project.id}/segments/${SegmentId}@${segment.version}/members`,
        page,
        (after, limit) => listMembers(database, source, scopeOf(call), { range: allBuckets, after, limit }),
        (last) => [last.bucket, last.id],
      );
      return { Item: items.map(toMember), NextToken };
    },

    async GetEndpointSegments({ EndpointId }, call) {
      const key = endpointKey(call.project.number, EndpointId);
      if ((await audience.find(key)) === undefined) throw notFound();
      const Item = [];
      for await (const segment of everySegment(query, call.project.number)) {
        if (!(await holds(query, segment, key, scopeOf(call)))) continue;
        const { id: SegmentId, version: Version, name } = segment;
        Item.push({ SegmentId, Version, ...(name !== null && { Name: name }) });
      }
      return { Item };
    },
  };
}

function attributeOperations(query: Executor): Handlers<'GetAttributeNames' | 'GetAttributeValues'> {
  return {
    async GetAttributeNames(_input, call) {
      const { attributes, metrics, userAttributes } = await findNames(query, call.project.number);
      return { Attributes: attributes, Metrics: metrics, UserAttributes: userAttributes };
    },

    async GetAttributeValues({ Kind, AttributeName }, call) {
      if (!Object.hasOwn(attributeKinds, Kind)) {
        throw badRequest(`kind must be one of ${Object.keys(attributeKinds).join(', ')}`);
      }
      const of = attributeKinds[Kind as keyof typeof attributeKinds];
      const { values, sampledEndpoints } = await findFrequentValues(query, call.project.number, of, AttributeName);
      return {
        Item: values.map(({ value, count }) => ({ Value: value, Count: count })),
        SampledEndpoints: sampledEndpoints,
      };
    },
  };
}

async function estimate(query: Executor, segment: Source, call: ProjectCall): Promise<SegmentEstimate> {
  const scope = await withValuesInUse(query, segment, scopeOf(call));
  const [{ total, eligible, byChannel }, SampleEndpointIds] = await Promise.all([
    countMembers(query, segment, scope),
    sampleMembers(query, segment, scope, samples),
  ]);
  return {
    Total: total,
    Eligible: eligible,
    Channels: byChannel.map((channel) => ({
      ...(channel.channelType !== null && { ChannelType: channel.channelType }),
      Total: channel.total,
      Eligible: channel.eligible,
    })),
    SampleEndpointIds,
  };
}

async function* everySegment(query: Executor, projectNumber: number): AsyncGenerator<SegmentVersion> {
  const pageSize = 100;
  for (let after: readonly [string, string] | undefined; ; ) {
    const page = await listSegments(query, projectNumber, after, pageSize);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = [last.createdAt.toISOString(), last.id];
  }
}

/** A segment whose source was deleted holds nobody. */
async function holds(query: Executor, segment: SegmentVersion, key: EndpointKey, scope: Scope): Promise<boolean> {
  try {
    return await isMember(query, await resolveVersion(query, key.projectNumber, segment), scope, key);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'BadRequestException') return false;
    throw error;
  }
}

function readOptionalVersion(text: string | undefined): number | undefined {
  return text === undefined ? undefined : readVersionNumber(text);
}

function scopeOf(call: ProjectCall): Scope {
  return { projectNumber: call.project.number, now: call.now };
}

function toMember({ shownId, channelType, address, userId, eligible }: Member): SegmentMember {
  return {
    EndpointId: shownId,
    ...(channelType !== null && { ChannelType: channelType }),
    ...(address !== null && { Address: address }),
    ...(userId !== null && { UserId: userId }),
    Eligible: eligible,
  };
}
