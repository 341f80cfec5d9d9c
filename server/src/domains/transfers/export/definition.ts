/** What an export is asked to do: the request, checked (dossier/audience §10.1). */
import type { ExportJobRequest, ExportJobResource } from '../../../contract/pinpoint-types.ts';
import type { Executor } from '../../../database/index.ts';
import { badRequest, notFound } from '../../../kernel/errors.ts';
import { type Place, parsePlace } from '../../../object-store/index.ts';
import { findVersion, type SegmentVersion } from '../../segments/index.ts';

/** As it is stored, and as answers show it. */
export type ExportDefinition = ExportJobResource;

/** @throws BadRequestException, NotFoundException */
export async function findExported(
  query: Executor,
  projectNumber: number,
  { SegmentId, SegmentVersion: version }: ExportJobRequest,
): Promise<SegmentVersion | undefined> {
  if (SegmentId === undefined) {
    if (version !== undefined) throw badRequest('SegmentVersion needs a SegmentId');
    return undefined;
  }
  const segment = await findVersion(query, projectNumber, SegmentId, version);
  if (segment === undefined) throw notFound();
  return segment;
}

/** Where a part of an export is written. The prefix is a folder, with or without a slash at its end. */
export function partPlace(prefix: string, jobId: string, part: number): Place {
  const folder = prefix.endsWith('/') ? prefix : `${prefix}/`;
  const place = parsePlace(`${folder}${jobId}/part-${String(part).padStart(5, '0')}.gz`);
  if (place === undefined) throw badRequest('S3UrlPrefix must be s3://bucket/folder/');
  return place;
}
