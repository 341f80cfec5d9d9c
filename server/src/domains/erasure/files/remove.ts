/** Deletes files for ever, with what the store keeps of them: versions, marks of deletion, unfinished uploads. */
import type { KeptVersion, ObjectStore, ObjectVersion, Place } from '../../../object-store/index.ts';
import { ObjectStoreError } from '../../../object-store/index.ts';
import { asNotErasable, findVersions } from './search.ts';

/** Of some versions; added up by whoever asks. */
export interface RemovalStep {
  readonly versions: number;
  readonly uploads: number;
  readonly bytes: number;
  readonly kept: readonly KeptVersion[];
}

const versionsAStep = 1000;

/** Whether a place stands for all below it. */
export function isFolder({ key }: Place): boolean {
  return key === '' || key.endsWith('/');
}

/** What is there, a portion at a time. @throws FileNotErasable */
export async function* findAll(store: ObjectStore, place: Place): AsyncGenerator<readonly ObjectVersion[]> {
  if (!isFolder(place)) {
    const versions = await findVersions(store, place);
    if (versions.length > 0) yield versions;
    return;
  }
  let portion: ObjectVersion[] = [];
  try {
    for await (const version of store.listVersions(place)) {
      portion.push(version);
      if (portion.length < versionsAStep) continue;
      yield portion;
      portion = [];
    }
  } catch (error) {
    if (!(error instanceof ObjectStoreError && error.fault === 'missing')) throw asNotErasable(place, error);
  }
  if (portion.length > 0) yield portion;
}

/** Ends when nothing is there any more but what the store keeps. @throws FileNotErasable */
export async function* removeAll(store: ObjectStore, place: Place, signal: AbortSignal): AsyncGenerator<RemovalStep> {
  for await (const versions of findAll(store, place)) {
    signal.throwIfAborted();
    const kept = await store.removeVersions(versions).catch((error: unknown) => {
      throw asNotErasable(place, error);
    });
    const stays = new Set(kept.map(({ version }) => version));
    const gone = versions.filter((version) => !stays.has(version));
    yield { versions: gone.length, uploads: 0, bytes: gone.reduce((sum, { bytes }) => sum + bytes, 0), kept };
  }
  const uploads = await store.abandonUploads(place).catch((error: unknown) => {
    if (error instanceof ObjectStoreError && error.fault === 'missing') return 0;
    throw asNotErasable(place, error);
  });
  yield { versions: 0, uploads, bytes: 0, kept: [] };
}
