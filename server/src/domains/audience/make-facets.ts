/** Makes the facets of all endpoints of a project that has none yet: one that was read from an archive. */
import { sql } from 'kysely';
import type { Transaction } from '../../database/index.ts';
import { type EndpointKey, keyText } from './endpoint.ts';
import { facetsOf } from './facets.ts';
import { insertingFacets } from './facets-store.ts';
import { readEndpoints, readingUsersOf } from './store.ts';
import { userText } from './users-store.ts';

const endpointsAtOnce = 2_000;

export async function makeFacets(tx: Transaction, projectNumber: number): Promise<void> {
  for (let after: EndpointKey = { projectNumber, bucket: -1, id: '' }; ; ) {
    const keys = await readKeys(tx, after);
    await insertingFacets(await facetsOfAll(tx, keys))?.execute(tx);
    const last = keys.at(-1);
    if (last === undefined || keys.length < endpointsAtOnce) return;
    after = last;
  }
}

async function readKeys(tx: Transaction, { projectNumber, bucket, id }: EndpointKey): Promise<EndpointKey[]> {
  const { rows } = await sql<EndpointKey>`
    select project_number as "projectNumber", bucket, id from endpoints
    where project_number = ${projectNumber} and (bucket, id) > (${bucket}::int, ${id}::text)
    order by bucket, id limit ${endpointsAtOnce}`.execute(tx);
  return rows;
}

async function facetsOfAll(tx: Transaction, keys: readonly EndpointKey[]) {
  const endpoints = await readEndpoints(tx, keys);
  const users = (await readingUsersOf(keys)?.execute(tx))?.rows ?? [];
  const attributes = new Map(users.map((user) => [userText(user), user.attributes]));
  return endpoints
    .toSorted((one, other) => (keyText(one) < keyText(other) ? -1 : 1))
    .map((endpoint) => {
      const { projectNumber, bucket, id, userId, effectiveAt } = endpoint;
      const ofUser = userId === null ? undefined : attributes.get(userText({ projectNumber, userId }));
      const facets = facetsOf(endpoint, ofUser ?? endpoint.userAttributes);
      return { projectNumber, bucket, id, ...facets, activeAt: effectiveAt };
    });
}
