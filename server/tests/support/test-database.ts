/** A database of its own for each test file, cloned from the migrated template. */
import { randomBytes } from 'node:crypto';
import { afterAll, inject } from 'vitest';
import { withDatabase } from '../../src/database/connection.ts';
import { type Database, type DatabaseConnection, openDatabase } from '../../src/database/index.ts';
import { connectOnce } from '../../src/database/reach.ts';
import { createLogger, type Logger } from '../../src/kernel/logger.ts';
import { templateName } from './throw-away-server.ts';

export interface TestDatabase {
  readonly database: Database;
  readonly connection: DatabaseConnection;
  readonly logger: Logger;
}

/**
 * Call it in a `beforeAll` or at the top of a file. After the tests of the file, `database` is closed, the test fails
 * when connections of others are still open, and the database is dropped.
 */
export async function openTestDatabase(options: { poolSize?: number } = {}): Promise<TestDatabase> {
  const connection = await createTestDatabase();
  const logger = createLogger('silent');
  const database = await openDatabase({ connection, logger, ...options });
  afterAll(async () => {
    await database.close();
    await dropTestDatabase(connection);
  });
  return { database, connection, logger };
}

/** For tests that open the database themselves; `empty` is one without any migration. Pair it with `dropTestDatabase`. */
export async function createTestDatabase(kind: 'migrated' | 'empty' = 'migrated'): Promise<DatabaseConnection> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const template = kind === 'migrated' ? templateName : 'template0';
  await onServer((run) => run(`create database ${name} template ${template}`));
  return withDatabase({ url: inject('testServerUrl') }, name);
}

/** @throws Error naming the connections that are still open: whoever opened them forgot to close */
export async function dropTestDatabase(connection: DatabaseConnection): Promise<void> {
  const name = new URL(connection.url.replace('@/', '@socket/')).pathname.slice(1);
  await onServer(async (run) => {
    const open = await untilLeft(async () => run(openConnections, [name]));
    await run(`drop database ${name} with (force)`);
    if (open.length > 0) {
      throw new Error(`The test leaks connections: ${open.map((row) => row['application_name']).join(', ')}`);
    }
  });
}

const openConnections = `
  select application_name from pg_stat_activity where datname = $1 and backend_type = 'client backend'`;

type Row = Record<string, unknown>;

/** PostgreSQL notices a closed connection a moment later. */
async function untilLeft(look: () => Promise<Row[]>): Promise<Row[]> {
  for (let attempt = 0; ; attempt += 1) {
    const open = await look();
    if (open.length === 0 || attempt === 20) return open;
    await new Promise((resume) => setTimeout(resume, 25));
  }
}

async function onServer<Result>(
  work: (run: (text: string, values?: unknown[]) => Promise<Row[]>) => Promise<Result>,
): Promise<Result> {
  const client = await connectOnce({ url: inject('testServerUrl') }, 'repoint tests');
  try {
    return await work(async (text, values) => (await client.query<Row>(text, values)).rows);
  } finally {
    await client.end();
  }
}
