/**
 * Commands that use a server which another command started. Each holds a shared advisory lock in a session, which ends
 * with its process, however that ends; the owner waits for them before it stops the server.
 */
import type pg from 'pg';
import { advisoryLocks } from '../advisory-locks.ts';
import type { DatabaseConnection } from '../connection.ts';
import { isConnectionFault } from '../faults.ts';
import { connectOnce } from '../reach.ts';

/** Called under the start lock. @returns what ends the visit */
export async function becomeGuest(connection: DatabaseConnection): Promise<() => Promise<void>> {
  const client = await connectOnce(connection, 'repoint command');
  await client.query('select pg_advisory_lock_shared($1)', [advisoryLocks.embeddedGuests]);
  return () => client.end().catch(() => undefined); // The server may have stopped in the meantime.
}

/** Under the start lock, no guest can come after the answer. */
export async function hasGuests(connection: DatabaseConnection): Promise<boolean> {
  let client: pg.Client | undefined;
  try {
    client = await connectOnce(connection, 'repoint');
    // Never waited for: the next guest would have to wait behind us.
    const text = 'select pg_try_advisory_lock($1) as free';
    const { rows } = await client.query<{ free: boolean }>(text, [advisoryLocks.embeddedGuests]);
    return rows[0]?.free === false;
  } catch (error) {
    if (isConnectionFault(error)) return false; // A server that does not answer serves nobody.
    throw error;
  } finally {
    await client?.end().catch(() => undefined); // The connection may be what failed.
  }
}
