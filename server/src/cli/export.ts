/** `repoint export`: a project, or one of its segments, into one file, the way CreateExportJob does it. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { createExport, prepareExport } from '../domains/transfers/index.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { type ObjectStore, openObjectStore, type Place, parsePlace } from '../object-store/index.ts';
import { type Deployment, withDeployment } from './deployment.ts';
import { commandRole, requireProject, submitJob, summarise, watchJob } from './transfer.ts';

export interface ExportOptions {
  readonly project: string;
  readonly segment?: string;
  readonly out: string;
  /** Where its parts lie until they are joined. */
  readonly bucket: string;
}

export async function exportFile(configuration: Configuration, options: ExportOptions): Promise<void> {
  await withDeployment(configuration, async (deployment) => {
    const objectStore = openObjectStore(configuration);
    const { job, folder } = await runExport(deployment, objectStore, options);
    try {
      if (job.status === 'COMPLETED') await join(objectStore, folder, options.out);
      summarise(job, `${job.processed.toLocaleString('en-US')} endpoints in ${options.out}.`);
    } finally {
      for await (const part of objectStore.list(folder)) await objectStore.remove(part);
    }
  });
}

async function runExport(deployment: Deployment, objectStore: ObjectStore, options: ExportOptions) {
  const project = await requireProject(deployment, options.project);
  const prefix = `s3://${options.bucket}/exports/`;
  const request = {
    ...{ RoleArn: commandRole, S3UrlPrefix: prefix },
    ...(options.segment !== undefined && { SegmentId: options.segment }),
  };
  const key = await submitJob(deployment, project, {
    kind: 'EXPORT',
    projectId: options.project,
    prepare: () => prepareExport({ query: deployment.database.query, objectStore }, project, request),
    create: createExport,
  });
  const job = await watchJob(deployment, { kind: 'EXPORT', key, objectStore, total: undefined });
  return { job, folder: parsePlace(`${prefix}${key.id}/`) as Place };
}

/** Gzip files one behind the other are a gzip file. Anything but `.gz` is unpacked. Whole or not at all. */
async function join(objectStore: ObjectStore, folder: Place, file: string): Promise<void> {
  const unfinished = `${file}.${process.pid}.unfinished`;
  const target = () => createWriteStream(unfinished, { mode: 0o600 });
  const parts = Readable.from(contentOf(objectStore, folder));
  try {
    if (file.endsWith('.gz')) await pipeline(parts, target());
    else await pipeline(parts, createGunzip(), target());
    await rename(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function* contentOf(objectStore: ObjectStore, folder: Place): AsyncGenerator<Buffer> {
  const parts = [];
  for await (const part of objectStore.list(folder)) parts.push(part);
  const signal = new AbortController().signal;
  for (const part of parts.toSorted((one, other) => (one.key < other.key ? -1 : 1))) {
    yield* objectStore.read(part, signal);
  }
}
