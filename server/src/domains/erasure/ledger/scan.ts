/**
 * Finds again whom entries are about: every place of a project that names people is read through once, and each name is
 * hashed under the ledger's keys. Where names stand is derived from the inventory; what names people by a hash or as part of
 * something larger is reached through those who are found.
 */
import { type RawBuilder, sql } from 'kysely';
import { type Database, readRows } from '../../../database/index.ts';
import { foldEndpointId } from '../../../kernel/bucket.ts';
import type { PersonalData } from '../../../kernel/personal-data.ts';
import type { Owner } from '../scope/ownership.ts';
import { readPlaces } from '../scope/places.ts';
import type { PeopleErased } from './entry.ts';
import type { LedgerHashes } from './hashes.ts';

type NameKind = 'endpoint' | 'user' | 'address' | 'address key';

/** Of columns that the inventory calls an identity: what a name in them is. */
export const namingColumns: Readonly<Record<string, NameKind>> = {
  id: 'endpoint',
  endpoint_id: 'endpoint',
  endpoint_ids: 'endpoint',
  recipient: 'endpoint',
  user_id: 'user',
  address: 'address',
  from_address: 'address',
  address_key: 'address key',
};

/** Those that are not read, and why it needs none. */
export const notNaming: Readonly<Record<string, string>> = {
  shown_id: 'Another spelling of the id beside it.',
  address_hash: 'Looked up by the hash itself.',
  reference_hash: 'A hash; one-time passwords are found by the address.',
  people: 'Hashes; answers of idempotent calls are found by names.',
  envelope: 'Of an endpoint or an address that stands beside it.',
  attributes: 'Of an endpoint or an address that stands beside them.',
  endpoint: 'Of the endpoint that stands beside it.',
  subject: 'Made of an endpoint, a user or an address, by which it is looked up.',
  cursor: 'The key of a row that was done last.',
  sealed_identities: 'Sealed.',
  sealed_subject: 'Sealed.',
};

/** Keys of a run are made of an address and a channel: found by the address. */
const otherKeys: ReadonlySet<string> = new Set(['campaign_addresses.address_key']);

export interface Recognised {
  readonly endpointIds: Set<string>;
  readonly userIds: Set<string>;
  readonly addresses: Map<string, string>;
  /** By their hash in the entry. */
  readonly addressKeys: Map<string, string>;
}

export interface DueEntry {
  readonly id: string;
  readonly people: PeopleErased;
}

export interface ScanParts {
  readonly database: Database;
  readonly ledgerHashes: LedgerHashes;
  readonly inventory: readonly PersonalData[];
}

type ProjectOwner = Extract<Owner, { scope: 'PROJECT' }>;

/** @returns by entry; those of which nobody was found are left out */
export async function scanProject(
  { database, ledgerHashes: hashes, inventory }: ScanParts,
  owner: ProjectOwner,
  entries: readonly DueEntry[],
): Promise<ReadonlyMap<string, Recognised>> {
  const found = new Map<string, Recognised>();
  const entriesBy = indexOf(entries);
  const { projectNumber } = owner;
  const note = (kind: NameKind, value: string) => {
    const name = kind === 'endpoint' ? foldEndpointId(value) : value;
    const hash = hashOf(hashes, projectNumber, kind, name);
    for (const id of entriesBy[kind].get(hash) ?? []) {
      const recognised = found.get(id) ?? newRecognised();
      found.set(id, recognised);
      if (kind === 'endpoint') recognised.endpointIds.add(name);
      else if (kind === 'user') recognised.userIds.add(name);
      else if (kind === 'address') recognised.addresses.set(name, hash);
      else recognised.addressKeys.set(hash, name);
    }
  };
  for (const { kind, select } of await readSources(database, inventory, owner)) {
    if (entriesBy[kind].size === 0) continue;
    await database.transaction(
      async (tx) => {
        for await (const { value } of readRows(tx, select)) note(kind, value as string);
      },
      { readOnly: true },
    );
  }
  return found;
}

async function readSources(
  database: Database,
  inventory: readonly PersonalData[],
  owner: ProjectOwner,
): Promise<{ readonly kind: NameKind; readonly select: RawBuilder<unknown> }[]> {
  const classified = new Map(inventory.flatMap(({ tables }) => tables).map((each) => [each.table, each.columns]));
  return (await readPlaces(database, 'PROJECT', inventory)).flatMap((place) =>
    namesIn(place.table, classified.get(place.table) ?? {}).map(({ column, kind }) => {
      const value = column === 'endpoint_ids' ? sql`unnest(${sql.ref(column)})` : sql.ref(column);
      return {
        kind,
        select: sql`
          select distinct ${value}::text as value from ${sql.table(place.table)}
          where ${place.condition(owner)} and ${sql.ref(column)} is not null`,
      };
    }),
  );
}

/** Columns of a table that are read through. */
export function namesIn(
  table: string,
  columns: Readonly<Record<string, string>>,
): { readonly column: string; readonly kind: NameKind }[] {
  return Object.entries(columns).flatMap(([column, classed]) => {
    const kind = namingColumns[column];
    return classed !== 'identity' || kind === undefined || otherKeys.has(`${table}.${column}`)
      ? []
      : [{ column, kind }];
  });
}

function hashOf(hashes: LedgerHashes, projectNumber: number, kind: NameKind, name: string): string {
  if (kind === 'endpoint') return hashes.endpoint(projectNumber, name);
  if (kind === 'user') return hashes.user(projectNumber, name);
  return kind === 'address' ? hashes.address(projectNumber, name) : hashes.addressKey(projectNumber, name);
}

/** Ids of the entries by hash. */
function indexOf(entries: readonly DueEntry[]): Readonly<Record<NameKind, ReadonlyMap<string, readonly string[]>>> {
  const index = { endpoint: new Map(), user: new Map(), address: new Map(), 'address key': new Map() } as Record<
    NameKind,
    Map<string, string[]>
  >;
  const add = (kind: NameKind, hash: string, id: string) => {
    const known = index[kind].get(hash);
    if (known === undefined) index[kind].set(hash, [id]);
    else known.push(id);
  };
  for (const { id, people } of entries) {
    for (const hash of people.endpoints) add('endpoint', hash, id);
    for (const hash of people.users) add('user', hash, id);
    for (const { identity, key } of people.addresses) {
      add('address', identity, id);
      add('address key', key, id);
    }
  }
  return index;
}

function newRecognised(): Recognised {
  return { endpointIds: new Set(), userIds: new Set(), addresses: new Map(), addressKeys: new Map() };
}
