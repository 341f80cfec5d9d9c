/**
 * `repoint erase`: what is held on people, shown, and erased once somebody has said so. Exit codes: 0 it is done, or it
 * waits for its time; 1 it was not done; 2 it is done but for what is named.
 */
import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Domains } from '../app/domains.ts';
import {
  createRequest,
  erasureJobs,
  find,
  findReceipt,
  findRequest,
  listCounts,
  type NamedIdentity,
  type StoredRequest,
} from '../domains/erasure/index.ts';
import { JobRunner } from '../jobs/index.ts';
import { toTimestamp } from '../kernel/clock.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { ServiceError } from '../kernel/errors.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { recordCommand } from './audit.ts';
import { type Deployment, withDeployment } from './deployment.ts';
import { eraseModes } from './erase-modes.ts';
import { fileNameOf } from './erasure-receipts.ts';
import { type PeopleOptions, readPeople, showFound } from './named-people.ts';
import { withDomains } from './open-domains.ts';
import { askToContinue } from './prompt.ts';
import { rewriteTouched } from './scrub.ts';
import { requireProject } from './transfer.ts';

export interface EraseOptions extends PeopleOptions {
  readonly project: string;
  readonly mode: string;
  /** Show, and stop. */
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  /** Without the waiting time of the project, and out of the files of an embedded database at once. */
  readonly now?: boolean;
  /** Where the receipt goes; a name of its own in the working directory otherwise. */
  readonly receipt?: string;
}

export async function erasePeople(configuration: Configuration, options: EraseOptions): Promise<void> {
  const identities = readPeople(options);
  await withDeployment(configuration, (deployment) =>
    withDomains(deployment, async (domains) => {
      const { number: projectNumber, accountId } = await requireProject(deployment, options.project);
      const { signal } = new AbortController();
      showFound(await find(domains.erasure, { accountId, projectNumber }, identities, { signal }));
      if (options.dryRun === true) return;
      await askToContinue(options.yes === true, `${options.mode}: this cannot be taken back. Type yes to go on: `);
      const request = await create(deployment, domains, options, { accountId, projectNumber, identities });
      if (request.dueAt > new Date()) {
        console.log(
          `It begins at ${toTimestamp(request.dueAt)}, and can be cancelled until then. --now does not wait.`,
        );
        console.log(`Erasure ${request.id}`);
        return;
      }
      await end(deployment, await watch(deployment, domains, request), options.receipt);
      if (options.now === true && configuration.databaseUrl === undefined) await rewriteTouched(deployment);
    }),
  );
}

async function create(
  deployment: Deployment,
  { erasure }: Domains,
  { project, mode, now: isNow }: EraseOptions,
  who: { readonly accountId: string; readonly projectNumber: number; readonly identities: readonly NamedIdentity[] },
): Promise<StoredRequest> {
  const now = new Date();
  try {
    return await deployment.database.transaction(async (tx) => {
      const made = await createRequest(erasure, tx, {
        ...{ ...who, origin: 'API', callerId: undefined, now, mode: eraseModes[mode] ?? 'ERASE' },
        waitingDays: isNow === true ? 0 : undefined,
      });
      const resource = `apps/${project}/erasure-requests/${made.id}`;
      const { accountId } = who;
      await recordCommand(tx, deployment, { operation: 'CreateErasureRequest', accountId, resource, now });
      return made;
    });
  } catch (error) {
    throw error instanceof ServiceError ? new OperatorError(`${error.message}.`, { cause: error }) : error;
  }
}

const lookMilliseconds = 200;

/** Whoever comes first runs it: a server that works on the same database, or this process. */
async function watch(
  { database, connection, logger }: Deployment,
  { erasure }: Domains,
  request: StoredRequest,
): Promise<StoredRequest> {
  const runner = new JobRunner({ connection, logger, jobs: erasureJobs(erasure) });
  await runner.run();
  try {
    for (let shown = ''; ; ) {
      const found = await findRequest(database.query, request);
      if (found === undefined) throw new OperatorError('The request is not there any more.');
      const erased = (await listCounts(database.query, found)).reduce((sum, count) => sum + count.erased, 0);
      const line = `${found.state.toLowerCase().replaceAll('_', ' ')}: ${erased.toLocaleString('en-US')} erased`;
      if (line !== shown) console.error(line);
      shown = line;
      // What cannot be done now is tried again for days: nobody waits for that at a terminal.
      if (found.endedAt !== null || found.state === 'PARTIALLY_COMPLETED') return found;
      await pause(lookMilliseconds);
    }
  } finally {
    await runner.stop();
  }
}

async function end(
  { database }: Deployment,
  { id, accountId, state, skipped, fault }: StoredRequest,
  file: string | undefined,
): Promise<void> {
  for (const { what, why } of skipped) console.error(`  ${what}: ${why}`);
  const receipt = await findReceipt(database.query, accountId, id);
  if (receipt !== undefined) {
    const name = file ?? fileNameOf(receipt);
    // Byte for byte: nothing behind it.
    await writeFile(name, receipt.document, { mode: 0o600 });
    console.log(`Receipt ${receipt.number} is in ${name}.`);
  }
  if (state === 'COMPLETED') {
    console.log(`Erasure ${id} is completed: a search afterwards found nothing.`);
    return;
  }
  if (state !== 'PARTIALLY_COMPLETED') throw new OperatorError(`It was not done. ${fault ?? ''}`.trim());
  console.error(`Erasure ${id} is not complete. What is named above is tried again by the server.`);
  process.exitCode = 2;
}
