/** What the receipt of an erasure in files says: how much of it, and what a store keeps, without any name of a file. */
import type { Transaction } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import type { ErasureFacts, ReceiptSkipped } from '../receipts/document.ts';
import { placeOf, projectOf, sumOf } from '../receipts/facts.ts';
import type { Receipts } from '../receipts/receipts.ts';
import type { GivenIdentities } from './request.ts';
import { type ErasureState, findErasure, listKept, type Run } from './store.ts';

/** More are counted, not listed. */
const mostListed = 500;

/** In the transaction that ends it; a search that was to change nothing has none. */
export async function issueFileReceipt(
  tx: Transaction,
  receipts: Receipts,
  run: Run & { readonly accountId: string },
  given: GivenIdentities | undefined,
  now: Date,
): Promise<void> {
  if (run.dryRun) return;
  const state = (await findErasure(tx, run)) as ErasureState;
  const kept = await listKept(tx, run, undefined, mostListed);
  const skipped = kept.map(({ url, versionId, reason }): ReceiptSkipped => {
    return { what: receipts.hashOf(`${url}${versionId === '' ? '' : ` version ${versionId}`}`), why: reason };
  });
  const facts: ErasureFacts = {
    ...{ kind: 'FILES', id: run.id, project: await projectOf(tx, run.projectNumber), partOf: null },
    ...{ mode: state.action, origin: 'API', state: state.status },
    ...{ receivedAt: toTimestamp(state.createdAt), acceptedAt: null, completedAt: toTimestamp(now) },
    subject: given === undefined ? null : subjectOf(given, state),
    ...{ places: placesOf(state), kept: [], skipped, messagesUnderWay: 0, repeated: 0 },
    erased: sumOf(placesOf(state)),
  };
  await receipts.issue(tx, run.accountId, facts, now);
}

function placesOf(state: ErasureState) {
  const { action, files, rowsFound, rowsErased, versionsFound, versionsRemoved, uploadsAbandoned, kept } = state;
  const versions = placeOf({
    ...{ name: 'versions of files', found: versionsFound, erased: versionsRemoved, retained: 0, left: kept },
  });
  const rows = placeOf({ name: 'rows in files', found: rowsFound, erased: rowsErased, retained: 0, left: 0 });
  const uploads = placeOf({
    ...{ name: 'unfinished uploads', found: uploadsAbandoned, erased: uploadsAbandoned, retained: 0, left: 0 },
  });
  const looked = placeOf({ name: 'files looked through', found: files, erased: 0, retained: 0, left: 0 });
  return action === 'REWRITE' ? [looked, rows, versions] : [versions, uploads];
}

function subjectOf({ endpointIds, userIds, addresses, addressHashes }: GivenIdentities, { rowsFound }: ErasureState) {
  const counts = {
    ...{ ENDPOINT_ID: endpointIds.length, USER_ID: userIds.length },
    ...{ ADDRESS: addresses.length, ADDRESS_SHA256: addressHashes.length },
  };
  return {
    identities: Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    ...{ endpoints: endpointIds.length, users: userIds.length, addresses: addresses.length + addressHashes.length },
    matched: rowsFound > 0,
  };
}
