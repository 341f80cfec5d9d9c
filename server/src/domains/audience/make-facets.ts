/**
 * Makes what is derived from the endpoints of a project that has none of it yet, since it was read from an archive: their
 * facets, and which values its attributes have.
 */
import { sql } from 'kysely';
import type { Transaction } from '../../database/index.ts';
import { type EndpointKey, keyText, type Lists, type StoredEndpoint } from './endpoint.ts';
import { facetsOf } from './facets.ts';
import { type FacetsRow, insertingFacets } from './facets-store.ts';
import { type AttributeName, bothBrought, namesBrought, nameText, notingValues } from './names-in-use.ts';
import { readEndpoints, readingUsersOf } from './store.ts';
import { userText } from './users-store.ts';

const endpointsAtOnce = 2_000;

export async function makeFacets(tx: Transaction, projectNumber: number): Promise<void> {
  const names = new Map<string, AttributeName>();
  for (let after: EndpointKey = { projectNumber, bucket: -1, id: '' }; ; ) {
    const keys = await readKeys(tx, after);
    const people = await readPeople(tx, keys);
    await insertingFacets(people.map(toFacets))?.execute(tx);
    for (const { endpoint, userAttributes } of people) {
      for (const name of namesBrought(projectNumber, { ...endpoint, userAttributes }, undefined)) {
        names.set(nameText(name), bothBrought(names.get(nameText(name)), name));
      }
    }
    const last = keys.at(-1);
    if (last === undefined || keys.length < endpointsAtOnce) break;
    after = last;
  }
  await sql`
    update attribute_names set value_tokens = '{}' where project_number = ${projectNumber} and kind <> 'metric'`.execute(
    tx,
  );
  await notingValues([...names.values()])?.execute(tx);
}

async function readKeys(tx: Transaction, { projectNumber, bucket, id }: EndpointKey): Promise<EndpointKey[]> {
  const { rows } = await sql<EndpointKey>`
    select project_number as "projectNumber", bucket, id from endpoints
    where project_number = ${projectNumber} and (bucket, id) > (${bucket}::int, ${id}::text)
    order by bucket, id limit ${endpointsAtOnce}`.execute(tx);
  return rows;
}

interface WithUser {
  readonly endpoint: StoredEndpoint;
  /** Of its user, or its own. */
  readonly userAttributes: Lists;
}

async function readPeople(tx: Transaction, keys: readonly EndpointKey[]): Promise<WithUser[]> {
  const endpoints = await readEndpoints(tx, keys);
  const users = (await readingUsersOf(keys)?.execute(tx))?.rows ?? [];
  const attributes = new Map(users.map((user) => [userText(user), user.attributes]));
  return endpoints
    .toSorted((one, other) => (keyText(one) < keyText(other) ? -1 : 1))
    .map((endpoint) => {
      const { projectNumber, userId } = endpoint;
      const ofUser = userId === null ? undefined : attributes.get(userText({ projectNumber, userId }));
      return { endpoint, userAttributes: ofUser ?? endpoint.userAttributes };
    });
}

function toFacets({ endpoint, userAttributes }: WithUser): FacetsRow {
  const { projectNumber, bucket, id, effectiveAt } = endpoint;
  return { projectNumber, bucket, id, ...facetsOf(endpoint, userAttributes), activeAt: effectiveAt };
}
