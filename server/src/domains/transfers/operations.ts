/** All operations of the domain. */
import type { Handlers } from '../../operations/call.ts';
import { exportOperations } from './export/operations.ts';
import { importOperations } from './import/operations.ts';
import type { TransferParts } from './transfer-parts.ts';

type Operation =
  | 'CreateImportJob'
  | 'GetImportJob'
  | 'GetImportJobs'
  | 'GetSegmentImportJobs'
  | 'CreateExportJob'
  | 'GetExportJob'
  | 'GetExportJobs'
  | 'GetSegmentExportJobs';

export function transferOperations(parts: TransferParts): Handlers<Operation> {
  return { ...importOperations(parts), ...exportOperations(parts) };
}
