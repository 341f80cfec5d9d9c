/** Which files an import reads, and a first look into them (dossier/audience §9.2, §9.3). */
import { badRequest, type ServiceError, unavailable } from '../../../kernel/errors.ts';
import { type ObjectStore, ObjectStoreError, type Place, type StoredObject } from '../../../object-store/index.ts';
import { FileFault, fileFaultOf } from '../file-fault.ts';
import { readHeader } from './csv.ts';
import { readLines } from './lines.ts';

const endings = {
  CSV: /\.csv(\.gz)?$/i,
  JSON: /(\.(json|jsonl|ndjson)(\.gz)?|\.gz)$/i,
} as const;

const mostFiles = 10_000;
/** The headers of so many are looked at before the job is accepted; it meets the others itself. */
const lookedAt = 10;
const lookMilliseconds = 15_000;

/** @throws ServiceError for a place where nothing can be imported from, or a CSV file with a header that cannot be */
export async function findFiles(store: ObjectStore, place: Place, format: 'CSV' | 'JSON'): Promise<StoredObject[]> {
  try {
    const files = await listFiles(store, place, format);
    if (format === 'CSV') for (const file of files.slice(0, lookedAt)) await checkHeader(store, file);
    return files;
  } catch (error) {
    throw asRefusal(error);
  }
}

/** What a caller is told of a store that does not do what it should. */
export function asRefusal(error: unknown): unknown {
  if (error instanceof ObjectStoreError && error.fault === 'unavailable') return unavailable(error.message);
  const fault = fileFaultOf(error);
  return fault === undefined ? error : badRequest(fault);
}

async function listFiles(store: ObjectStore, place: Place, format: 'CSV' | 'JSON'): Promise<StoredObject[]> {
  // Named exactly, a file may end as it likes.
  const named = await store.find(place);
  if (named !== undefined) return [named];
  const files: StoredObject[] = [];
  for await (const file of store.list(place)) {
    if (file.bytes === 0 || !hasFormat(file.key, format)) continue;
    if (files.push(file) > mostFiles) throw badRequest(`An import can have at most ${mostFiles} files`);
  }
  if (files.length === 0) throw noFiles(format);
  return files.toSorted((one, other) => (one.key < other.key ? -1 : 1));
}

function hasFormat(key: string, format: 'CSV' | 'JSON'): boolean {
  return endings[format].test(key) && (format === 'CSV' || !endings.CSV.test(key));
}

function noFiles(format: string): ServiceError {
  return badRequest(`S3Url names no file, and no file of the format ${format} lies below it`);
}

async function checkHeader(store: ObjectStore, file: StoredObject): Promise<void> {
  const signal = AbortSignal.timeout(lookMilliseconds);
  for await (const lines of readLines(store.read(file, signal))) {
    const first = lines.find(({ text }) => text === undefined || text.trim() !== '');
    if (first === undefined) continue;
    if (first.text === undefined) throw new FileFault(first.fault ?? '');
    readHeader(first.text);
    return;
  }
}
