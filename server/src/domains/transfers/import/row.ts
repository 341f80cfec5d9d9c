/**
 * What one row of a file asks for, whichever format it was written in (dossier/audience §9.4, §9.5). Faults are
 * sentences that may be shown: they name columns and never quote a value.
 */
import { createHash } from 'node:crypto';
import type { EndpointBatchItem } from '../../../contract/pinpoint-types.ts';
import { validators } from '../../../contract/validators.js';
import { badRequest, ServiceError } from '../../../kernel/errors.ts';
import { checkEndpointId, checkUserId, type EndpointChange, readChange } from '../../audience/index.ts';

/** An endpoint as a file holds it; the last four only in files that an export wrote. */
export interface FileRow extends EndpointBatchItem {
  readonly ApplicationId?: unknown;
  readonly CohortId?: unknown;
  readonly CreationDate?: unknown;
}

export type RowTask =
  | {
      readonly kind: 'endpoint';
      readonly endpointId: string;
      readonly change: EndpointChange;
      /** It says too little to make an endpoint: there must be one. */
      readonly onlyIfKnown: boolean;
    }
  /** Members of a segment by user: all endpoints that they have when somebody asks. */
  | { readonly kind: 'users'; readonly userIds: readonly string[] };

/** @throws ServiceError saying what is wrong with the row */
export function readRow(row: FileRow, applicationId: string): RowTask {
  checkShape(row);
  if (isUserAlone(row)) return { kind: 'users', userIds: [checkUserId(row.User?.UserId as string)] };
  const { Id, Address, ChannelType } = row;
  if (Id === undefined) {
    if (ChannelType === undefined) throw badRequest('Missing ChannelType');
    if (Address === undefined || Address === '') throw badRequest('Missing Address');
  }
  const endpointId = checkEndpointId(Id ?? derivedId(applicationId, ChannelType ?? '', Address ?? ''));
  const exported = row.CreationDate !== undefined;
  return {
    kind: 'endpoint',
    endpointId,
    change: readLenient(row, exported),
    onlyIfKnown: ChannelType === undefined && Address === undefined && !exported,
  };
}

/** The same check as of a request. */
function checkShape({ ApplicationId, CreationDate, CohortId, ...row }: FileRow): void {
  const validate = validators.UpdateEndpointsBatch;
  if (validate({ ApplicationId: '', EndpointBatchRequest: { Item: [row] } })) return;
  const path = validate.errors?.[0]?.instancePath.split('/').slice(4, 6) ?? [];
  throw badRequest(`${path[0] ?? 'The line'} is not what an endpoint can have`);
}

function isUserAlone({ Id, Address, ChannelType, User }: FileRow): boolean {
  return (
    (User?.UserId ?? '') !== '' &&
    User?.UserAttributes === undefined &&
    [Id, Address, ChannelType].every((member) => member === undefined)
  );
}

/**
 * Pinpoint does not take EndpointStatus from files, but an export that is imported again must not wake up addresses
 * that were retired. A date that is none is left out.
 */
function readLenient(row: FileRow, exported: boolean): EndpointChange {
  const { EndpointStatus, EffectiveDate, ...request } = row;
  const status = exported && EndpointStatus !== undefined && { EndpointStatus };
  try {
    return readChange({ ...request, ...status, ...(EffectiveDate !== undefined && { EffectiveDate }) });
  } catch (error) {
    if (EffectiveDate === undefined || !(error instanceof ServiceError)) throw error;
    return readChange({ ...request, ...status });
  }
}

/** The same person in the same file gets the same id: importing it again makes nobody twice. */
export function derivedId(applicationId: string, channelType: string, address: string): string {
  const digest = createHash('sha1').update(`${applicationId}|${channelType}|${address}`).digest('base64');
  return digest.replaceAll('=', '').toLowerCase();
}
