/** DeleteEndpoint and DeleteUserEndpoints: each erases in its own transaction, a few of them at a time. */
import { Coalescer, type Subject, type Transaction } from '../../database/index.ts';
import { badRequest, notFound } from '../../kernel/errors.ts';
import type { Handlers, ProjectCall } from '../../operations/call.ts';
import type { Audience } from './audience.ts';
import { endpointKey } from './endpoint.ts';
import { inOrder, removeEndpoints, removeUsers, userKeys } from './remove.ts';
import { toEndpointResponse } from './response.ts';
import { findEndpoints, type WholeEndpoint } from './store.ts';
import { readThrough, subjectOf } from './subject.ts';
import { readUsers } from './users-store.ts';

/**
 * Asked in the transaction of a deletion, first with whom it finds, then told whom it deleted and up to which generation:
 * everything else of them goes.
 */
export type RemovedHandler = (
  tx: Transaction,
  found: Subject,
  call: ProjectCall,
) => Promise<(gone: Subject) => Promise<void>>;

interface DeletionParts {
  readonly audience: Audience;
  readonly removed: RemovedHandler;
}

export function deleteEndpointOperations({
  audience,
  removed,
}: DeletionParts): Handlers<'DeleteEndpoint' | 'DeleteUserEndpoints'> {
  const line = new DeletionLine();
  return {
    async DeleteEndpoint({ EndpointId }, call) {
      const key = endpointKey(call.project.number, EndpointId);
      const endpoint = await line.wait(call, async (tx) => {
        // Looked at first: of an endpoint that nobody knows, nothing is noted.
        const [known] = await findEndpoints(tx, [key]);
        if (known === undefined) return undefined;
        const found = { found: [known], userIds: [] };
        const [gone] = await remove(tx, call, removed, found, () => removeEndpoints(tx, audience.tombstones, [key]));
        return gone;
      });
      if (endpoint === undefined) throw notFound();
      return toEndpointResponse(endpoint, call.project.id);
    },

    async DeleteUserEndpoints({ UserId }, call) {
      if (UserId === '') throw badRequest('UserId is required');
      const name = { projectNumber: call.project.number, userId: UserId };
      const endpoints = await line.wait(call, async (tx) => {
        const [user] = await readUsers(tx, [name]);
        const known = await findEndpoints(tx, userKeys(call.project.number, user?.endpointIds ?? []));
        const found = { found: inOrder(known), userIds: [UserId] };
        return inOrder(await remove(tx, call, removed, found, () => removeUsers(tx, audience.tombstones, [name])));
      });
      if (endpoints.length === 0) throw notFound();
      return { Item: endpoints.map((endpoint) => toEndpointResponse(endpoint, call.project.id)) };
    },
  };
}

/** @param found as it is before anything is locked */
async function remove(
  tx: Transaction,
  call: ProjectCall,
  removed: RemovedHandler,
  { found, userIds }: { found: readonly WholeEndpoint[]; userIds: readonly string[] },
  work: () => Promise<readonly WholeEndpoint[]>,
): Promise<readonly WholeEndpoint[]> {
  const project = { accountId: call.project.accountId, projectNumber: call.project.number };
  const tell = await removed(tx, subjectOf(project, { endpoints: found, userIds, through: undefined }), call);
  const gone = await work();
  await tell(subjectOf(project, { endpoints: gone, userIds, through: await readThrough(tx, call.now) }));
  return gone;
}

/** Half of the connections that all hot writes share: without a line, some dozens of callers would take them all. */
const deletionsAtOnce = 4;

class DeletionLine {
  readonly #line = new Coalescer<() => Promise<unknown>, unknown>({
    name: 'deletions of endpoints',
    run: async ([deletion]) => [await deletion?.()],
    maximumBatch: 1,
    maximumInFlight: deletionsAtOnce,
    maximumWaiting: 1_000,
  });

  /**
   * Waits for its turn, then runs `work` in a transaction of the call.
   * @throws TooManyRequestsException when too many wait already; whatever `work` throws
   */
  async wait<Result>(call: ProjectCall, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return (await this.#line.submit(() => call.keyedTransaction(work))) as Result;
  }
}
