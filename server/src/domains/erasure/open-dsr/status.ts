/**
 * How far a request is, in the words of OpenDSR (§8), and callbacks when that changes (§8.5). It has no word for what failed
 * or could not be done wholly: such a request is never called completed, and the extension of this processor says more.
 */
import type { Executor, Transaction } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import type { ArchiveLinks } from '../access/links.ts';
import type { AccessEnded } from '../access/run.ts';
import { findAccess } from '../access/store.ts';
import type { NoticeWriter } from '../fan-out/deliver.ts';
import { addNotice } from '../fan-out/notice.ts';
import type { ErasureHook, ErasureParts } from '../parts.ts';
import { findReceipt } from '../receipts/store.ts';
import type { StoredRequest } from '../requests/request.ts';
import { findRequest } from '../requests/store.ts';
import { findSettings, type OpenDsrSettings, signedHeaders } from './settings.ts';
import { changeStatus, findBySubjectRequestId, type OpenDsrRequest, type OpenDsrStatus } from './store.ts';

type Key = { readonly projectNumber: number; readonly id: string };

export async function tellStatus(tx: Transaction, key: Key, status: OpenDsrStatus, now: Date): Promise<void> {
  const changed = await changeStatus(tx, key, status);
  for (const url of changed?.callbackUrls ?? []) {
    const { projectNumber, subjectRequestId } = changed as OpenDsrRequest;
    const about = { about: subjectRequestId, kind: 'OPENDSR' as const, targetId: null, url, event: status };
    await addNotice(tx, { projectNumber, ...about }, now);
  }
}

export function openDsrHook({ clock }: Pick<ErasureParts, 'clock'>): ErasureHook {
  return {
    accepting: (tx, { projectNumber, id }) => tellStatus(tx, { projectNumber, id }, 'in_progress', clock.now()),
    async ended(tx, request) {
      const status = endOf(request);
      if (status !== undefined) await tellStatus(tx, request, status, clock.now());
    },
  };
}

function endOf({ state }: StoredRequest): OpenDsrStatus | undefined {
  if (state === 'COMPLETED') return 'completed';
  // Nothing of anybody is gone.
  if (state === 'CANCELLED' || state === 'FAILED' || state === 'DENIED') return 'cancelled';
  return undefined;
}

export function openDsrAccessEnded({ clock }: Pick<ErasureParts, 'clock'>): AccessEnded {
  return async (tx, key) => {
    const access = await findAccess(tx, key);
    const status = access?.state === 'COMPLETED' ? 'completed' : 'cancelled';
    await tellStatus(tx, key, status, clock.now());
  };
}

export interface StatusParts {
  readonly links: ArchiveLinks;
}

/** What the status endpoint and callbacks have in common. */
export async function describeStatus(
  query: Executor,
  { links }: StatusParts,
  settings: OpenDsrSettings,
  request: OpenDsrRequest,
): Promise<Record<string, unknown>> {
  return {
    controller_id: settings.controllerId,
    expected_completion_time: toTimestamp(request.expectedAt),
    subject_request_id: request.subjectRequestId,
    request_status: request.status,
    api_version: request.apiVersion,
    ...(await resultsOf(query, links, settings, request)),
  };
}

async function resultsOf(
  query: Executor,
  links: ArchiveLinks,
  { domain }: OpenDsrSettings,
  { projectNumber, requestId: id, type }: OpenDsrRequest,
): Promise<Record<string, unknown>> {
  if (type !== 'erasure') {
    const access = await findAccess(query, { projectNumber, id });
    if (access === undefined) return {};
    const { state, expiresAt, places } = access;
    const isThere = state === 'COMPLETED' && expiresAt !== null;
    return {
      ...(isThere && { results_url: links.make(access, expiresAt) }),
      ...(isThere && { results_count: places.reduce((sum, { rows }) => sum + rows, 0) }),
      extensions: { [domain]: { access_request_id: id, state } },
    };
  }
  const erasure = await findRequest(query, { projectNumber, id });
  if (erasure === undefined) return {};
  const receipt = await findReceipt(query, erasure.accountId, id);
  const more = receipt && { receipt_number: receipt.number, receipt_sha256: receipt.hash };
  return { extensions: { [domain]: { erasure_id: id, state: erasure.state, ...more } } };
}

/** §8.6. The body is made when it leaves: a link to results must not wait in a table. */
export function callbackWriter({
  erasure: { database, sealKey },
  links,
}: StatusParts & { readonly erasure: Pick<ErasureParts, 'database' | 'sealKey'> }): NoticeWriter {
  return async ({ projectNumber, about, url, event }) => {
    const settings = await findSettings(database.query, projectNumber);
    const request = await findBySubjectRequestId(database.query, projectNumber, about);
    if (settings === undefined || request === undefined) return undefined;
    const status = await describeStatus(database.query, { links }, settings, request);
    // Each change is told, also when the next one came before this one could be.
    const body = JSON.stringify({ ...status, status_callback_url: url, request_status: event });
    return { body, headers: signedHeaders(sealKey, settings, body) };
  };
}
