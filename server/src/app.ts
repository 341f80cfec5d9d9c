/**
 * What the server is made of, top to bottom. The only file that knows every domain: it makes the parts, hands each
 * what it needs, and joins what the domains contribute (handlers, jobs, personal-data inventory, taggable kinds).
 */
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { operations } from './contract/operations.ts';
import {
  type Database,
  type DatabaseConnection,
  NodeRegister,
  Notifications,
  platformPersonalData,
  readNodeId,
} from './database/index.ts';
import {
  AuditTrail,
  accountCrons,
  accountJobs,
  accountOperations,
  accountsPersonalData,
  Credentials,
  createAuthoriser,
  LastUsed,
} from './domains/accounts/index.ts';
import {
  type AnalyticsJobParts,
  analyticsCrons,
  analyticsJobs,
  analyticsOperations,
  analyticsPersonalData,
  countEvents,
  forgetCounters,
  isCampaignCounted,
} from './domains/analytics/index.ts';
import {
  Audience,
  audienceCrons,
  audienceJobs,
  audienceOperations,
  audiencePersonalData,
} from './domains/audience/index.ts';
import {
  type AnyDriverKind,
  channelCrons,
  channelJobs,
  channelOperations,
  channelsPersonalData,
  driverKinds,
  forgetOutboxMessages,
  type NewsHandler,
  Outbox,
  outboxOperations,
  Providers,
  providerOperations,
} from './domains/channels/index.ts';
import {
  type EventJobParts,
  EventLog,
  eventCrons,
  eventJobs,
  eventOperations,
  eventsPersonalData,
  forgetEvents,
} from './domains/events/index.ts';
import {
  createMessaging,
  forgetSends,
  type Messaging,
  type MessagingJobParts,
  messagingCrons,
  messagingJobs,
  messagingOperations,
  messagingPersonalData,
} from './domains/messaging/index.ts';
import {
  findResourceTags,
  ProjectLookup,
  projectOperations,
  projectsPersonalData,
  taggableProjects,
  tagOperations,
} from './domains/projects/index.ts';
import { findRecommender, recommenderOperations, recommendersPersonalData } from './domains/recommenders/index.ts';
import {
  exploreOperations,
  forgetMembers,
  segmentOperations,
  segmentsPersonalData,
  taggableSegments,
} from './domains/segments/index.ts';
import {
  TemplateLookup,
  taggableTemplates,
  templateOperations,
  templatesPersonalData,
} from './domains/templates/index.ts';
import {
  forgetImported,
  openObjectStore,
  type TransferJobParts,
  transferJobs,
  transferOperations,
  transfersPersonalData,
} from './domains/transfers/index.ts';
import { BodyReader } from './http/body.ts';
import { answer, type ChainParts } from './http/chain.ts';
import { addConsoleRoutes } from './http/console.ts';
import { addHealthRoutes } from './http/health.ts';
import { createRegistry, createRequestMetrics, type Registry, registerGauge } from './http/metrics.ts';
import { addPublicRoutes } from './http/public.ts';
import { RequestQuotas } from './http/quotas.ts';
import { createRouter } from './http/router.ts';
import { createHttpServer } from './http/server.ts';
import { type HttpServer, httpService } from './http/service.ts';
import { createAuthenticator } from './http/signature/authenticator.ts';
import { createTelemetry } from './http/telemetry.ts';
import { countWaitingJobs, type JobHandler, JobRunner, jobsPersonalData } from './jobs/index.ts';
import { type Clock, systemClock } from './kernel/clock.ts';
import type { Configuration, Role } from './kernel/configuration.ts';
import type { Logger } from './kernel/logger.ts';
import type { MasterKey } from './kernel/master-key.ts';
import { createPagingTokens, type PagingTokens } from './kernel/paging.ts';
import type { PersonalData } from './kernel/personal-data.ts';
import type { Service } from './kernel/service.ts';
import { version } from './kernel/version.ts';
import type { HandlerTable } from './operations/call.ts';
import { OutgoingHttp } from './outgoing/http.ts';
import { OutgoingNetworks } from './outgoing/networks.ts';

