/** `repoint endpoints find`: whom an address or a user id belongs to. */
import { findByAddress, findEndpoints, readUsers, userKeys, type WholeEndpoint } from '../domains/audience/index.ts';
import { toTimestamp } from '../kernel/clock.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { type Deployment, withDeployment } from './deployment.ts';
import { printTable } from './table.ts';
import { requireProject } from './transfer.ts';

export interface FindOptions {
  readonly project: string;
  readonly email?: string;
  readonly address?: string;
  readonly user?: string;
}

export async function findPeople(configuration: Configuration, options: FindOptions): Promise<void> {
  const address = options.email ?? options.address;
  // Nothing, or an empty text, must not mean everybody.
  if (!address && !options.user) throw new OperatorError('Say who: --email, --address or --user.');
  await withDeployment(configuration, async (deployment) => {
    const { number } = await requireProject(deployment, options.project);
    const found = [
      ...(address ? await findByAddress(deployment.database.query, number, address) : []),
      ...(options.user ? await endpointsOf(deployment, number, options.user) : []),
    ];
    printTable(
      ['endpoint', 'channel', 'status', 'opt-out', 'user', 'created'],
      [...new Map(found.map((endpoint) => [endpoint.id, endpoint])).values()].map(describe),
    );
  });
}

async function endpointsOf({ database: { query } }: Deployment, projectNumber: number, userId: string) {
  const [user] = await readUsers(query, [{ projectNumber, userId }]);
  if (user === undefined) return [];
  const endpoints = await findEndpoints(query, userKeys(projectNumber, user.endpointIds));
  return endpoints.filter((endpoint) => endpoint !== undefined);
}

function describe({ shownId, channelType, status, optOut, userId, createdAt }: WholeEndpoint): string[] {
  return [shownId, channelType ?? '-', status, optOut, userId ?? '-', toTimestamp(createdAt)];
}
