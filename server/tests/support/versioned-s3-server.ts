/**
 * A server of the S3 protocol whose buckets keep versions, marks of deletion and locks, as AWS documents them (API
 * reference of 2006-03-01). Content lies in files, so that it may be large.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll } from 'vitest';
import type { RunningS3Server } from './s3-server.ts';

interface Version {
  readonly key: string;
  readonly versionId: string;
  readonly etag: string;
  readonly bytes: number;
  /** Undefined for a mark of deletion. */
  readonly file: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  lock?: { readonly hold: true } | { readonly until: Date };
  archived?: true;
}

interface Upload {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, { readonly file: string; readonly md5: string }>;
}

export interface VersionedS3Server extends RunningS3Server {
  /** All that is kept, oldest first. */
  versions(key: string): readonly Version[];
  /** Keeps a version from being removed. */
  lock(key: string, versionId: string, lock: { readonly hold: true } | { readonly until: Date }): void;
  /** Moves a version where it cannot be read. */
  archive(key: string, versionId: string): void;
  /** What was asked, `PUT key?query`, in order. */
  readonly requests: readonly string[];
  /** Called before a request is answered. */
  meanwhile: ((request: string) => Promise<void> | void) | undefined;
  uploads(): number;
}

class Fault extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

/** One bucket, `crm`. It is stopped after the tests of the file. */
export async function startVersionedS3Server(): Promise<VersionedS3Server> {
  const directory = mkdtempSync(join(tmpdir(), 'versioned-s3-'));
  const bucket = new Bucket(directory);
  const requests: string[] = [];
  const running = { requests, meanwhile: undefined } as { meanwhile: VersionedS3Server['meanwhile'] } & object;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://s3');
    const [, name, ...rest] = url.pathname.split('/');
    const key = decodeURIComponent(rest.join('/'));
    const said = `${request.method} ${key}${url.search}`;
    requests.push(said);
    const work = async () => {
      await running.meanwhile?.(said);
      if (name !== 'crm') throw new Fault(404, 'NoSuchBucket');
      await bucket.answer({ request, response, key, query: url.searchParams });
    };
    work().catch((error: unknown) => refuse(response, error));
  });
  await new Promise<void>((resume) => server.listen(0, '127.0.0.1', resume));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return Object.assign(running, {
    ...{ requests, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    versions: (key: string) => bucket.versions.filter((version) => version.key === key),
    lock: (key: string, versionId: string, lock: NonNullable<Version['lock']>) => {
      bucket.require(key, versionId).lock = lock;
    },
    archive: (key: string, versionId: string) => {
      bucket.require(key, versionId).archived = true;
    },
    uploads: () => bucket.uploads.size,
  });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly key: string;
  readonly query: URLSearchParams;
}

class Bucket {
  /** Oldest first. */
  readonly versions: Version[] = [];
  readonly uploads = new Map<string, Upload>();
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async answer(exchange: Exchange): Promise<void> {
    const { request, query, key } = exchange;
    const sub = ['versions', 'uploads', 'delete', 'tagging', 'uploadId'].find((name) => query.has(name)) ?? '';
    const handler = this.#handlers[`${request.method} ${key === '' ? 'bucket' : 'object'} ${sub}`.trim()];
    if (handler === undefined) throw new Fault(501, 'NotImplemented');
    await handler(exchange);
  }

