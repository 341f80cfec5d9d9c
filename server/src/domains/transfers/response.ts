/** Jobs as the API shows them (dossier/audience §9.2, §10.1). */
import type {
  ExportJobResource,
  ExportJobResponse,
  ImportJobResource,
  ImportJobResponse,
  JobStatus,
} from '../../contract/pinpoint-types.ts';
import { toTimestamp } from '../../kernel/clock.ts';
import type { JobState } from './store.ts';

export function toImportJob(job: JobState, applicationId: string): ImportJobResponse {
  return { ...toJob(job, applicationId), Type: 'IMPORT', Definition: job.definition as ImportJobResource };
}

export function toExportJob(job: JobState, applicationId: string): ExportJobResponse {
  return { ...toJob(job, applicationId), Type: 'EXPORT', Definition: job.definition as ExportJobResource };
}

function toJob(job: JobState, applicationId: string) {
  const failures = [...(job.fault === null ? [] : [job.fault]), ...job.failures];
  return {
    ApplicationId: applicationId,
    Id: job.id,
    JobStatus: job.status as JobStatus,
    CreationDate: toTimestamp(job.createdAt),
    ...(job.completedAt !== null && { CompletionDate: toTimestamp(job.completedAt) }),
    ...(job.begun && {
      TotalPieces: job.pieces,
      CompletedPieces: job.completedPieces,
      FailedPieces: job.failedPieces,
      TotalProcessed: job.processed,
      TotalFailures: job.failed,
      Failures: failures,
    }),
  };
}
