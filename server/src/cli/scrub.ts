/** `repoint scrub`: the bytes of erased rows leave the files of the embedded server now, instead of at night. */
import { personalDataInventory as inventory } from '../app/inventory.ts';
import { removePhysically } from '../domains/erasure/index.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { type Deployment, withDeployment } from './deployment.ts';

const patienceMilliseconds = 60_000;

export async function scrub(configuration: Configuration, { all = false }: { readonly all?: boolean }): Promise<void> {
  if (configuration.databaseUrl !== undefined) {
    throw new OperatorError(
      'This is for the embedded database. On a server of your own, rewrite what the table erasure_touched names with ' +
        'VACUUM FULL, and see to its log, standbys and backups: docs/operations.md.',
    );
  }
  await withDeployment(configuration, (deployment) => rewriteTouched(deployment, all));
}

/** What was erased leaves the files of the embedded server, while others use it. @throws OperatorError */
export async function rewriteTouched({ connection }: Deployment, everything = false): Promise<void> {
  const { signal } = new AbortController();
  const begun = performance.now();
  const removal = await removePhysically({ connection, inventory, signal, everything, patienceMilliseconds });
  const { rewritten, postponed, longestLockMilliseconds: longest } = removal;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(
    rewritten.length + postponed.length === 0
      ? 'Nobody was erased since the last time.'
      : `${rewritten.length} partition(s) rewritten (${seconds} s); none was locked for more than ${longest} ms.`,
  );
  if (postponed.length > 0) {
    throw new OperatorError(`${postponed.length} partition(s) were in use all the time. Try again later.`);
  }
}
