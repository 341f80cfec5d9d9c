/**
 * Files to and from a browser (ours): UploadFile writes what an import will read, DownloadFile sends what an export wrote.
 * A large file is uploaded as parts of whole lines, so that each is an ordinary signed request within the limit of bodies
 * and a part that was lost is sent again alone: no way in besides SigV4, and no request that outlives the server's 60 s.
 */
import { createHash } from 'node:crypto';
import { badRequest, notFound, ServiceError } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import { formatPlace, ObjectStoreError, type Place, parsePlace } from '../../../object-store/index.ts';
import type { Handlers, ProjectCall } from '../../../operations/call.ts';
import { FileDocument } from '../../../operations/file-document.ts';
import { asRefusal } from '../import/find-files.ts';
import type { TransferParts } from '../transfer-parts.ts';
import { beginUpload, holdUpload, isFileOfProject, noteUploaded, sizeOfUpload } from './store.ts';

/** Of one upload: what Pinpoint's console took (dossier/events-journeys-console §6.2, P5). */
const mostBytes = 1024 ** 3;
const mostPartBytes = 6 * 1024 ** 2;

export interface UploadParts extends TransferParts {
  readonly uploadBucket: string;
}

export function uploadOperations({
  database,
  objectStore,
  uploadBucket,
}: UploadParts): Handlers<'UploadFile' | 'DownloadFile'> {
  return {
    async UploadFile({ UploadFileRequest: request }, call) {
      const content = Buffer.from(request.Content);
      if (content.length > mostPartBytes) throw tooLarge('A part', mostPartBytes);
      const key = { projectNumber: call.project.number, id: request.UploadId ?? newId() };
      const folder = `${call.project.id}/${key.id}/`;
      const place = { bucket: uploadBucket, key: folder + partName(request.FileName, request.FirstLine ?? 1) };
      const url = formatPlace(place);
      await call.transaction(async (tx) => {
        if (request.UploadId === undefined) {
          const definition = { FileName: request.FileName };
          await beginUpload(tx, { ...key, accountId: call.project.accountId, definition, now: call.now });
        } else if (!(await holdUpload(tx, key))) throw notFound();
        if ((await sizeOfUpload(tx, key, url)) + content.length > mostBytes) throw tooLarge('An upload', mostBytes);
        // Before it is written: erasure looks where it may be.
        await noteUploaded(tx, key, { url, bytes: content.length, now: call.now, checksum: null });
      });
      await write(objectStore, place, content);
      const checksum = createHash('sha256').update(content).digest('hex');
      await noteUploaded(database.query, key, { url, bytes: content.length, now: call.now, checksum });
      const FolderUrl = formatPlace({ bucket: uploadBucket, key: folder });
      return { UploadId: key.id, Url: url, FolderUrl, Bytes: content.length };
    },

    async DownloadFile({ Url }, call) {
      const place = await readOwnPlace(Url, call);
      const found = await objectStore.find(place).catch((error: unknown) => {
        throw asRefusal(error);
      });
      if (found === undefined) throw notFound();
      const name = place.key.slice(place.key.lastIndexOf('/') + 1);
      return new FileDocument(name, found.bytes, (signal) => objectStore.read(found, signal));
    },
  };

  /** @throws NotFoundException for files of others, whether they are there or not */
  async function readOwnPlace(url: string, { project }: ProjectCall): Promise<Place> {
    const place = parsePlace(url);
    if (place === undefined) throw badRequest('url must be s3://bucket/key');
    if (!(await isFileOfProject(database.query, project.number, url))) throw notFound();
    return place;
  }
}

async function write(store: TransferParts['objectStore'], place: Place, content: Buffer): Promise<void> {
  try {
    await store.write(place, only(content));
  } catch (error) {
    if (error instanceof ObjectStoreError && error.fault === 'missing') {
      throw badRequest('The bucket for uploads does not exist: create it, or name another in REPOINT_UPLOAD_BUCKET');
    }
    throw asRefusal(error);
  }
}

async function* only(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}

/** Failures of an import name the part, so its name says where in the whole file it begins. */
function partName(fileName: string, firstLine: number): string {
  const [, stem, ending] =
    /^(.+)\.(csv|json|jsonl|ndjson)$/i.exec(fileName.replaceAll(/[^\p{L}\p{N}._-]/gu, '_')) ?? [];
  if (stem === undefined || ending === undefined) {
    throw badRequest('FileName must end with .csv, .json, .jsonl or .ndjson');
  }
  const plain = stem.replace(/^\.+/, '_');
  return firstLine === 1 ? `${plain}.${ending}` : `${plain}-from-line-${String(firstLine).padStart(9, '0')}.${ending}`;
}

function tooLarge(what: string, bytes: number): ServiceError {
  return new ServiceError('PayloadTooLargeException', `${what} can have at most ${bytes / 1024 ** 2} MB`);
}
