/** Export jobs: CreateExportJob, GetExportJob(s), GetSegmentExportJobs. */
import type { Handlers } from '../../../operations/call.ts';
import { jobArn, pageOfJobs, requireJob, requireSegment } from '../listing.ts';
import { toExportJob } from '../response.ts';
import type { JobKind } from '../store.ts';
import type { TransferParts } from '../transfer-parts.ts';
import { createExport, prepareExport } from './create.ts';

type Operation = 'CreateExportJob' | 'GetExportJob' | 'GetExportJobs' | 'GetSegmentExportJobs';

const kind: JobKind = 'EXPORT';

export function exportOperations({ database, pagingTokens, objectStore }: TransferParts): Handlers<Operation> {
  const { query } = database;
  return {
    async CreateExportJob({ ExportJobRequest: request }, call) {
      const prepared = await prepareExport({ query, objectStore }, call.project, request);
      return call.transaction(async (tx) => {
        const key = await createExport(tx, prepared, call.now);
        call.audited(jobArn(call.project, 'export', key.id));
        return toExportJob(await requireJob(tx, kind, key), call.project.id);
      });
    },

    async GetExportJob({ JobId }, call) {
      const job = await requireJob(query, kind, { projectNumber: call.project.number, id: JobId });
      return toExportJob(job, call.project.id);
    },

    async GetExportJobs(page, call) {
      const listing = { projectNumber: call.project.number, kind };
      const { items, NextToken } = await pageOfJobs({ query, pagingTokens }, call, listing, page);
      return { Item: items.map((job) => toExportJob(job, call.project.id)), NextToken };
    },

    async GetSegmentExportJobs({ SegmentId, ...page }, call) {
      const listing = { projectNumber: call.project.number, kind, segmentId: SegmentId };
      const { items, NextToken } = await pageOfJobs({ query, pagingTokens }, call, listing, page);
      if (items.length === 0) await requireSegment(query, call.project.number, SegmentId);
      return { Item: items.map((job) => toExportJob(job, call.project.id)), NextToken };
    },
  };
}
