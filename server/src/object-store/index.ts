/** The object store room: where files lie that come from callers and go to them, in the words of S3. */
export {
  formatPlace,
  type KeptVersion,
  type ObjectStore,
  ObjectStoreError,
  type ObjectStoreFault,
  type ObjectVersion,
  type Place,
  parsePlace,
  type StoredObject,
} from './object-store.ts';
export { type ObjectStoreSettings, openObjectStore } from './open.ts';
