/** What an error of the database means: away for the moment, worth another try, or the fault of one row. */
import { ServiceError } from '../kernel/errors.ts';

/** The database cannot be reached or is stopping. Callers see 503; what was asked may be asked again. */
export class DatabaseUnavailable extends ServiceError {
  constructor(cause: unknown) {
    super('ServiceUnavailableException', 'The database cannot be reached at the moment.', { cause });
  }
}

const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  '53300', // too many connections
  '57P01', // the server is being shut down
  '57P02', // another backend crashed
  '57P03', // the server is starting
]);

/** Texts of pg and pg-pool for faults that carry no code. */
const connectionMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end)/;

export function isConnectionFault(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return true;
  if (!(error instanceof Error)) return false;
  const code = faultCode(error) ?? '';
  return connectionCodes.has(code) || code.startsWith('08') || connectionMessages.test(error.message);
}

/** `isConnectionFault` as the error that callers should see; anything else as it is. */
export function asServiceFault(error: unknown): unknown {
  return isConnectionFault(error) && !(error instanceof DatabaseUnavailable) ? new DatabaseUnavailable(error) : error;
}

/**
 * The transaction had no effect and the same one may succeed now: serialization failure, deadlock, a prepared
 * statement whose table was altered since.
 */
export function isWorthAnotherTry(error: unknown): boolean {
  const code = faultCode(error);
  return code === '40001' || code === '40P01' || isStalePlan(error);
}

/** A migration changed a table under a prepared statement (`cached plan must not change result type`). */
export function isStalePlan(error: unknown): boolean {
  return faultCode(error) === '0A000' && error instanceof Error && error.message.startsWith('cached plan');
}

/**
 * Whether one row of a batch may be to blame, so that the others deserve a try without it. Not so when the database
 * is away, full, read-only or lacks the table: every part of the batch would fail alike.
 */
export function mayBeOneRow(error: unknown): boolean {
  if (isConnectionFault(error)) return false;
  const code = faultCode(error);
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code)) return true;
  return code.startsWith('22') || code.startsWith('23') || code.startsWith('54') || code.startsWith('P0');
}

/** The table that holds a row with the same unique key already: of a partitioned table, the partition. */
export function duplicateIn(error: unknown): string | undefined {
  if (faultCode(error) !== '23505') return undefined;
  return error instanceof Error && 'table' in error && typeof error.table === 'string' ? error.table : undefined;
}

/** A lock was not to be had within `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return faultCode(error) === '55P03';
}

/** SQLSTATE or the system's error code, when the error has one. */
export function faultCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
