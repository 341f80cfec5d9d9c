/**
 * Settings of the embedded server, worked out from the machine at each start, because PostgreSQL's own defaults are
 * for the smallest one. Passed on the command line, so that nothing edits files in the cluster.
 */
import { availableParallelism, totalmem } from 'node:os';

const megabyte = 1024 * 1024;

export function tunedSettings(): Record<string, string> {
  const memory = availableMemoryMegabytes();
  const cores = availableParallelism();
  return {
    shared_buffers: megabytes(clamp(memory / 6, 128, 8192)),
    effective_cache_size: megabytes(clamp(memory / 2, 256, 65_536)),
    maintenance_work_mem: megabytes(clamp(memory / 32, 64, 1024)),
    work_mem: megabytes(clamp(memory / 384, 8, 64)),
    max_connections: '200',
    max_worker_processes: String(cores + 8),
    max_parallel_workers: String(cores),
    max_parallel_workers_per_gather: String(Math.max(1, Math.min(cores, 4))),
    max_parallel_maintenance_workers: String(Math.max(1, Math.min(cores, 4))),
    random_page_cost: '1.1',
    effective_io_concurrency: '64',
    io_method: 'worker',
    max_wal_size: megabytes(clamp(memory / 2, 1024, 16_384)),
    min_wal_size: '256MB',
    checkpoint_timeout: '15min',
    checkpoint_completion_target: '0.9',
    // Recycled WAL files keep the bytes of erased rows; new ones do not.
    wal_recycle: 'off',
    wal_compression: 'off',
    autovacuum_vacuum_scale_factor: '0.05',
    autovacuum_vacuum_cost_limit: '2000',
    ...logSettings,
  };
}

/** The server's log keeps neither parameters nor row values: personal data never reaches a log. */
const logSettings: Record<string, string> = {
  logging_collector: 'on',
  log_directory: 'log',
  log_filename: 'postgresql-%a.log',
  log_truncate_on_rotation: 'on',
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_file_mode: '0600',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
};

/** The machine's memory, or the container's share of it. */
function availableMemoryMegabytes(): number {
  const constrained = process.constrainedMemory();
  const total = totalmem();
  return (constrained > 0 ? Math.min(constrained, total) : total) / megabyte;
}

function clamp(value: number, least: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, value)));
}

function megabytes(count: number): string {
  return `${count}MB`;
}
