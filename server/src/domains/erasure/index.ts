/** Erasure: what other rooms may use. */
import type { PagingTokens } from '../../kernel/paging.ts';
import { holdOperations } from './holds/operations.ts';
import type { ErasureParts } from './parts.ts';
import { receiptOperations } from './receipts/operations.ts';
import { requestOperations } from './requests/operations.ts';
import { previewOperations } from './requests/preview.ts';
import { retentionOperations } from './retention/operations.ts';
import { settingsOperations } from './settings/operations.ts';

export { archiveFolder } from './access/files.ts';
export { accessCrons, accessJobs } from './access/jobs.ts';
export { ArchiveLinks } from './access/links.ts';
export { archiveLocation } from './access/location.ts';
export { accessOperations } from './access/operations.ts';
export { accessPersonalData } from './access/personal-data.ts';
export { archiveRoutes } from './access/routes.ts';
export type { AccessParts } from './access/run.ts';
export { closeAccount, reopenAccount } from './account/close.ts';
export { type LoadedProject, loadProject } from './archive/load-project.ts';
export { writeArchive } from './archive/write-archive.ts';
export { erasureCrons, erasureJobs } from './engine/jobs.ts';
export { erasesRemoved } from './engine/removed.ts';
export { erasesAttributes } from './engine/removed-attributes.ts';
export { fileErasureJobs } from './files/jobs.ts';
export { type FileLocationParts, fileLocations } from './files/location.ts';
export { fileOperations } from './files/operations.ts';
export { fileErasurePersonalData } from './files/personal-data.ts';
export type { FileErasureParts } from './files/run.ts';
export { LedgerHashes } from './ledger/hashes.ts';
export { ledgerHook } from './ledger/hook.ts';
export { LedgerKeeper } from './ledger/keeper.ts';
export { compareLedgers, Ledger, type LedgerDifference, ledgerKey } from './ledger/ledger.ts';
export { ledgerPersonalData } from './ledger/personal-data.ts';
export { noteClosedAccount, noteDeletedProject, noteReopenedAccount } from './ledger/project.ts';
export { type LedgerSettings, openLedgerStore } from './ledger/store.ts';
export { type AcceptedPiece, type ErasureHook, type ErasureParts, erasureParts } from './parts.ts';
export { erasurePersonalData } from './personal-data.ts';
export { eraseDeletedProject } from './project/delete.ts';
export { checkStoredChains, everyReceipt } from './receipts/chains.ts';
export { receiptPersonalData } from './receipts/personal-data.ts';
export { Receipts } from './receipts/receipts.ts';
export { createReceiptSigner, toPem } from './receipts/signing.ts';
export { findReceipt, type StoredReceipt } from './receipts/store.ts';
export { ReceiptFault, readPublicKey, type VerifiedReceipt, verifyChains, verifyReceipt } from './receipts/verify.ts';
export { type ScopeJobParts, scopeCrons, scopeJobs, scopeOperations } from './scope/join.ts';
export { scopePersonalData } from './scope/personal-data.ts';

export function erasureOperations(parts: ErasureParts & { readonly pagingTokens: PagingTokens }) {
  return {
    ...requestOperations(parts),
    ...previewOperations(parts),
    ...settingsOperations(parts),
    ...holdOperations(parts),
    ...retentionOperations(parts),
    ...receiptOperations(parts),
  };
}
