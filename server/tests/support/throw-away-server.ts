/**
 * An embedded server that lives as long as one test run or one script, with a migrated database to clone. It is gone
 * afterwards, also when this process is killed.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withDatabase } from '../../src/database/connection.ts';
import { type DatabaseConnection, migrate, openEmbedded } from '../../src/database/index.ts';
import { connectOnce } from '../../src/database/reach.ts';
import { migrateJobs } from '../../src/jobs/index.ts';
import { createLogger } from '../../src/kernel/logger.ts';

export interface ThrowAwayServer {
  /** Its maintenance database. */
  readonly connection: DatabaseConnection;
  stop(): Promise<void>;
}

/** Nothing in it has to survive anything, so nothing waits for the disk. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  wal_init_zero: 'off',
  max_connections: 200,
};

export async function startThrowAwayServer(): Promise<ThrowAwayServer> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'repoint-test-'));
  chmodSync(dataDirectory, 0o711);
  const logger = createLogger('warn');
  const dismissGuard = setGuard(dataDirectory);
  const embedded = await openEmbedded({ dataDirectory, mode: 'serve', logger, settings });
  return {
    connection: embedded.connection,
    async stop() {
      await embedded.close();
      rmSync(dataDirectory, { recursive: true, force: true });
      dismissGuard();
    },
  };
}

export const templateName = 'repoint_template';

/** Makes the database that test databases are cloned from: what the server's own start makes. */
export async function makeTemplate(server: DatabaseConnection): Promise<DatabaseConnection> {
  const template = withDatabase(server, templateName);
  const client = await connectOnce(server, 'repoint tests');
  try {
    await client.query(`drop database if exists ${templateName} with (force)`);
    await client.query(`create database ${templateName} encoding 'UTF8' template template0`);
    const logger = createLogger('warn');
    await migrate({ connection: template, logger });
    await migrateJobs({ connection: template, logger });
  } finally {
    await client.end();
  }
  return template;
}

/**
 * A process that waits for our end, however it comes (its standard input closes), then ends the server and removes the
 * directory. Its own session, so that Ctrl-C does not reach it.
 */
function setGuard(dataDirectory: string): () => void {
  const script = `
    read -r line && exit 0
    for lock in "$1"/postgres/cluster/postmaster.pid $(cat "$1"/postgres-place 2>/dev/null)/cluster/postmaster.pid; do
      pid=$(head -n 1 "$lock" 2>/dev/null) && [ -n "$pid" ] && kill -QUIT "$pid"
    done
    sleep 1
    rm -rf "$1"`;
  const guard = spawn('/bin/sh', ['-c', script, 'sh', dataDirectory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  return () => guard.stdin.end('dismissed\n');
}
