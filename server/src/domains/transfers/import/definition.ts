/** What an import is asked to do: the request, completed and checked (dossier/audience §9.1). */
import type { ImportJobRequest, ImportJobResource } from '../../../contract/pinpoint-types.ts';
import type { Executor } from '../../../database/index.ts';
import { badRequest, notFound } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import { type Place, parsePlace } from '../../../object-store/index.ts';
import type { Project } from '../../../operations/call.ts';
import { findVersion } from '../../segments/index.ts';

/** As it is stored, and as answers show it. */
export interface ImportDefinition extends ImportJobResource {
  readonly DefineSegment: boolean;
  readonly RegisterEndpoints: boolean;
  readonly ExternalId: string;
}

const longestName = 100;

/** @throws BadRequestException, NotFoundException */
export async function completeDefinition(
  query: Executor,
  request: ImportJobRequest,
  project: Pick<Project, 'number' | 'accountId'>,
): Promise<ImportDefinition> {
  const RegisterEndpoints = request.RegisterEndpoints ?? false;
  const definesSegment = (request.DefineSegment ?? false) || request.SegmentId !== undefined;
  if (!RegisterEndpoints && !definesSegment) {
    throw badRequest('An import must register endpoints, define a segment, or both');
  }
  if (request.RoleArn === '') throw badRequest('RoleArn is required');
  const place = readPlace(request.S3Url);
  if (request.SegmentId !== undefined) await requireImported(query, project.number, request.SegmentId);
  return {
    ...{ Format: request.Format, S3Url: request.S3Url, RoleArn: request.RoleArn },
    ...{ RegisterEndpoints, DefineSegment: definesSegment, ExternalId: request.ExternalId ?? project.accountId },
    ...(definesSegment && { SegmentId: request.SegmentId ?? newId(), ...nameOf(request, place) }),
  };
}

/** @throws BadRequestException */
export function readPlace(url: string): Place {
  const place = parsePlace(url);
  if (place === undefined) throw badRequest('S3Url must be s3://bucket/key');
  return place;
}

async function requireImported(query: Executor, projectNumber: number, segmentId: string): Promise<void> {
  const segment = await findVersion(query, projectNumber, segmentId);
  if (segment === undefined) throw notFound();
  if (segment.kind !== 'IMPORT') throw badRequest('SegmentId names a segment that was not imported');
}

/** A new segment is called after its file, or the folder of its files; one that is there keeps its name. */
function nameOf({ SegmentName, SegmentId }: ImportJobRequest, { bucket, key }: Place) {
  if (SegmentName !== undefined) return { SegmentName };
  if (SegmentId !== undefined) return {};
  const last = key.split('/').findLast((name) => name !== '') ?? bucket;
  return {
    SegmentName: (last.replace(/(?<=.)\.(csv|json|jsonl|ndjson)?(\.?gz)?$/i, '') || last).slice(0, longestName),
  };
}
