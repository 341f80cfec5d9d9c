/**
 * `repoint serve`: the server in the foreground. One process does everything; with REPOINT_PROCESSES above 1, this one
 * keeps the embedded database and the background work, and that many others share the port.
 */
import cluster from 'node:cluster';
import { existsSync } from 'node:fs';
import { type App, createApp } from '../app.ts';
import type { Configuration, Role } from '../kernel/configuration.ts';
import { bootstrap } from './bootstrap.ts';
import { credentialsFile } from './data-directory.ts';
import { type Deployment, openDeployment } from './deployment.ts';
import { listen } from './listen.ts';
import { refuseSecondServer } from './one-server.ts';
import { runPoolProcess } from './pool-process.ts';
import { ProcessPool } from './process-pool.ts';
import { runServices, stopServices } from './services.ts';
import { untilSignal } from './signals.ts';

export async function serve(configuration: Configuration): Promise<void> {
  if (cluster.isWorker) return runPoolProcess(configuration);
  const signal = untilSignal();
  const deployment = await openDeployment(configuration, 'serve');
  let running: RunningServer | undefined;
  try {
    await refuseSecondServer(deployment);
    await bootstrap(deployment);
    running = createServer(deployment);
    await runServices(running.app.services);
    announce(await running.listen(), deployment);
    deployment.logger.info({ signal: await signal }, 'stopping');
  } finally {
    await running?.stop();
    await deployment.close();
  }
}

interface RunningServer {
  readonly app: App;
  /** Resolves with the URL once requests can be served. */
  listen(): Promise<string>;
  stop(): Promise<void>;
}

function createServer(deployment: Deployment): RunningServer {
  const { configuration, logger } = deployment;
  const servesApi = configuration.roles.has('api');
  if (configuration.processes === 1 || !servesApi) {
    const app = createApp({ ...deployment, roles: configuration.roles, slot: 0 });
    const stop = () => stopServices(app.services, logger);
    // Without the role api the port still answers health and metrics.
    return { app, listen: () => listen(app.http, configuration), stop };
  }
  const roles = new Set<Role>([...configuration.roles].filter((role) => role !== 'api'));
  const app = createApp({ ...deployment, roles, slot: 0 });
  const pool = new ProcessPool(deployment, app.registry);
  const stop = async () => {
    await pool.stop();
    await stopServices(app.services, logger);
  };
  return { app, listen: () => pool.start(), stop };
}

/** What a person at the terminal wants to know. Logs go to standard error. */
function announce(url: string, { configuration, logger }: Deployment): void {
  logger.info({ url, roles: [...configuration.roles], processes: configuration.processes }, 'ready');
  const profile = credentialsFile(configuration);
  const command = `aws pinpoint --endpoint-url ${url} create-app --create-application-request Name=first`;
  // It was deleted, or another node made the account.
  const next = existsSync(profile)
    ? `Try: AWS_SHARED_CREDENTIALS_FILE=${profile} ${command}`
    : 'An administrator key: npm run repoint -- keys create --user administrator';
  console.log(`Repoint is ready. API: ${url}   Console: ${url}/console/\n${next}`);
}
