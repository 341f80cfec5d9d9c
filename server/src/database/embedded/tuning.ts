/**
 * The server's settings, worked out from the machine at each start: PostgreSQL's own defaults are for the smallest.
 * Each value has its reason. Operators override them with ALTER SYSTEM, which PostgreSQL reads after this file.
 */
import type { Machine } from './machine.ts';

const megabyte = 1024 ** 2;
const gigabyte = 1024 ** 3;

export type ServerSettings = Readonly<Record<string, string | number>>;

export function tune(machine: Machine): ServerSettings {
  return {
    ...memorySettings(machine),
    ...processSettings(machine),
    ...walSettings(machine),
    ...privacySettings,
    ...fixedSettings,
  };
}

function memorySettings({ memory, sharedMemory }: Machine): ServerSettings {
  return {
    // A fifth: Node processes, the page cache and whatever else the machine does need the rest.
    shared_buffers: inMegabytes(memory / 5, 64 * megabyte, 8 * gigabyte),
    effective_cache_size: inMegabytes(memory / 2, 128 * megabyte, 512 * gigabyte),
    // Times hash_mem_multiplier, sorts and workers of one query, and a few dozen connections.
    work_mem: inMegabytes(memory / 768, 4 * megabyte, 64 * megabyte),
    maintenance_work_mem: inMegabytes(memory / 24, 32 * megabyte, gigabyte),
    autovacuum_work_mem: inMegabytes(memory / 48, 16 * megabyte, 256 * megabyte),
    // Where /dev/shm is small, as in containers, parallel queries fail for lack of it; this is set aside instead.
    min_dynamic_shared_memory:
      sharedMemory < 512 * megabyte ? inMegabytes(memory / 32, 16 * megabyte, 256 * megabyte) : '0MB',
    huge_pages: 'try',
  };
}

function processSettings({ cores }: Machine): ServerSettings {
  const parallel = Math.min(cores, 16);
  return {
    // Ten a process, and as many processes as cores, with room for commands and jobs; a slot costs little.
    max_connections: Math.max(100, 60 + 20 * cores),
    max_worker_processes: parallel + 8,
    max_parallel_workers: parallel,
    max_parallel_workers_per_gather: parallel,
    max_parallel_maintenance_workers: Math.min(parallel, 4),
    // io_uring is not compiled in.
    io_method: 'worker',
    io_workers: Math.min(Math.max(3, Math.ceil(cores / 4)), 16),
    // Hot tables are partitioned by bucket, and partitions of one query are locked together.
    max_locks_per_transaction: 256,
  };
}

function walSettings({ freeDisk }: Machine): ServerSettings {
  return {
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_level: 'replica',
    max_wal_size: inMegabytes(freeDisk / 16, 512 * megabyte, 8 * gigabyte),
    min_wal_size: '80MB',
    checkpoint_timeout: '15min',
    checkpoint_completion_target: 0.9,
    // pglz costs more time than the disk it saves, and the binaries have no lz4.
    wal_compression: 'off',
    // A recycled segment keeps the bytes of erased rows for weeks; removed ones are gone.
    wal_recycle: 'off',
    // Every segment is new then; filled with zeros first, so that a commit need not write the file's length.
    wal_init_zero: 'on',
    wal_buffers: '16MB',
  };
}

/**
 * Neither parameters nor row values reach the server's log. `log_min_messages = log` leaves out ERROR messages, which
 * quote values; the client that caused them gets them.
 */
const privacySettings: ServerSettings = {
  log_statement: 'none',
  log_min_duration_statement: -1,
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: 0,
  log_parameter_max_length_on_error: 0,
  log_lock_waits: 'off',
  log_replication_commands: 'off',
};

const fixedSettings: ServerSettings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  password_encryption: 'scram-sha-256',
  // Solid-state disks everywhere: a random page costs about what the next one does.
  random_page_cost: 1.1,
  // Batches of thousands of updates a second outrun the default budget of 200.
  autovacuum_vacuum_cost_limit: 2000,
  autovacuum_naptime: '15s',
  idle_in_transaction_session_timeout: '5min',
  tcp_keepalives_idle: 60,
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  jit: 'off',
  logging_collector: 'on',
  log_destination: 'stderr',
  log_filename: 'postgres-%Y%m%d-%H%M%S.log',
  log_file_mode: '0600',
  log_rotation_age: '1d',
  log_rotation_size: '4MB',
  log_line_prefix: '%m [%p] ',
};

function inMegabytes(bytes: number, least: number, most: number): string {
  return `${Math.floor(Math.min(Math.max(bytes, least), most) / megabyte)}MB`;
}

/** The text of `postgresql.conf`. */
export function writeSettings(settings: ServerSettings): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'`);
  return ['# Written by Repoint at each start. For a change that lasts, use ALTER SYSTEM SET.', ...lines, ''].join(
    '\n',
  );
}
