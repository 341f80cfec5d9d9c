/** `repoint access`: what is held on somebody, written into a file for them; and archives that were asked for by others. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { personalDataInventory as inventory } from '../app/inventory.ts';
import {
  askContent,
  deleteAccess,
  findAccess,
  listAccess,
  packContent,
  packed,
  removeArchive,
} from '../domains/erasure/index.ts';
import { toTimestamp } from '../kernel/clock.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { recordCommand } from './audit.ts';
import { withDeployment } from './deployment.ts';
import { type PeopleOptions, readPeople } from './named-people.ts';
import { withDomains } from './open-domains.ts';
import { printTable } from './table.ts';
import { requireProject } from './transfer.ts';

export interface AccessOptions extends PeopleOptions {
  readonly project: string;
  readonly out: string;
}

/** Straight into the file: no archive is left anywhere else. */
export async function exportPerson(configuration: Configuration, options: AccessOptions): Promise<void> {
  const identities = readPeople(options);
  await withDeployment(configuration, (deployment) =>
    withDomains(deployment, async ({ erasure }) => {
      const { number: projectNumber, accountId } = await requireProject(deployment, options.project);
      const asked = await askContent(erasure, { accountId, projectNumber }, identities);
      const { signal } = new AbortController();
      let rows = 0;
      const archive = packed(
        (tar) => packContent({ erasure, inventory }, asked, tar, signal),
        (places) => {
          rows = places.reduce((sum, place) => sum + place.rows, 0);
        },
      );
      const unfinished = `${options.out}.${process.pid}.unfinished`;
      try {
        await pipeline(archive, createWriteStream(unfinished, { mode: 0o600 }));
        await rename(unfinished, options.out);
      } finally {
        await rm(unfinished, { force: true });
      }
      const resource = `apps/${options.project}/access-requests`;
      const record = { operation: 'CreateAccessRequest', accountId, resource, now: new Date() };
      await deployment.database.transaction((tx) => recordCommand(tx, deployment, record));
      console.log(`${rows.toLocaleString('en-US')} rows in ${options.out}.`);
    }),
  );
}

const shown = 1_000;

export async function listAccessRequests(
  configuration: Configuration,
  { project }: { readonly project: string },
): Promise<void> {
  await withDeployment(configuration, async (deployment) => {
    const { number } = await requireProject(deployment, project);
    const requests = await listAccess(deployment.database.query, number, undefined, shown);
    printTable(
      ['id', 'state', 'created', 'expires', 'downloads'],
      requests.map(({ id, state, createdAt, expiresAt, downloads }) => [
        ...[id, state, toTimestamp(createdAt), expiresAt === null ? '-' : toTimestamp(expiresAt), String(downloads)],
      ]),
    );
  });
}

export async function deleteAccessRequest(
  configuration: Configuration,
  id: string,
  { project }: { readonly project: string },
): Promise<void> {
  await withDeployment(configuration, (deployment) =>
    withDomains(deployment, async ({ objectStore }) => {
      const { database } = deployment;
      const { number: projectNumber, accountId } = await requireProject(deployment, project);
      const request = await findAccess(database.query, { projectNumber, id });
      if (request === undefined) throw new OperatorError(`There is no access request ${id} in this project.`);
      const record = { operation: 'DeleteAccessRequest', accountId, now: new Date() };
      await database.transaction(async (tx) => {
        await deleteAccess(tx, request);
        await recordCommand(tx, deployment, { ...record, resource: `apps/${project}/access-requests/${id}` });
      });
      const kept = await removeArchive(objectStore, request.url);
      if (kept.length > 0) throw new OperatorError(`The store keeps the archive: ${kept.join(' ')}`);
      console.log(`Access request ${id} and its archive are gone.`);
    }),
  );
}
