/** Where archives of access requests lie: below a folder of this deployment alone, under random names. */
import { randomBytes } from 'node:crypto';
import type { MasterKey } from '../../../kernel/master-key.ts';
import {
  formatPlace,
  type ObjectStore,
  ObjectStoreError,
  type Place,
  parsePlace,
} from '../../../object-store/index.ts';

/** Deployments may share a bucket: none removes the archives of another. */
export function archiveFolder(bucket: string, masterKey: MasterKey): Place {
  return { bucket, key: `access/${masterKey.fingerprint().slice(0, 16)}/` };
}

export function newArchiveUrl({ bucket, key }: Place): string {
  return formatPlace({ bucket, key: `${key}${randomBytes(32).toString('hex')}.tar.gz` });
}

/** @returns why some of it stays: reasons of the store */
export async function removeArchive(store: ObjectStore, url: string): Promise<readonly string[]> {
  const place = parsePlace(url);
  if (place === undefined) throw new Error('An archive was noted at a place that is none.');
  try {
    const kept = await store.removeVersions(await store.findVersions(place));
    return kept.map(({ reason }) => reason);
  } catch (error) {
    // No bucket, no archive.
    if (error instanceof ObjectStoreError && error.fault === 'missing') return [];
    throw error;
  }
}
