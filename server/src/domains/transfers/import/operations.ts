/** Import jobs: CreateImportJob, GetImportJob(s), GetSegmentImportJobs. */
import type { Handlers } from '../../../operations/call.ts';
import { jobArn, pageOfJobs, requireJob, requireSegment } from '../listing.ts';
import { toImportJob } from '../response.ts';
import type { JobKind } from '../store.ts';
import type { TransferParts } from '../transfer-parts.ts';
import { createImport, prepareImport } from './create.ts';

type Operation = 'CreateImportJob' | 'GetImportJob' | 'GetImportJobs' | 'GetSegmentImportJobs';

const kind: JobKind = 'IMPORT';

export function importOperations({ database, pagingTokens, objectStore }: TransferParts): Handlers<Operation> {
  const { query } = database;
  return {
    async CreateImportJob({ ImportJobRequest: request }, call) {
      const prepared = await prepareImport({ query, objectStore }, call.project, request);
      return call.transaction(async (tx) => {
        const key = await createImport(tx, prepared, call.now);
        call.audited(jobArn(call.project, 'import', key.id));
        return toImportJob(await requireJob(tx, kind, key), call.project.id);
      });
    },

    async GetImportJob({ JobId }, call) {
      const job = await requireJob(query, kind, { projectNumber: call.project.number, id: JobId });
      return toImportJob(job, call.project.id);
    },

    async GetImportJobs(page, call) {
      const listing = { projectNumber: call.project.number, kind };
      const { items, NextToken } = await pageOfJobs({ query, pagingTokens }, call, listing, page);
      return { Item: items.map((job) => toImportJob(job, call.project.id)), NextToken };
    },

    async GetSegmentImportJobs({ SegmentId, ...page }, call) {
      const listing = { projectNumber: call.project.number, kind, segmentId: SegmentId };
      const { items, NextToken } = await pageOfJobs({ query, pagingTokens }, call, listing, page);
      if (items.length === 0) await requireSegment(query, call.project.number, SegmentId);
      return { Item: items.map((job) => toImportJob(job, call.project.id)), NextToken };
    },
  };
}
