/** `repoint export-project` and `repoint import-project`: a whole project as one file. */
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { personalDataInventory as inventory } from '../app/inventory.ts';
import { loadProject, writeArchive } from '../domains/erasure/index.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { ServiceError } from '../kernel/errors.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { recordCommand } from './audit.ts';
import { chooseAccount } from './choose-account.ts';
import { withDeployment } from './deployment.ts';
import { requireProject } from './transfer.ts';

export async function exportProject(
  configuration: Configuration,
  { project: projectId, out }: { readonly project: string; readonly out: string },
): Promise<void> {
  await withDeployment(configuration, async (deployment) => {
    const { database } = deployment;
    const project = await requireProject(deployment, projectId);
    const { accountId, region, number: projectNumber } = project;
    const unfinished = `${out}.${process.pid}.unfinished`;
    let rows = 0;
    const archive = writeArchive(
      { database, clock: systemClock, inventory },
      { scope: 'PROJECT', accountId, region, projectId, projectNumber },
      {
        signal: new AbortController().signal,
        ended: (written) => {
          rows = written;
        },
      },
    );
    try {
      await pipeline(archive, createWriteStream(unfinished, { mode: 0o600 }));
      await rename(unfinished, out);
    } finally {
      await rm(unfinished, { force: true });
    }
    const resource = `apps/${projectId}/archives`;
    await database.transaction((tx) =>
      recordCommand(tx, deployment, { operation: 'CreateProjectArchive', accountId, resource, now: new Date() }),
    );
    console.log(
      `${rows.toLocaleString('en-US')} rows in ${out}. Secrets are not in it: credentials of channels, providers, streams.`,
    );
  });
}

export interface ImportProjectOptions {
  readonly account?: string;
  readonly region?: string;
  readonly name?: string;
  readonly newId?: boolean;
}

export async function importProject(
  configuration: Configuration,
  file: string,
  options: ImportProjectOptions,
): Promise<void> {
  await withDeployment(configuration, async (deployment) => {
    const { database } = deployment;
    const accountId = await chooseAccount(database.query, options.account);
    try {
      // Opened first: whatever is wrong with a stream before somebody reads it would end the process.
      const archive = (await open(file)).createReadStream();
      const loaded = await loadProject({ database, inventory }, archive, {
        ...{ accountId, region: options.region, name: options.name, newId: options.newId },
        also: (tx, { id }) =>
          recordCommand(tx, deployment, {
            operation: 'ImportProject',
            accountId,
            resource: `apps/${id}`,
            now: new Date(),
          }),
      });
      console.log(
        `${loaded.rows.toLocaleString('en-US')} rows; the project is ${loaded.id} in ${loaded.region}. Campaigns that were under way are paused.`,
      );
    } catch (error) {
      if (error instanceof ServiceError) throw new OperatorError(`${error.message}.`, { cause: error });
      if ((error as { code?: unknown }).code === 'ENOENT') throw new OperatorError(`There is no file ${file}.`);
      throw error;
    }
  });
}
