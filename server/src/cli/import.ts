/** `repoint import`: a file into a project, the way CreateImportJob does it. */
import { createReadStream, existsSync } from 'node:fs';
import { basename } from 'node:path';
import { createImport, type JobKey, prepareImport, readLines } from '../domains/transfers/index.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { newId } from '../kernel/ids.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { formatPlace, type ObjectStore, openObjectStore, type Place, parsePlace } from '../object-store/index.ts';
import { type Deployment, withDeployment } from './deployment.ts';
import { commandRole, requireProject, submitJob, summarise, watchJob } from './transfer.ts';

export interface ImportOptions {
  readonly project: string;
  readonly format?: string;
  readonly segment?: string;
  /** Where a local file is put for the time of the import. */
  readonly bucket: string;
}

/** @param file a local one, or `s3://bucket/key` */
export async function importFile(configuration: Configuration, file: string, options: ImportOptions): Promise<void> {
  const Format = formatOf(file, options.format);
  await withDeployment(configuration, async (deployment) => {
    const objectStore = openObjectStore(configuration);
    const remote = parsePlace(file);
    if (remote === undefined && !existsSync(file)) throw new OperatorError(`There is no file ${file}.`);
    const project = await requireProject(deployment, options.project);
    const total = remote === undefined ? await countRows(file, Format) : undefined;
    const place = remote ?? (await upload(objectStore, file, options.bucket));
    const discard = () => (remote === undefined ? objectStore.remove(place) : undefined);
    const key = await begin(deployment, { objectStore, project, place, Format, options }).catch(async (error) => {
      await discard();
      throw error;
    });
    const job = await watchJob(deployment, { kind: 'IMPORT', key, objectStore, total });
    // Not earlier, whatever happens: when this process ends before the job, another goes on with the file.
    await discard();
    const rows = job.processed - job.failed;
    summarise(job, `${rows.toLocaleString('en-US')} of ${job.processed.toLocaleString('en-US')} rows imported.`);
  });
}

interface Work {
  readonly objectStore: ObjectStore;
  readonly project: Awaited<ReturnType<typeof requireProject>>;
  readonly place: Place;
  readonly Format: 'CSV' | 'JSON';
  readonly options: ImportOptions;
}

function begin(deployment: Deployment, { objectStore, project, place, Format, options }: Work): Promise<JobKey> {
  const request = {
    ...{ S3Url: formatPlace(place), RoleArn: commandRole, Format, RegisterEndpoints: true },
    ...(options.segment !== undefined && { DefineSegment: true, SegmentName: options.segment }),
  };
  return submitJob(deployment, project, {
    kind: 'IMPORT',
    projectId: options.project,
    prepare: () => prepareImport({ query: deployment.database.query, objectStore }, project, request),
    create: createImport,
  });
}

function formatOf(file: string, named: string | undefined): 'CSV' | 'JSON' {
  const format = (named ?? (/\.csv(\.gz)?$/i.test(file) ? 'CSV' : 'JSON')).toUpperCase();
  if (format !== 'CSV' && format !== 'JSON') throw new OperatorError('--format is csv or json.');
  return format;
}

/** For the bar: lines that are not empty, without the header. */
async function countRows(file: string, format: 'CSV' | 'JSON'): Promise<number> {
  let rows = 0;
  for await (const lines of readLines(createReadStream(file, { highWaterMark: 256 * 1024 }))) {
    for (const { text } of lines) if (text !== '') rows += 1;
  }
  return Math.max(0, format === 'CSV' ? rows - 1 : rows);
}

async function upload(objectStore: ObjectStore, file: string, bucket: string): Promise<Place> {
  const place = parsePlace(`s3://${bucket}/uploads/${newId()}/${basename(file)}`);
  if (place === undefined) throw new OperatorError(`--bucket ${bucket} is no name of a bucket.`);
  await objectStore.write(place, createReadStream(file, { highWaterMark: 256 * 1024 }));
  return place;
}
