/**
 * What has to be kept of people who are erased (E13): the fields that a hold names, copied and sealed before their rows go.
 * So a person is gone from everything that sends, counts and shows, and what the law asks for is still there, with a reason
 * and an end. Everything kept is counted as retained.
 */
import type { LocatedRow, Location, Subject, Transaction } from '../../../database/index.ts';
import { sealWith } from '../../../kernel/master-key.ts';
import { addressIdentity, endpointIdentity, type IdentityHashes, userIdentity } from '../../audience/index.ts';
import { onlyHashed } from '../identities/hashes.ts';
import type { ErasureParts } from '../parts.ts';
import { type Hold, hasRetained, insertRetained, type RetainedPlace, type RetainedRow } from './store.ts';

const portion = 500;

/** @returns rows of which something was kept */
export async function retain(
  { audience, sealKey, clock }: Pick<ErasureParts, 'audience' | 'sealKey' | 'clock'>,
  tx: Transaction,
  holds: readonly Hold[],
  { location, subject, place }: { location: Location; subject: Subject; place: RetainedPlace },
): Promise<number> {
  const concerned = holds.filter((hold) => fieldsIn(hold, location).length > 0);
  if (concerned.length === 0 || (await hasRetained(tx, place))) return 0;
  let retained = 0;
  for (const hold of concerned) {
    const held = whoIsHeld(audience.identities, subject, hold);
    const fields = fieldsIn(hold, location);
    let rows: RetainedRow[] = [];
    for await (const row of location.read(tx, held)) {
      const sealed = sealWith(sealKey, `retained ${place.projectNumber} ${hold.id}`, JSON.stringify(pick(row, fields)));
      rows.push({ sealed, hashes: hashesOfRow(audience.identities, place.projectNumber, row) });
      retained += 1;
      if (rows.length < portion) continue;
      await insertRetained(tx, place, hold, rows, clock.now());
      rows = [];
    }
    await insertRetained(tx, place, hold, rows, clock.now());
  }
  return retained;
}

/** Columns of a location that a hold names; `*` for all. */
function fieldsIn({ fields }: Hold, { tables }: Location): string[] {
  return fields.flatMap((field) => {
    const [table = '', column = ''] = field.split('.');
    return tables.includes(table) ? [column] : [];
  });
}

export function whoIsHeld(hashes: IdentityHashes, subject: Subject, { identityHashes }: Hold): Subject {
  if (identityHashes.length === 0) return subject;
  return onlyHashed(hashes, subject, new Set(identityHashes.map((hash) => hash.toString('hex'))));
}

function pick(row: LocatedRow, fields: readonly string[]): LocatedRow {
  if (fields.includes('*')) return row;
  return Object.fromEntries(fields.flatMap((field) => (field in row ? [[field, row[field]]] : [])));
}

/** By the columns that name somebody, as they are called everywhere. */
function hashesOfRow(hashes: IdentityHashes, projectNumber: number, row: LocatedRow): Buffer[] {
  const named = [
    ...texts(row, ['endpoint_id', 'recipient', 'id']).map(endpointIdentity),
    ...texts(row, ['user_id']).map(userIdentity),
    ...texts(row, ['address', 'from_address']).map(addressIdentity),
  ];
  return named.map((identity) => hashes.of(projectNumber, identity));
}

function texts(row: LocatedRow, columns: readonly string[]): string[] {
  return columns.flatMap((column) => (typeof row[column] === 'string' ? [row[column] as string] : []));
}
