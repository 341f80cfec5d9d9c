/** Whom identities stand for, and what is held on them (ours, E2): seen before anything is done. */
import type { Handlers } from '../../../operations/call.ts';
import { find } from '../engine/find.ts';
import { showHold } from '../holds/operations.ts';
import { whoIsHeld } from '../holds/retain.ts';
import { listHolds } from '../holds/store.ts';
import { readIdentities } from '../identities/identity.ts';
import { countAddresses } from '../identities/resolve.ts';
import type { ErasureParts } from '../parts.ts';
import { mostIdentities } from './operations.ts';

const shownIds = 100;
/** Of files there may be more than can be read while somebody waits for an answer. */
const filesMilliseconds = 3_000;

export function previewOperations(parts: ErasureParts): Handlers<'PreviewErasure'> {
  const { database, audience, clock } = parts;
  return {
    async PreviewErasure({ ErasureIdentities: { Identities } }, { project }) {
      const identities = readIdentities(Identities, mostIdentities);
      const { signal } = new AbortController();
      const { resolved, subjects, counts, unfinished } = await find(
        parts,
        { accountId: project.accountId, projectNumber: project.number },
        identities,
        { signal, filesMilliseconds },
      );
      const holds = await listHolds(database.query, project.number, clock.now());
      const held = holds.filter((hold) =>
        subjects.some((subject) => {
          const { endpoints, users, addresses } = whoIsHeld(audience.identities, subject, hold);
          return endpoints.length + users.length + addresses.length > 0;
        }),
      );
      return {
        ...{ Endpoints: resolved.people.length, Users: resolved.userIds.length },
        ...{ Addresses: countAddresses(resolved.addresses), SharedWith: resolved.sharing },
        EndpointIds: resolved.people.slice(0, shownIds).map(({ id }) => id),
        UserIds: resolved.userIds.slice(0, shownIds),
        Locations: [...counts].map(([Name, Found]) => ({ Name, Found })),
        Unfinished: [...unfinished],
        Held: await Promise.all(held.map((hold) => showHold(database.query, hold))),
      };
    },
  };
}
