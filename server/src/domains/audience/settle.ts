/** What a workspace came to, as statements: a few, and only for what became otherwise. */
import type { RawBuilder } from 'kysely';
import { addressText, type StoredAddress, writingAddresses } from './addresses-store.ts';
import type { Draft } from './draft.ts';
import { type EndpointKey, keyText, type StoredEndpoint, type StoredUser } from './endpoint.ts';
import { facetValuesOf, tokensOf } from './facets.ts';
import { type Activity, type FacetsRow, insertingFacets, touching, updatingFacets } from './facets-store.ts';
import type { Loaded } from './load.ts';
import { isSameLists, sameTexts } from './merge.ts';
import { insertingNames, notingValues } from './names-in-use.ts';
import { insertingEndpoints, updatingEndpoints } from './store.ts';
import { deletingUsers, updatingUsers, userText } from './users-store.ts';
import type { Workspace } from './workspace.ts';

/** In the order in which they have to be run. @see isMadeMeanwhile for how they fail when they come too late */
export function settle({ workspace, madeUsers, madeAddresses }: Loaded): readonly RawBuilder<unknown>[] {
  const changed = workspace.endpoints.changed();
  const known = changed.filter((endpoint) => !isNew(endpoint));
  const users = unlikeGuesses(workspace.users, madeUsers, userText, isSameUser);
  const facets = sortFacets(workspace, changed);
  const names = workspace.names.changed();
  return [
    insertingNames(names.filter(({ isNew }) => isNew)),
    notingValues(names),
    insertingEndpoints(changed.filter(isNew)),
    updatingEndpoints(
      known.map((after) => ({ before: workspace.endpoints.original(keyText(after)) as StoredEndpoint, after })),
    ),
    updatingUsers(users.filter(({ endpointIds }) => endpointIds.length > 0)),
    deletingUsers(users.filter(({ endpointIds }) => endpointIds.length === 0)),
    ...writingAddresses(unlikeGuesses(workspace.addresses, madeAddresses, addressText, isSameAddress)),
    insertingFacets(facets.made),
    updatingFacets(facets.dirty),
    touching(facets.touched),
  ].filter((statement) => statement !== undefined);
}

/** What stands in the database otherwise than it became: changed rows, and made ones whose guess was wrong. */
function unlikeGuesses<Row>(
  draft: Draft<Row>,
  made: readonly Row[],
  textOf: (row: Row) => string,
  isSame: (one: Row, other: Row) => boolean,
): Row[] {
  const guessed = new Set<string>();
  const wrong: Row[] = [];
  for (const guess of made) {
    const text = textOf(guess);
    const row = draft.get(text) as Row;
    guessed.add(text);
    if (!isSame(row, guess)) wrong.push(row);
  }
  return [...draft.changed().filter((row) => !guessed.has(textOf(row))), ...wrong];
}

function isSameUser(one: StoredUser, other: StoredUser): boolean {
  return sameTexts(one.endpointIds, other.endpointIds) && isSameLists(one.attributes, other.attributes);
}

function isSameAddress(one: StoredAddress, other: StoredAddress): boolean {
  return sameTexts(one.endpointIds, other.endpointIds);
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
  // One that is touched twice is touched by the later of the two.
  const latest = new Map([...touched, ...workspace.activities.changed()].map((each) => [keyText(each), each]));
  return {
    made,
    dirty: [...written.values()],
    touched: [...latest.values()].filter((activity) => !written.has(keyText(activity))),
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
function asksOtherwise(before: StoredEndpoint, after: StoredEndpoint): boolean {
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
