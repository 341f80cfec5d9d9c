/** The first connection of a process: waits for a server that is still starting, and says in a sentence what is wrong. */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../kernel/logger.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { columnTypes } from './column-types.ts';
import type { DatabaseConnection } from './connection.ts';
import { asServiceFault, faultCode, isConnectionFault } from './faults.ts';

const patienceMilliseconds = 20_000;

/**
 * A single connection outside of any pool, for migrations, locks and notifications.
 * @throws OperatorError when the database cannot be reached for 20 s or refuses us
 */
export async function connectAlone(
  connection: DatabaseConnection,
  applicationName: string,
  logger: Logger,
): Promise<pg.Client> {
  const giveUpAt = performance.now() + patienceMilliseconds;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await connectOnce(connection, applicationName);
    } catch (error) {
      if (!isConnectionFault(error) || performance.now() > giveUpAt) throw explain(connection, error);
      if (attempt === 0) logger.info({ code: faultCode(error) }, 'waiting for the database');
      await pause(Math.min(1_000, 50 * 2 ** attempt));
    }
  }
}

/** One attempt. The error is PostgreSQL's or the system's. */
export async function connectOnce(connection: DatabaseConnection, applicationName: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: connection.url,
    application_name: applicationName,
    types: columnTypes,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // Without a listener a broken connection would end the process; whoever uses the client sees its query fail.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined); // It never was connected.
    throw error;
  }
}

function explain(connection: DatabaseConnection, error: unknown): OperatorError {
  const { server, database } = nameOf(connection);
  const code = faultCode(error);
  const reasons: Record<string, string> = {
    '28P01': 'it refuses the password',
    '28000': 'it refuses the user',
    '3D000': `it has no database ${database}`,
  };
  const reason = reasons[code ?? ''] ?? `it cannot be reached (${code ?? 'no answer'})`;
  return new OperatorError(`The database server ${server} cannot be used: ${reason}. Check REPOINT_DATABASE_URL.`, {
    cause: error,
  });
}

/** What an operator knows it by; never user or password. */
function nameOf({ url }: DatabaseConnection): { server: string; database: string } {
  const { host, pathname, searchParams } = new URL(url.replace('@/', '@socket/'));
  const socket = searchParams.get('host');
  return {
    server: host === 'socket' && socket ? `at the socket in ${socket}` : `at ${host}`,
    database: pathname.slice(1),
  };
}

/** One connection that lasts: for session locks and the like. */
export interface Session {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
  close(): Promise<void>;
}

/** @throws DatabaseUnavailable */
export async function openSession(connection: DatabaseConnection, applicationName: string): Promise<Session> {
  const client = await connectOnce(connection, applicationName).catch((error: unknown) => {
    throw asServiceFault(error);
  });
  return {
    query: (text, values) => client.query(text, values),
    close: () => client.end().catch(() => undefined), // It is gone already.
  };
}
