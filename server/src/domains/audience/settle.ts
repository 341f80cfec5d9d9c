/** Writes down what a workspace came to: a few statements, and only what became otherwise. */
import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '../../database/index.ts';
import { addressText, writeAddresses } from './addresses-store.ts';
import type { Draft } from './draft.ts';
import { type EndpointKey, keyText, type StoredEndpoint } from './endpoint.ts';
import { facetValuesOf, tokensOf } from './facets.ts';
import { type Activity, type FacetsRow, insertFacets, touch, updateFacets } from './facets-store.ts';
import { type Loaded, ReadTooEarly } from './load.ts';
import { insertNames } from './rules.ts';
import { type ChangedEndpoint, insertEndpoints, updateEndpoints } from './store.ts';
import { deleteUsers, userText, writeUsers } from './users-store.ts';
import type { Workspace } from './workspace.ts';

/** @throws ReadTooEarly when somebody else made one of the endpoints meanwhile */
export async function settle(tx: Transaction, { workspace, madeUsers, madeAddresses }: Loaded): Promise<void> {
  const changed = workspace.endpoints.changed();
  const made = changed.filter(isNew);
  if ((await insertEndpoints(tx, made)) !== made.length) throw new ReadTooEarly();
  await updateEndpoints(
    tx,
    changed
      .filter((endpoint) => !isNew(endpoint))
      .map(
        (after): ChangedEndpoint => ({ before: workspace.endpoints.original(keyText(after)) as StoredEndpoint, after }),
      ),
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
  const facets = sortFacets(workspace, changed);
  await insertFacets(tx, facets.made);
  await updateFacets(tx, facets.dirty);
  await touch(tx, facets.touched);
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

function isNew({ generation }: StoredEndpoint): boolean {
  return generation === 0;
}

/** Which rows of facets have to be written, and of which only the last activity may have moved. */
function sortFacets(workspace: Workspace, changed: readonly StoredEndpoint[]) {
  const written = new Map<string, FacetsRow>();
  const made: FacetsRow[] = [];
  const touched: Activity[] = [];
  const mark = (endpoint: StoredEndpoint, says: boolean) => {
    const tokens = says ? tokensOf(endpoint, workspace.userAttributesOf(endpoint)) : null;
    const row = { ...pickKey(endpoint), ...facetValuesOf(endpoint), tokens, activeAt: endpoint.effectiveAt };
    if (isNew(endpoint)) made.push(row);
    else written.set(keyText(endpoint), row);
  };
  for (const endpoint of changed) {
    const before = workspace.endpoints.original(keyText(endpoint));
    if (before === undefined || asksOtherwise(before, endpoint))
      mark(endpoint, before === undefined || saysOtherwise(before, endpoint));
    else if (isWorthTouching(before, endpoint)) touched.push({ ...pickKey(endpoint), activeAt: endpoint.effectiveAt });
  }
  for (const user of workspace.users.changed()) {
    if (workspace.users.original(userText(user))?.attributes === user.attributes) continue;
    for (const id of user.endpointIds) {
      const sibling = workspace.endpoints.get(keyText({ projectNumber: user.projectNumber, id }));
      if (sibling !== undefined && !isNew(sibling)) mark(sibling, true);
    }
  }
  return {
    made,
    dirty: [...written.values()],
    touched: touched.filter((activity) => !written.has(keyText(activity))),
  };
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
  return (
    saysOtherwise(before, after) ||
    (['metrics', 'status', 'optOut'] as const).some((member) => before[member] !== after[member]) ||
    (before.address === null) !== (after.address === null)
  );
}

/** Whether it may have other tokens. */
function saysOtherwise(before: StoredEndpoint, after: StoredEndpoint): boolean {
  return tokenised.some((member) => before[member] !== after[member]);
}

const tokenised = ['attributes', 'demographic', 'location', 'userAttributes', 'channelType', 'userId'] as const;
