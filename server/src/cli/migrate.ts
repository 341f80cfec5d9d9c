/** `repoint migrate`: brings the database to this version and exits. `serve` does the same when it starts. */
import type { Configuration } from '../kernel/configuration.ts';
import { openDeployment } from './deployment.ts';

export async function migrate(configuration: Configuration): Promise<void> {
  const deployment = await openDeployment(configuration, 'join');
  await deployment.close();
  console.log('The database is up to date.');
}
