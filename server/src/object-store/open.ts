/** The object store of the deployment. */
import { join } from 'node:path';
import { LocalObjectStore } from './local.ts';
import type { ObjectStore } from './object-store.ts';
import { S3ObjectStore } from './s3.ts';

export interface ObjectStoreSettings {
  readonly objectStore: 'local' | 's3';
  readonly dataDirectory: string;
  readonly s3: { readonly endpoint: string | undefined; readonly region: string };
}

export function openObjectStore({ objectStore, dataDirectory, s3 }: ObjectStoreSettings): ObjectStore {
  return objectStore === 's3' ? new S3ObjectStore(s3) : new LocalObjectStore(join(dataDirectory, 'buckets'));
}
