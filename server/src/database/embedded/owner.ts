/**
 * Who owns the running server: the process that holds a session advisory lock in it. The lock ends with its process,
 * however that ends, so a running server that nobody owns is an orphan.
 */
import type pg from 'pg';
import { advisoryLocks } from '../advisory-locks.ts';
import type { DatabaseConnection } from '../connection.ts';
import { connectOnce } from '../reach.ts';

/** `serve` stays until it is stopped; `command` ends by itself soon. */
export type OwnerKind = 'serve' | 'command';

export interface Session {
  /** Resolves when the connection is lost or closed. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

const applicationNames: Record<OwnerKind, string> = { serve: 'repoint owner', command: 'repoint command owner' };

/** @returns undefined when another process owns the server */
export async function becomeOwner(connection: DatabaseConnection, kind: OwnerKind): Promise<Session | undefined> {
  const client = await connectOnce(connection, applicationNames[kind]);
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
    advisoryLocks.embeddedOwner,
  ]);
  if (rows[0]?.taken) return session(client);
  await client.end();
  return undefined;
}

/** Says of a server that somebody owns whether that is a server or a command. */
export async function findOwner(connection: DatabaseConnection): Promise<OwnerKind | undefined> {
  const client = await connectOnce(connection, 'repoint');
  try {
    const { rows } = await client.query<{ name: string }>(
      `select application_name as name from pg_stat_activity
       where pid in (select pid from pg_locks
                     where locktype = 'advisory' and granted and objsubid = 1 and mode = 'ExclusiveLock'
                       and database = (select oid from pg_database where datname = current_database())
                       and (classid::bigint << 32) | objid::bigint = $1)`,
      [advisoryLocks.embeddedOwner],
    );
    const name = rows[0]?.name;
    return (['serve', 'command'] as const).find((kind) => applicationNames[kind] === name);
  } finally {
    await client.end();
  }
}

/** A guest uses a server that another command started; the owner waits for guests before it stops the server. */
export async function becomeGuest(connection: DatabaseConnection): Promise<Session> {
  const client = await connectOnce(connection, 'repoint command');
  await client.query('select pg_advisory_lock_shared($1)', [advisoryLocks.embeddedGuests]);
  return session(client);
}

const longestGuestMilliseconds = 10 * 60_000;

/** Resolves when no guest is left. A guest that stays beyond ten minutes is not waited for. */
export async function untilGuestsLeft(connection: DatabaseConnection): Promise<void> {
  const client = await connectOnce(connection, 'repoint');
  try {
    await client.query(`set lock_timeout = ${longestGuestMilliseconds}`);
    await client.query('select pg_advisory_lock($1)', [advisoryLocks.embeddedGuests]);
  } finally {
    await client.end();
  }
}

function session(client: pg.Client): Session {
  const ended = new Promise<void>((settle) => {
    client.once('end', () => settle());
    client.once('error', () => settle());
  });
  return { ended, close: () => client.end().catch(() => undefined) };
}
