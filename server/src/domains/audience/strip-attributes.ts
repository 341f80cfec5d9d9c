/**
 * Takes values out that are stored under names which are no longer captured, with what segments know of them: in bounded
 * steps along the key, each of which may be done again.
 */
import { sql } from 'kysely';
import type { Transaction } from '../../database/index.ts';
import type { StoredEndpoint, StoredUser } from './endpoint.ts';
import { facetsOf } from './facets.ts';
import { updatingFacets } from './facets-store.ts';
import { ownersOf, userKeys } from './remove.ts';
import type { NameKind } from './rules.ts';
import { findEndpoints, lockEndpoints, updatingEndpoints } from './store.ts';
import { lockKnownUsers, updatingUsers, userText } from './users-store.ts';

export interface Stripping {
  readonly projectNumber: number;
  readonly kind: NameKind;
  isNamed(name: string): boolean;
}

/** The last key that was looked at. */
export interface StripPosition {
  readonly bucket: number;
  readonly id: string;
}

export interface StripStep {
  readonly changed: number;
  /** Undefined: that was all. */
  readonly next: StripPosition | undefined;
}

export const stripStart: StripPosition = { bucket: -1, id: '' };

const rowsPerStep = 500;

const members = { attribute: 'attributes', metric: 'metrics', 'user attribute': 'userAttributes' } as const;
const columns = { attribute: 'attributes', metric: 'metrics', 'user attribute': 'user_attributes' } as const;

export async function stripEndpoints(tx: Transaction, stripping: Stripping, after: StripPosition): Promise<StripStep> {
  const { projectNumber, kind, isNamed } = stripping;
  const { rows } = await sql<StripPosition & { readonly names: readonly string[] }>`
    select bucket, id, array(select jsonb_object_keys(${sql.ref(columns[kind])})) as names from endpoints
    where project_number = ${projectNumber} and (bucket, id) > (${after.bucket}::int, ${after.id}::text)
    order by bucket, id limit ${rowsPerStep}`.execute(tx);
  const keys = rows.filter(({ names }) => names.some(isNamed)).map(({ bucket, id }) => ({ projectNumber, bucket, id }));
  return { changed: await rewrite(tx, keys, stripping), next: rows.length < rowsPerStep ? undefined : rows.at(-1) };
}

/** Users are locked before their endpoints, as by all writers. */
async function rewrite(
  tx: Transaction,
  keys: Parameters<typeof findEndpoints>[1],
  stripping: Stripping,
): Promise<number> {
  if (keys.length === 0) return 0;
  const seen = await findEndpoints(tx, keys);
  const users = await lockKnownUsers(tx, ownersOf(seen));
  const known = new Map(users.map((user) => [userText(user), user]));
  const before = await lockEndpoints(tx, keys);
  // One got another user between the look and the lock: look again, with that one locked.
  const moved = before.some(
    ({ projectNumber, userId }) => userId !== null && !known.has(userText({ projectNumber, userId })),
  );
  if (moved) return rewrite(tx, keys, stripping);
  const member = members[stripping.kind];
  const changes = before
    .map((endpoint) => ({ before: endpoint, after: { ...endpoint, [member]: without(endpoint[member], stripping) } }))
    .filter((change) => change.after[member] !== change.before[member]);
  await updatingEndpoints(changes)?.execute(tx);
  await writeFacets(
    tx,
    changes.map(({ after }) => after),
    known,
  );
  return changes.length;
}

export async function stripUsers(tx: Transaction, stripping: Stripping, after: StripPosition): Promise<StripStep> {
  const { projectNumber, isNamed } = stripping;
  const { rows } = await sql<StripPosition & { readonly names: readonly string[] }>`
    select bucket, user_id as id, array(select jsonb_object_keys(attributes)) as names from audience_users
    where project_number = ${projectNumber} and (bucket, user_id) > (${after.bucket}::int, ${after.id}::text)
    order by bucket, user_id limit ${rowsPerStep}`.execute(tx);
  const named = rows.filter(({ names }) => names.some(isNamed));
  const users = await lockKnownUsers(
    tx,
    named.map(({ id }) => ({ projectNumber, userId: id })),
  );
  const changed = users
    .map((user) => ({ user, attributes: without(user.attributes, stripping) }))
    .filter(({ user, attributes }) => attributes !== user.attributes)
    .map(({ user, attributes }): StoredUser => ({ ...user, attributes }));
  await updatingUsers(changed)?.execute(tx);
  const endpoints = await lockEndpoints(
    tx,
    changed.flatMap(({ endpointIds }) => userKeys(projectNumber, endpointIds)),
  );
  await writeFacets(tx, endpoints, new Map(changed.map((user) => [userText(user), user])));
  return { changed: changed.length, next: rows.length < rowsPerStep ? undefined : rows.at(-1) };
}

async function writeFacets(
  tx: Transaction,
  endpoints: readonly StoredEndpoint[],
  users: ReadonlyMap<string, StoredUser>,
): Promise<void> {
  const rows = endpoints.map((endpoint) => {
    const { projectNumber, bucket, id, userId, effectiveAt } = endpoint;
    const user = userId === null ? undefined : users.get(userText({ projectNumber, userId }));
    const facets = facetsOf(endpoint, user?.attributes ?? endpoint.userAttributes);
    return { projectNumber, bucket, id, ...facets, activeAt: effectiveAt };
  });
  await updatingFacets(rows)?.execute(tx);
}

/** The same object where nothing is to be taken out. */
function without<Values extends Readonly<Record<string, unknown>>>(values: Values, { isNamed }: Stripping): Values {
  const left = Object.entries(values).filter(([name]) => !isNamed(name));
  return left.length === Object.keys(values).length ? values : (Object.fromEntries(left) as Values);
}
