/**
 * What the server is made of, top to bottom. The only file that knows every domain: it makes the parts, hands each
 * what it needs, and joins what the domains contribute (handlers, personal-data inventory, taggable kinds).
 */
import { join, resolve } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { operations } from './contract/operations.ts';
import {
  Coalescer,
  type Database,
  type DatabaseConnection,
  NodeRegister,
  Notifications,
  platformPersonalData,
  readNodeId,
} from './database/index.ts';
import {
  AuditTrail,
  accountOperations,
  accountsPersonalData,
  Credentials,
  createAuthoriser,
} from './domains/accounts/index.ts';
import {
  createFindProject,
  findResourceTags,
  projectOperations,
  projectsPersonalData,
  taggableProjects,
  tagOperations,
} from './domains/projects/index.ts';
import { BodyReader } from './http/body.ts';
import { answer, type ChainParts } from './http/chain.ts';
import { addConsoleRoutes } from './http/console.ts';
import { addHealthRoutes } from './http/health.ts';
import { createRegistry, createRequestMetrics, type Registry, registerGauge } from './http/metrics.ts';
import { RequestQuotas } from './http/quotas.ts';
import { createRouter } from './http/router.ts';
import { createHttpServer } from './http/server.ts';
import { createTelemetry } from './http/telemetry.ts';
import { createJobRunner, jobsPersonalData } from './jobs/index.ts';
import { type Clock, systemClock } from './kernel/clock.ts';
import type { Configuration, Role } from './kernel/configuration.ts';
import type { Logger } from './kernel/logger.ts';
import type { MasterKey } from './kernel/master-key.ts';
import { createPagingTokens } from './kernel/paging.ts';
import type { PersonalData } from './kernel/personal-data.ts';
import type { Service } from './kernel/service.ts';
import { version } from './kernel/version.ts';
import type { HandlerTable } from './operations/call.ts';

/** Every table and file class of the server, classified. The inventory test holds it against the database. */
export const personalDataInventory: readonly PersonalData[] = [
  platformPersonalData,
  jobsPersonalData,
  accountsPersonalData,
  projectsPersonalData,
];

export interface AppOptions {
  readonly configuration: Configuration;
  readonly database: Database;
  readonly connection: DatabaseConnection;
  readonly masterKey: MasterKey;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** What this process does; a process of several may do less than its node. */
  readonly roles: ReadonlySet<Role>;
  /** Tells the processes of one node apart. */
  readonly slot: number;
  /** Metrics of the whole node, where it has several processes. */
  readMetrics?(registry: Registry): Promise<string>;
}

export interface App {
  /** In the order in which they start. */
  readonly services: readonly Service[];
  readonly http: FastifyInstance;
  readonly registry: Registry;
}

const consoleDirectory = resolve(import.meta.dirname, '../../console/dist');

export function createApp(options: AppOptions): App {
  const { configuration, database, connection, masterKey, logger, roles } = options;
  const clock = options.clock ?? systemClock;
  const registry = createRegistry();
  const pagingTokens = createPagingTokens(masterKey.derive('paging'));

  const notifications = new Notifications(connection, logger);
  const nodeId = readNodeId(configuration.dataDirectory, options.slot);
  const nodes = new NodeRegister(database, { nodeId, roles: [...roles], version }, logger);
  const credentials = new Credentials({ database, masterKey, clock, logger, notifications });
  const audit = new AuditTrail({ database, identityKey: masterKey.derive('audit identities'), logger });
  const authoriser = createAuthoriser({ database, notifications });
  const projectLookup = createProjectLookup(database);
  const quotas = configuration.quotas === 'aws' ? new RequestQuotas(clock, () => nodes.apiProcesses) : undefined;
  const jobs = createJobRunner({ connection, logger, jobs: [], crons: [] });

  const handlers: HandlerTable = {
    ...accountOperations({ database, masterKey, clock, pagingTokens, credentials }),
    ...projectOperations({ database, pagingTokens }),
    ...tagOperations(database, [taggableProjects]),
  };

  const chain: ChainParts = {
    router: createRouter(Object.values(operations)),
    handlers,
    database,
    clock,
    logger,
    metrics: createRequestMetrics(registry),
    authenticate: credentials.authenticate,
    authorise: authoriser.authorise,
    findProject: (accountId, region, id) => projectLookup.submit({ accountId, region, id }),
    findTags: (arn) => findResourceTags(database, arn),
    takeQuota: (caller, region, definition) => quotas?.take(caller.accountId, region, definition),
    audit,
  };
}
