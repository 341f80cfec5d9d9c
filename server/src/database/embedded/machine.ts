/** What the machine, or the container we are in, allows. */
import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';

export interface Machine {
  /** Bytes that this machine or container may use. */
  readonly memory: number;
  readonly cores: number;
  /** Bytes free where the cluster lies. */
  readonly freeDisk: number;
  /** Bytes of /dev/shm, where parallel queries exchange rows; containers often have 64 MB. */
  readonly sharedMemory: number;
}

export async function inspectMachine(directory: string): Promise<Machine> {
  const disk = await statfs(directory);
  return {
    memory: Math.min(totalmem(), memoryLimit()),
    cores: Math.min(availableParallelism(), processorLimit()),
    freeDisk: disk.bavail * disk.bsize,
    sharedMemory: await sharedMemorySize(),
  };
}

/** 0 and absurdly large numbers mean that there is no limit. */
function memoryLimit(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? limit : Number.POSITIVE_INFINITY;
}

/** cgroup version 2: `quota period` in microseconds, or `max period`. */
function processorLimit(): number {
  try {
    const [quota, period] = readFileSync('/sys/fs/cgroup/cpu.max', 'utf8').trim().split(' ').map(Number);
    if (quota === undefined || period === undefined || !(quota > 0 && period > 0)) return Number.POSITIVE_INFINITY;
    return Math.max(1, Math.ceil(quota / period));
  } catch {
    return Number.POSITIVE_INFINITY; // No cgroups here, or version 1.
  }
}

async function sharedMemorySize(): Promise<number> {
  try {
    const { blocks, bsize } = await statfs('/dev/shm');
    return blocks * bsize;
  } catch {
    return Number.POSITIVE_INFINITY; // macOS has no such file system and no such limit.
  }
}
