import { describe, expect, it } from 'vitest';
import { tune, writeSettings } from './tuning.ts';

const gigabyte = 1024 ** 3;
const machine = { memory: 16 * gigabyte, cores: 8, freeDisk: 200 * gigabyte, sharedMemory: 8 * gigabyte };

describe('tune', () => {
  it('takes a fifth of the memory for itself, within bounds', () => {
    expect(tune(machine)['shared_buffers']).toBe('3276MB');
    expect(tune({ ...machine, memory: gigabyte / 4 })['shared_buffers']).toBe('64MB');
    expect(tune({ ...machine, memory: 512 * gigabyte })['shared_buffers']).toBe('8192MB');
  });

  it('uses every core for a query, and lets enough connections in', () => {
    expect(tune(machine)).toMatchObject({
      max_parallel_workers_per_gather: 8,
      max_connections: 220,
      io_method: 'worker',
    });
    expect(tune({ ...machine, cores: 1 })).toMatchObject({ max_parallel_workers_per_gather: 1, max_connections: 100 });
  });

  it('leaves room on a small disk and does without shared memory files where they are small', () => {
    expect(tune({ ...machine, freeDisk: 2 * gigabyte })['max_wal_size']).toBe('512MB');
    expect(tune(machine)['min_dynamic_shared_memory']).toBe('0MB');
    expect(tune({ ...machine, sharedMemory: 64 * 1024 ** 2 })['min_dynamic_shared_memory']).toBe('256MB');
  });

  it('is durable and logs no values, on any machine', () => {
    for (const memory of [gigabyte / 8, 4 * gigabyte, 1024 * gigabyte]) {
      expect(tune({ ...machine, memory })).toMatchObject({
        fsync: 'on',
        synchronous_commit: 'on',
        full_page_writes: 'on',
        wal_recycle: 'off',
        log_statement: 'none',
        log_min_messages: 'log',
        log_min_error_statement: 'panic',
        log_error_verbosity: 'terse',
        log_parameter_max_length: 0,
        log_parameter_max_length_on_error: 0,
        listen_addresses: '',
      });
    }
  });
});

it('writeSettings quotes', () => {
  expect(writeSettings({ data_directory: "/srv/o'brien", max_connections: 5 })).toContain(
    "data_directory = '/srv/o''brien'\nmax_connections = '5'\n",
  );
});
