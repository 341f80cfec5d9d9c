/** A segment as the API shows it (dossier/audience §8.1). */
import type {
  SegmentDimensions,
  SegmentGroupList,
  SegmentImportResource,
  SegmentResponse,
} from '../../contract/pinpoint-types.ts';
import { toTimestamp } from '../../kernel/clock.ts';
import type { Project } from '../../operations/call.ts';
import { formatArn, type ResourceName, type Tags } from '../projects/index.ts';
import type { SegmentVersion } from './store.ts';

/** What a version stores: the form in which it was written. */
export interface WrittenDefinition {
  readonly Dimensions?: SegmentDimensions;
  readonly SegmentGroups?: SegmentGroupList;
}

export function segmentName(project: Pick<Project, 'accountId' | 'region' | 'id'>, segmentId: string): ResourceName {
  const { accountId, region, id } = project;
  return { accountId, region, resource: `apps/${id}/segments/${segmentId}` };
}

export function toSegmentResponse(project: Project, segment: SegmentVersion, tags: Tags): SegmentResponse {
  return {
    ApplicationId: project.id,
    Arn: formatArn(segmentName(project, segment.id)),
    CreationDate: toTimestamp(segment.createdAt),
    Id: segment.id,
    LastModifiedDate: toTimestamp(segment.lastModifiedAt),
    ...(segment.name !== null && { Name: segment.name }),
    SegmentType: segment.kind,
    Version: segment.version,
    ...toDefinition(segment.definition as WrittenDefinition | null),
    ...(segment.importDefinition !== null && { ImportDefinition: segment.importDefinition as SegmentImportResource }),
    tags,
  };
}

/** Who wrote Dimensions is shown the same as a group too, which newer clients read. */
function toDefinition(written: WrittenDefinition | null): WrittenDefinition {
  if (written?.Dimensions === undefined) return written ?? {};
  const group = { Dimensions: [written.Dimensions], SourceSegments: [], SourceType: 'ALL', Type: 'ALL' } as const;
  return { Dimensions: written.Dimensions, SegmentGroups: { Groups: [group], Include: 'ALL' } };
}
