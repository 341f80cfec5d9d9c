/** Writes down what a workspace came to: a few statements, and only what became otherwise. */
import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '../../database/index.ts';
import { addressText, writeAddresses } from './addresses-store.ts';
import type { Draft } from './draft.ts';
import { type EndpointKey, keyText, type StoredEndpoint } from './endpoint.ts';
import { facetsOf } from './facets.ts';
import { type Activity, type FacetsRow, touch, writeFacets } from './facets-store.ts';
import { type Loaded, ReadTooEarly } from './load.ts';
import { insertNames } from './rules.ts';
import { deleteUsers, insertEndpoints, updateEndpoints, userText, writeUsers } from './store.ts';
import type { Workspace } from './workspace.ts';

/** @throws ReadTooEarly when somebody else made one of the endpoints meanwhile */
export async function settle(tx: Transaction, { workspace, madeUsers, madeAddresses }: Loaded): Promise<void> {
  const changed = workspace.endpoints.changed();
  const made = changed.filter(({ generation }) => generation === 0);
  if ((await insertEndpoints(tx, made)) !== made.length) throw new ReadTooEarly();
  await updateEndpoints(
    tx,
    changed.filter(({ generation }) => generation !== 0),
  );
  const users = unlikeGuesses(workspace.users, madeUsers, userText);
  await writeUsers(
    tx,
    users.filter(({ endpointIds }) => endpointIds.length > 0),
  );
  await deleteUsers(
    tx,
    users.filter(({ endpointIds }) => endpointIds.length === 0),
  );
  await writeAddresses(tx, unlikeGuesses(workspace.addresses, madeAddresses, addressText));
  const { dirty, touched } = sortFacets(workspace, changed);
  await writeFacets(tx, dirty);
  await touch(tx, touched);
  await insertNames(tx, workspace.names.changed());
}

/** What stands in the database otherwise than it became: changed rows, and made ones whose guess was wrong. */
function unlikeGuesses<Row>(draft: Draft<Row>, made: readonly Row[], textOf: (row: Row) => string): Row[] {
  const guesses = new Map(made.map((row) => [textOf(row), row]));
  const wrong = made
    .map((guess) => draft.get(textOf(guess)) as Row)
    .filter((row) => !isDeepStrictEqual(row, guesses.get(textOf(row))));
  return [...draft.changed().filter((row) => !guesses.has(textOf(row))), ...wrong];
}

/** Which rows of facets have to be written, and of which only the last activity may have moved. */
function sortFacets(workspace: Workspace, changed: readonly StoredEndpoint[]) {
  const dirty = new Map<string, FacetsRow>();
  const touched: Activity[] = [];
  const mark = (endpoint: StoredEndpoint) => {
    const { projectNumber, bucket, id, effectiveAt } = endpoint;
    const facets = facetsOf(endpoint, workspace.userAttributesOf(endpoint));
    dirty.set(keyText(endpoint), { projectNumber, bucket, id, activeAt: effectiveAt, ...facets });
  };
  for (const endpoint of changed) {
    const before = workspace.endpoints.original(keyText(endpoint));
    if (before === undefined || asksOtherwise(before, endpoint)) mark(endpoint);
    else if (isWorthTouching(before, endpoint)) touched.push({ ...pickKey(endpoint), activeAt: endpoint.effectiveAt });
  }
  for (const user of workspace.users.changed()) {
    if (workspace.users.original(userText(user))?.attributes === user.attributes) continue;
    for (const id of user.endpointIds) {
      const sibling = workspace.endpoints.get(keyText({ projectNumber: user.projectNumber, id }));
      if (sibling !== undefined) mark(sibling);
    }
  }
  return { dirty: [...dirty.values()], touched: touched.filter((activity) => !dirty.has(keyText(activity))) };
}

/** Once a minute at most, whatever is written in between; the statement itself looks how far the step is. */
function isWorthTouching(before: StoredEndpoint, after: StoredEndpoint): boolean {
  const minute = ({ effectiveAt }: StoredEndpoint) => Math.floor(effectiveAt.getTime() / 60_000);
  return minute(after) > minute(before);
}

function pickKey({ projectNumber, bucket, id }: EndpointKey): EndpointKey {
  return { projectNumber, bucket, id };
}

/** Whether a segment might answer otherwise; merges keep the object where nothing changed. */
export function asksOtherwise(before: StoredEndpoint, after: StoredEndpoint): boolean {
  const members = ['attributes', 'metrics', 'demographic', 'location', 'userAttributes'] as const;
  return (
    members.some((member) => before[member] !== after[member]) ||
    (['channelType', 'status', 'optOut', 'userId'] as const).some((member) => before[member] !== after[member]) ||
    (before.address === null) !== (after.address === null)
  );
}
