/** All operations of the domain. */
import type { Handlers } from '../../operations/call.ts';
import { exportOperations } from './export/operations.ts';
import { importOperations } from './import/operations.ts';
import { type UploadParts, uploadOperations } from './upload/operations.ts';

type Operation =
  | 'CreateImportJob'
  | 'GetImportJob'
  | 'GetImportJobs'
  | 'GetSegmentImportJobs'
  | 'CreateExportJob'
  | 'GetExportJob'
  | 'GetExportJobs'
  | 'GetSegmentExportJobs'
  | 'UploadFile'
  | 'DownloadFile';

export function transferOperations(parts: UploadParts): Handlers<Operation> {
  return { ...importOperations(parts), ...exportOperations(parts), ...uploadOperations(parts) };
}
