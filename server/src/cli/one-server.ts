/**
 * One server a data directory. The embedded database sees to it by itself; with an external one, two servers would pass
 * for one and free each other's leases.
 */
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Database, readNodeId } from '../database/index.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import type { Deployment } from './deployment.ts';

/** A living server renews its entry every five seconds; an old entry is not looked at. */
const watchMilliseconds = 7_000;

interface Entry {
  readonly hostName: string;
  readonly processId: number;
  readonly heartbeatAt: Date;
}

/**
 * Takes its time only when a server that ran on another machine, or as a process that still exists, has left an entry.
 * @throws OperatorError when it is alive
 */
export async function refuseSecondServer({ configuration, database }: Deployment): Promise<void> {
  if (configuration.databaseUrl === undefined) return;
  const nodeId = readNodeId(configuration.dataDirectory, 0);
  const before = await findEntry(database, nodeId);
  if (before === undefined || isOver(before)) return;
  await pause(watchMilliseconds);
  const after = await findEntry(database, nodeId);
  if (after === undefined || after.heartbeatAt.getTime() === before.heartbeatAt.getTime()) return;
  throw new OperatorError(
    `Another Repoint server (process ${after.processId} on ${after.hostName}) is running on the data directory ` +
      `${configuration.dataDirectory}. Stop it first, or set REPOINT_DATA_DIR to another directory.`,
  );
}

async function findEntry(database: Database, nodeId: string): Promise<Entry | undefined> {
  const { rows } = await sql<Entry>`
    select host_name as "hostName", process_id as "processId", heartbeat_at as "heartbeatAt"
    from nodes where node_id = ${nodeId} and heartbeat_at > now() - interval '15 seconds'`.execute(database.query);
  return rows[0];
}

/** It was killed: its process, on this machine, is gone, or its number is ours now. */
function isOver({ hostName, processId }: Entry): boolean {
  if (hostName !== hostname()) return false;
  if (processId === process.pid) return true;
  try {
    process.kill(processId, 0);
    return false;
  } catch (error) {
    // EPERM: it lives, as another user.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