  readonly #handlers: Readonly<Record<string, (exchange: Exchange) => Promise<void> | void>> = {
    'GET bucket': (exchange) => this.#list(exchange),
    'GET bucket versions': (exchange) => this.#listVersions(exchange),
    'GET bucket uploads': (exchange) => this.#listUploads(exchange),
    'POST bucket delete': (exchange) => this.#removeSeveral(exchange),
    'GET object': (exchange) => this.#read(exchange),
    'HEAD object': (exchange) => this.#read(exchange),
    'GET object tagging': (exchange) => this.#readTags(exchange),
    'PUT object': (exchange) => this.#write(exchange),
    'DELETE object': ({ response, key, query }) => {
      this.#remove(key, query.get('versionId') ?? undefined);
      response.writeHead(204).end();
    },
    'POST object uploads': (exchange) => this.#begin(exchange),
    'PUT object uploadId': (exchange) => this.#writePart(exchange),
    'POST object uploadId': (exchange) => this.#complete(exchange),
    'DELETE object uploadId': ({ response, query }) => {
      this.uploads.delete(query.get('uploadId') ?? '');
      response.writeHead(204).end();
    },
  };

  current(key: string): Version | undefined {
    return this.versions.findLast((version) => version.key === key);
  }

  require(key: string, versionId: string | undefined): Version {
    const found =
      versionId === undefined
        ? this.current(key)
        : this.versions.find((version) => version.key === key && version.versionId === versionId);
    if (found === undefined) throw new Fault(404, versionId === undefined ? 'NoSuchKey' : 'NoSuchVersion');
    return found;
  }

  #list({ response, query }: Exchange): void {
    const keys = [...new Set(this.versions.map(({ key }) => key))].toSorted();
    const shown = keys.flatMap((key) => {
      const version = this.current(key);
      return version?.file !== undefined && key.startsWith(query.get('prefix') ?? '') ? [version] : [];
    });
    const entries = shown.map((version) => `<Contents>${describe(version)}</Contents>`);
    sendXml(response, `<ListBucketResult><IsTruncated>false</IsTruncated>${entries.join('')}</ListBucketResult>`);
  }

  /** Three a page, so that there are pages. */
  #listVersions({ response, query }: Exchange): void {
    const prefix = query.get('prefix') ?? '';
    const ordered = this.versions
      .toReversed()
      .filter(({ key }) => key.startsWith(prefix))
      .toSorted((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
    const mark = query.get('version-id-marker');
    const start = mark === null ? 0 : ordered.findIndex(({ versionId }) => versionId === mark) + 1;
    const page = ordered.slice(start, start + 3);
    const entries = page.map((version) => {
      const tag = version.file === undefined ? 'DeleteMarker' : 'Version';
      const latest = `<IsLatest>${this.current(version.key) === version}</IsLatest>`;
      return `<${tag}>${describe(version)}<VersionId>${version.versionId}</VersionId>${latest}</${tag}>`;
    });
    const isCut = start + 3 < ordered.length;
    const next = `<NextKeyMarker>${escapeXml(page.at(-1)?.key ?? '')}</NextKeyMarker><NextVersionIdMarker>${page.at(-1)?.versionId}</NextVersionIdMarker>`;
    const body = `<IsTruncated>${isCut}</IsTruncated>${isCut ? next : ''}${entries.join('')}`;
    sendXml(response, `<ListVersionsResult>${body}</ListVersionsResult>`);
  }

  #listUploads({ response, query }: Exchange): void {
    const found = [...this.uploads].filter(([, { key }]) => key.startsWith(query.get('prefix') ?? ''));
    const entries = found.map(
      ([id, { key }]) => `<Upload><Key>${escapeXml(key)}</Key><UploadId>${id}</UploadId></Upload>`,
    );
    sendXml(response, `<ListMultipartUploadsResult>${entries.join('')}</ListMultipartUploadsResult>`);
  }

  async #removeSeveral({ request, response }: Exchange): Promise<void> {
    const asked = [...(await readText(request)).matchAll(/<Object>(.*?)<\/Object>/gs)].map(([, object = '']) => object);
    const errors: string[] = [];
    for (const object of asked) {
      const [key, versionId] = [element(object, 'Key') ?? '', element(object, 'VersionId')];
      try {
        this.#remove(key, versionId);
      } catch (error) {
        const { code } = error as Fault;
        errors.push(
          `<Error><Key>${escapeXml(key)}</Key><VersionId>${versionId}</VersionId><Code>${code}</Code><Message/></Error>`,
        );
      }
    }
    sendXml(response, `<DeleteResult>${errors.join('')}</DeleteResult>`);
  }

  #remove(key: string, versionId: string | undefined): void {
    if (versionId === undefined) {
      this.#add({ key, etag: '', bytes: 0, file: undefined, headers: {} });
      return;
    }
    const version = this.versions.find((other) => other.key === key && other.versionId === versionId);
    if (version === undefined) return;
    if (version.lock !== undefined) throw new Fault(403, 'AccessDenied');
    this.versions.splice(this.versions.indexOf(version), 1);
    if (version.file !== undefined) rmSync(version.file);
  }

  async #read({ request, response, key, query }: Exchange): Promise<void> {
    const version = this.require(key, query.get('versionId') ?? undefined);
    if (version.file === undefined) throw new Fault(query.has('versionId') ? 405 : 404, 'NoSuchKey');
    const condition = request.headers['if-match'];
    if (condition !== undefined && condition !== version.etag) throw new Fault(412, 'PreconditionFailed');
    if (version.archived && request.method === 'GET') throw new Fault(403, 'InvalidObjectState');
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(start > 0 ? 206 : 200, {
      ...version.headers,
      ...{ etag: version.etag, 'content-length': version.bytes - start, 'x-amz-version-id': version.versionId },
      ...(version.lock !== undefined && lockHeaders(version.lock)),
    });
    if (request.method === 'HEAD') response.end();
    else await pipeline(createReadStream(version.file, { start }), response);
  }

  #readTags({ response, key }: Exchange): void {
    const tags = new URLSearchParams(this.require(key, undefined).headers['x-amz-tagging']);
    const entries = [...tags].map(([name, value]) => `<Tag><Key>${name}</Key><Value>${value}</Value></Tag>`);
    sendXml(response, `<Tagging><TagSet>${entries.join('')}</TagSet></Tagging>`);
  }

  async #write({ request, response, key }: Exchange): Promise<void> {
    const { file, md5 } = await this.#store(request);
    this.#checkCondition(request, key);
    const version = this.#add({
      ...{ key, etag: `"${md5}"`, bytes: statSync(file).size, file, headers: keptHeaders(request) },
    });
    response.writeHead(200, { etag: version.etag, 'x-amz-version-id': version.versionId }).end();
  }

  #begin({ request, response, key }: Exchange): void {
    const id = randomBytes(8).toString('hex');
    this.uploads.set(id, { key, headers: keptHeaders(request), parts: new Map() });
    sendXml(response, `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
  }

  async #writePart({ request, response, query }: Exchange): Promise<void> {
    const upload = this.uploads.get(query.get('uploadId') ?? '');
    if (upload === undefined) throw new Fault(404, 'NoSuchUpload');
    const part = await this.#store(request);
    upload.parts.set(Number(query.get('partNumber')), part);
    response.writeHead(200, { etag: `"${part.md5}"` }).end();
  }

  async #complete({ request, response, key, query }: Exchange): Promise<void> {
    const id = query.get('uploadId') ?? '';
    const upload = this.uploads.get(id);
    if (upload === undefined) throw new Fault(404, 'NoSuchUpload');
    await readText(request);
    this.#checkCondition(request, key);
    const parts = [...upload.parts].toSorted(([one], [other]) => one - other).map(([, part]) => part);
    const file = this.#newFile();
    for (const part of parts) {
      await pipeline(createReadStream(part.file), createWriteStream(file, { flags: 'a' }));
      rmSync(part.file);
    }
    this.uploads.delete(id);
    const digest = createHash('md5')
      .update(parts.map(({ md5 }) => md5).join(''))
      .digest('hex');
    const etag = `"${digest}-${parts.length}"`;
    const version = this.#add({ key, etag, bytes: statSync(file).size, file, headers: upload.headers });
    response.setHeader('x-amz-version-id', version.versionId);
    sendXml(response, `<CompleteMultipartUploadResult><ETag>${escapeXml(etag)}</ETag></CompleteMultipartUploadResult>`);
  }

  #checkCondition(request: IncomingMessage, key: string): void {
    const condition = request.headers['if-match'];
    if (condition !== undefined && condition !== this.current(key)?.etag) throw new Fault(412, 'PreconditionFailed');
  }

  async #store(request: IncomingMessage): Promise<{ file: string; md5: string }> {
    const file = this.#newFile();
    const digest = createHash('md5');
    const digesting = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        digest.update(chunk);
        done(null, chunk);
      },
    });
    await pipeline(request, digesting, createWriteStream(file));
    const md5 = digest.digest();
    const expected = request.headers['content-md5'];
    if (expected !== undefined && expected !== md5.toString('base64')) throw new Fault(400, 'BadDigest');
    return { file, md5: md5.toString('hex') };
  }

  #newFile(): string {
    return join(this.#directory, randomBytes(8).toString('hex'));
  }

  #add(version: Omit<Version, 'versionId'>): Version {
    const added = { ...version, versionId: randomBytes(8).toString('hex') };
    this.versions.push(added);
    return added;
  }
}

const keptNames = /^(content-type|content-encoding|cache-control|x-amz-meta-.*|x-amz-tagging)$/;

function keptHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => keptNames.test(name))) as Record<string, string>;
}

function lockHeaders(lock: NonNullable<Version['lock']>): Record<string, string> {
  if ('hold' in lock) return { 'x-amz-object-lock-legal-hold': 'ON' };
  return {
    'x-amz-object-lock-mode': 'COMPLIANCE',
    'x-amz-object-lock-retain-until-date': lock.until.toISOString(),
  };
}

function describe({ key, bytes, etag }: Version): string {
  return `<Key>${escapeXml(key)}</Key><Size>${bytes}</Size><ETag>${escapeXml(etag)}</ETag>`;
}

function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>(.*?)</${name}>`, 's')
    .exec(xml)?.[1]
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function sendXml(response: ServerResponse, xml: string): void {
  response.writeHead(200, { 'content-type': 'application/xml' }).end(`<?xml version="1.0" encoding="UTF-8"?>${xml}`);
}

function refuse(response: ServerResponse, error: unknown): void {
  const { status, code } = error instanceof Fault ? error : new Fault(500, 'InternalError');
  if (response.headersSent) return void response.destroy();
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  response.writeHead(status, { 'content-type': 'application/xml' }).end(body);
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
