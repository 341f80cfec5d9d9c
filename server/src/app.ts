/**
 * What the server is made of, top to bottom. With its folder `app/` the only place that knows every domain.
 */
import { resolve } from 'node:path';
import { sql } from 'kysely';
import { campaignWorkers } from './app/campaign-workers.ts';
import { openDomains } from './app/domains.ts';
import { endedTogether } from './app/ended-together.ts';
import { watch } from './app/figures.ts';
import { handlersOfDomains } from './app/handlers.ts';
import { personalDataInventory } from './app/inventory.ts';
import { cronsOfDomains, jobsOfDomains } from './app/jobs.ts';
import { operations } from './contract/operations.ts';
import { type Database, type DatabaseConnection, NodeRegister, Notifications, readNodeId } from './database/index.ts';
import { AuditTrail, Credentials, createAuthoriser, LastUsed } from './domains/accounts/index.ts';
import type { AnyDriverKind } from './domains/channels/index.ts';
import { LedgerKeeper } from './domains/erasure/index.ts';
import { StreamReaders } from './domains/events/index.ts';
import { findResourceTags } from './domains/projects/index.ts';
import { BodyReader } from './http/body.ts';
import { answer, type ChainParts } from './http/chain.ts';
import { addConsoleRoutes } from './http/console.ts';
import { addHealthRoutes } from './http/health.ts';
import { createRegistry, createRequestMetrics, type Registry } from './http/metrics.ts';
import { addPublicRoutes } from './http/public.ts';
import { RequestQuotas } from './http/quotas.ts';
import { createRouter } from './http/router.ts';
import { createHttpServer } from './http/server.ts';
import { type HttpServer, httpService } from './http/service.ts';
import { createAuthenticator } from './http/signature/authenticator.ts';
import { createTelemetry } from './http/telemetry.ts';
import { JobRunner } from './jobs/index.ts';
import { type Clock, systemClock } from './kernel/clock.ts';
import type { Configuration, Role } from './kernel/configuration.ts';
import type { Logger } from './kernel/logger.ts';
import type { MasterKey } from './kernel/master-key.ts';
import { createPagingTokens } from './kernel/paging.ts';
import type { Service } from './kernel/service.ts';
import { version } from './kernel/version.ts';

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
  /** Kinds of providers besides the server's own. */
  readonly driverKinds?: readonly AnyDriverKind[];
  /** Metrics of the whole node, where it has several processes. */
  readMetrics?(registry: Registry): Promise<string>;
}

export interface App {
  /** In the order in which they start. */
  readonly services: readonly Service[];
  readonly http: HttpServer;
  readonly registry: Registry;
}

export function createApp(options: AppOptions): App {
  const { configuration, database, connection, masterKey, logger, roles, clock = systemClock } = options;
  const registry = createRegistry();
  const pagingTokens = createPagingTokens(masterKey.derive('paging'));

  const notifications = new Notifications(connection, logger);
  const nodeId = readNodeId(configuration.dataDirectory, options.slot);
  const nodes = new NodeRegister(database, { nodeId, roles: [...roles], version }, logger);
  const credentials = new Credentials({ database, masterKey, clock, notifications, logger });
  const lastUsed = new LastUsed({ database, clock, logger });
  const audit = new AuditTrail({ database, identityKey: masterKey.derive('audit identities'), logger });
  const domains = openDomains(options, { clock, notifications, registry, audit });
  const { projects, outgoing, providers, messaging } = domains;
  const parts = { ...{ database, connection, notifications, clock, logger, masterKey, nodeId }, ...domains };
  const quotas = configuration.quotas === 'aws' ? new RequestQuotas(clock, () => nodes.apiProcesses) : undefined;
  const jobs = new JobRunner({
    connection,
    logger,
    jobs: roles.has('worker') ? jobsOfDomains({ ...configuration, ...parts }) : [],
    crons: roles.has('scheduler') ? cronsOfDomains : [],
  });

  const chain: ChainParts = {
    // Without the role api, health and metrics are all that answers.
    router: createRouter(roles.has('api') ? Object.values(operations) : []),
    handlers: handlersOfDomains({ ...configuration, ...parts, pagingTokens, audit }),
    database,
    clock,
    logger,
    metrics: createRequestMetrics(registry),
    authenticate: createAuthenticator({
      findCredential: (accessKeyId) => credentials.find(accessKeyId),
      used: (accessKeyId, region, operation) => lastUsed.note(accessKeyId, region, operation),
      clock,
    }),
    authorise: createAuthoriser((accessKeyId) => credentials.findPolicies(accessKeyId)),
    findProject: (accountId, region, id) => projects.find({ accountId, region, id }),
    findTags: (arn) => findResourceTags(database, arn),
    takeQuota: (caller, region, definition) => quotas?.take(caller.accountId, region, definition),
    audit,
  };

  const bodyReader = new BodyReader();
  const http = createHttpServer({
    trustedProxies: configuration.trustedProxies,
    bodyReader,
    logger,
    answer: (request) => answer(request, chain),
  });
  addHealthRoutes(http, {
    readinessChecks: [
      { name: 'database', check: async () => (await sql`select 1`.execute(database.query)).rows.length === 1 },
      { name: 'notifications', check: async () => notifications.listening },
      { name: 'jobs', check: async () => jobs.working },
    ],
    readMetrics: () => options.readMetrics?.(registry) ?? registry.metrics(),
  });
  if (roles.has('api')) {
    addPublicRoutes(http, domains.routes, { bodyReader, logger });
    addConsoleRoutes(http, consoleDirectory);
  }
  watch(registry, { database, clock, bodyReader, ...domains, isPoolProcess: options.slot > 0 });

  const telemetry = configuration.otlpEndpoint === undefined ? [] : [createTelemetry(version)];
  const streams = roles.has('worker') ? [new StreamReaders(parts)] : [];
  // Callers have been answered by then. A provider that does not answer must not hold up those who end after it.
  const background = endedTogether(
    'background work',
    [...streams, ...campaignWorkers(parts, { roles, registry }), jobs],
    () => messaging.pipeline.end(),
  );
  const senders = [outgoing, providers, messaging, domains.appendNews, domains.eventWatches, background];
  const keeper = new LedgerKeeper(
    { ...domains.erasure, ledgerHashes: domains.ledgerHashes, inventory: personalDataInventory },
    { connection, ledger: domains.ledger, replays: options.slot === 0 },
  );
  // Nobody is served, and nothing is sent, before the keeper has compared the ledgers.
  const services = [...telemetry, notifications, keeper, nodes, audit, lastUsed, ...senders, httpService(http)];
  return { http, registry, services };
}

const consoleDirectory = resolve(import.meta.dirname, '../../console/dist');
