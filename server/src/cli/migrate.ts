/** `repoint migrate`: brings the database to this version and exits. `serve` does the same when it starts. */
import type { Configuration } from '../kernel/configuration.ts';
import { withDeployment } from './deployment.ts';

export async function migrate(configuration: Configuration): Promise<void> {
  await withDeployment(configuration, async () => console.log('The database is up to date.'));
}
