/** The disk under the data directory: an embedded database stops writing when it is full. */
import { statfs } from 'node:fs/promises';
import { type Finding, ok, wrong } from './finding.ts';

const leastFreeGigabytes = 2;

export interface DiskFacts {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** @param directory one that exists */
export async function readDiskFacts(directory: string): Promise<DiskFacts> {
  const { bavail, blocks, bsize } = await statfs(directory);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

export function judgeDisk({ freeBytes }: DiskFacts): Finding {
  const gigabytes = freeBytes / 1024 ** 3;
  const says = `${gigabytes.toFixed(1)} GB free on the disk of the data directory`;
  return gigabytes >= leastFreeGigabytes ? ok(says) : wrong(`${says}: too little`);
}