/** Every table and file class of the server, classified. The inventory test holds it against the database. */
export const personalDataInventory: readonly PersonalData[] = [
  platformPersonalData,
  jobsPersonalData,
  accountsPersonalData,
  projectsPersonalData,
  audiencePersonalData,
  channelsPersonalData,
  segmentsPersonalData,
  transfersPersonalData,
  templatesPersonalData,
  recommendersPersonalData,
  messagingPersonalData,
  eventsPersonalData,
  analyticsPersonalData,
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
  const domains = openDomains(options, { clock, notifications });
  const { projects, outgoing, providers, messaging } = domains;
  const quotas = configuration.quotas === 'aws' ? new RequestQuotas(clock, () => nodes.apiProcesses) : undefined;
  const jobs = new JobRunner({
    connection,
    logger,
    jobs: roles.has('worker') ? jobsOfDomains({ ...configuration, database, clock, masterKey, ...domains }) : [],
    crons: roles.has('scheduler') ? cronsOfDomains : [],
  });

  const chain: ChainParts = {
    // Without the role api, health and metrics are all that answers.
    router: createRouter(roles.has('api') ? Object.values(operations) : []),
    handlers: handlersOfDomains({ database, masterKey, pagingTokens, audit, ...domains }),
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
    addPublicRoutes(http, messaging.routes, { bodyReader, logger });
    addConsoleRoutes(http, consoleDirectory);
  }
  watch(registry, { database, bodyReader, ...domains, isPoolProcess: options.slot > 0 });

  const telemetry = configuration.otlpEndpoint === undefined ? [] : [createTelemetry(version)];
  const senders = [outgoing, providers, messaging];
  const services = [...telemetry, notifications, nodes, audit, lastUsed, ...senders, jobs, httpService(http)];
  return { http, registry, services };
}

/** Through whom messages leave: the connections, and the drivers that use them. */
function openProviders(
  { configuration, database, masterKey, logger, roles, driverKinds: furtherKinds = [] }: AppOptions,
  { clock, notifications, received }: Surroundings & { readonly received: readonly NewsHandler[] },
): Pick<Domains, 'providers' | 'outgoing' | 'http' | 'outbox'> {
  const networks = new OutgoingNetworks(configuration.allowedNetworks);
  const http = new OutgoingHttp(networks);
  const outbox = new Outbox({ database, clock, logger });
  const providers = new Providers({
    ...{ database, masterKey, notifications, clock, logger, http, networks, received },
    ...{ kinds: [...furtherKinds, ...driverKinds(outbox)] },
    ...{ smtpUrl: configuration.smtpUrl, providerUrls: configuration.providerUrls },
    // One process of a node is enough to hear what is told to all.
    listens: roles.has('worker'),
  });
  const nothing = async () => {};
  const outgoing = { name: 'outgoing', run: nothing, drain: nothing, stop: () => http.close() };
  return { providers, outbox, http, outgoing };
}

/** The parts of the domains that live as long as the process. */
interface Domains {
  readonly projects: ProjectLookup;
  readonly audience: Audience;
  readonly templates: TemplateLookup;
  readonly objectStore: TransferJobParts['objectStore'];
  readonly outgoing: Service;
  readonly http: OutgoingHttp;
  readonly providers: Providers;
  readonly outbox: Outbox;
  readonly events: EventLog;
  readonly messaging: Messaging;
}

interface Surroundings {
  readonly clock: Clock;
  readonly notifications: Notifications;
}

function openDomains(options: AppOptions, { clock, notifications }: Surroundings): Domains {
  const { configuration, database, masterKey, logger } = options;
  const audience = new Audience({ database, tombstoneKey: masterKey.derive('endpoint tombstones'), notifications });
  const templates = new TemplateLookup({ database, notifications });
  const received: NewsHandler[] = [];
  const { providers, outgoing, http, outbox } = openProviders(options, { clock, notifications, received });
  const events = new EventLog([countEvents]);
  const messaging = createMessaging({
    ...{ database, notifications, clock, logger, masterKey, providers, audience, templates, events },
    publicUrl: configuration.publicUrl,
  });
  received.push(...messaging.news);
  const projects = new ProjectLookup({ database, notifications });
  const objectStore = openObjectStore(configuration);
  return { projects, audience, templates, objectStore, outgoing, http, providers, outbox, events, messaging };
}

interface HandlerParts extends Domains {
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly pagingTokens: PagingTokens;
  readonly audit: AuditTrail;
}

function handlersOfDomains(parts: HandlerParts): HandlerTable {
  const { database, projects } = parts;
  return {
    ...accountOperations(parts),
    ...projectOperations(parts),
    ...tagOperations(database, [taggableProjects, taggableSegments, taggableTemplates], projects),
    ...audienceOperations({
      ...parts,
      removed: [
        ...[forgetMembers, forgetImported, forgetOutboxMessages, forgetSends, forgetEvents],
        ...[parts.messaging.forgetInbound, forgetCounters],
      ],
    }),
    ...channelOperations(parts),
    ...providerOperations(parts),
    ...outboxOperations(parts),
    ...segmentOperations(parts),
    ...exploreOperations(parts),
    ...eventOperations(parts),
    // Until there are campaigns, those that something was counted of.
    ...analyticsOperations({ ...parts, campaignExists: isCampaignCounted }),
    ...transferOperations(parts),
    ...recommenderOperations(parts),
    ...messagingOperations(parts),
    ...templateOperations({
      ...parts,
      recommenderExists: async (query, scope, id) => (await findRecommender(query, scope, id)) !== undefined,
    }),
  };
}

function jobsOfDomains(parts: TransferJobParts & EventJobParts & MessagingJobParts & AnalyticsJobParts): JobHandler[] {
  return [
    ...accountJobs(parts),
    ...audienceJobs(parts),
    ...channelJobs(parts),
    ...eventJobs(parts),
    ...analyticsJobs(parts),
    ...messagingJobs(parts),
    ...transferJobs(parts),
  ];
}

const cronsOfDomains = [
  ...accountCrons,
  ...audienceCrons,
  ...channelCrons,
  ...eventCrons,
  ...messagingCrons,
  ...analyticsCrons,
];

const consoleDirectory = resolve(import.meta.dirname, '../../console/dist');

interface Watched {
  readonly database: Database;
  readonly bodyReader: BodyReader;
  readonly projects: ProjectLookup;
  readonly audience: Audience;
  readonly outbox: Outbox;
  readonly messaging: Messaging;
  readonly isPoolProcess: boolean;
}

/**
 * Figures of this moment for /metrics. Those of the whole database are told by one process of a node only; while it is
 * away they are missing, and the others are not.
 */
function watch(registry: Registry, { database, bodyReader, isPoolProcess, ...domains }: Watched): void {
  const { projects, audience, outbox, messaging } = domains;
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    registerGauge(registry, `repoint_${name}`, help, read);
  gauge('database_connections', 'Open connections of the pool.', () => database.pool().size);
  gauge('database_connections_idle', 'Connections of the pool nobody uses.', () => database.pool().idle);
  gauge('database_waiting', 'Callers that wait for a connection.', () => database.pool().waiting);
  gauge('project_lookups_waiting', 'Callers that wait for a project look-up.', () => projects.figures.waiting);
  gauge('endpoint_writes_waiting', 'Callers that wait for a write of endpoints.', () => {
    const { writes, batchWrites } = audience.figures;
    return writes.waiting + batchWrites.waiting;
  });
  gauge('endpoint_reads_waiting', 'Callers that wait for a read of endpoints.', () => audience.figures.reads.waiting);
  gauge('sends_waiting', 'Messages that wait to be claimed, or for their outcome to be written.', () => {
    const { claims, settlements } = messaging.pipeline.figures;
    return claims.waiting + settlements.waiting;
  });
  gauge('outbox_writes_waiting', 'Messages that wait to be stored in the outbox.', () => outbox.figures.waiting);
  gauge('upload_bytes', 'Bytes of request bodies being read.', () => bodyReader.bytesInFlight);
  if (isPoolProcess) return;
  gauge('jobs_waiting', 'Jobs that could run and wait.', () => soon(countWaitingJobs(database.query)));
}

const longestReadMilliseconds = 1_000;

/** NaN for a figure that cannot be read, or not soon: Prometheus waits ten seconds for all of them. */
async function soon(figure: Promise<number>): Promise<number> {
  const late = pause(longestReadMilliseconds, Number.NaN, { ref: false });
  return Promise.race([figure.catch(() => Number.NaN), late]);
}
