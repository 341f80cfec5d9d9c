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
  AppendNews,
  EventIngest,
  type EventJobParts,
  EventLog,
  EventSettingsLookup,
  eventCrons,
  eventJobs,
  eventOperations,
  eventsPersonalData,
  Fingerprints,
  findStreamLags,
  forgetEvents,
  ingestOperations,
  type StreamLag,
  StreamReaders,
  streamOperations,
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
  type TransferJobParts,
  transferJobs,
  transferOperations,
  transfersPersonalData,
} from './domains/transfers/index.ts';
import { BodyReader } from './http/body.ts';
import { answer, type ChainParts } from './http/chain.ts';
import { addConsoleRoutes } from './http/console.ts';
import { addHealthRoutes } from './http/health.ts';
import {
  createMessageMetrics,
  createRegistry,
  createRequestMetrics,
  type Registry,
  registerGauge,
  registerGauges,
} from './http/metrics.ts';
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
import { openObjectStore } from './object-store/index.ts';
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
  const domains = openDomains(options, { clock, notifications, registry });
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
    handlers: handlersOfDomains({ ...configuration, database, masterKey, pagingTokens, audit, ...domains }),
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
  watch(registry, { database, clock, bodyReader, ...domains, isPoolProcess: options.slot > 0 });

  const telemetry = configuration.otlpEndpoint === undefined ? [] : [createTelemetry(version)];
  const streamParts = { ...{ database, notifications, clock, logger, masterKey, nodeId }, ...domains };
  const streams = roles.has('worker') ? [new StreamReaders(streamParts)] : [];
  const senders = [outgoing, providers, messaging, domains.appendNews, ...streams];
  const services = [...telemetry, notifications, nodes, audit, lastUsed, ...senders, jobs, httpService(http)];
  return { http, registry, services };
}

/** Through whom messages leave: the connections, and the drivers that use them. */
function openProviders(
  { configuration, database, masterKey, logger, roles, driverKinds: furtherKinds = [] }: AppOptions,
  { clock, notifications, received }: Surroundings & { readonly received: readonly NewsHandler[] },
): Pick<Domains, 'providers' | 'outgoing' | 'http' | 'networks' | 'outbox'> {
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
  return { providers, outbox, http, networks, outgoing };
}

/** The parts of the domains that live as long as the process. */
interface Domains {
  readonly projects: ProjectLookup;
  readonly audience: Audience;
  readonly templates: TemplateLookup;
  readonly objectStore: TransferJobParts['objectStore'];
  readonly outgoing: Service;
  readonly http: OutgoingHttp;
  readonly networks: OutgoingNetworks;
  readonly providers: Providers;
  readonly outbox: Outbox;
  readonly events: EventLog;
  readonly appendNews: AppendNews;
  readonly ingest: EventIngest;
  readonly eventSettings: EventSettingsLookup;
  readonly messaging: Messaging;
}

interface Surroundings {
  readonly clock: Clock;
  readonly notifications: Notifications;
}

function openDomains(
  options: AppOptions,
  { clock, notifications, registry }: Surroundings & { readonly registry: Registry },
): Domains {
  const { configuration, database, masterKey, logger } = options;
  const audience = new Audience({ database, tombstoneKey: masterKey.derive('endpoint tombstones'), notifications });
  const templates = new TemplateLookup({ database, notifications });
  const received: NewsHandler[] = [];
  const { providers, outgoing, http, networks, outbox } = openProviders(options, { clock, notifications, received });
  const appendNews = new AppendNews({ database, notifications, logger });
  const events = new EventLog([appendNews.handler, countEvents]);
  const fingerprints = new Fingerprints(masterKey.derive('event fingerprints'));
  const ingest = new EventIngest({ database, audience, log: events, fingerprints });
  const eventSettings = new EventSettingsLookup({ database, notifications });
  const messaging = createMessaging({
    ...{ database, notifications, clock, logger, masterKey, providers, audience, templates, events },
    ...{ publicUrl: configuration.publicUrl, metrics: createMessageMetrics(registry) },
  });
  received.push(...messaging.news);
  const projects = new ProjectLookup({ database, notifications });
  const objectStore = openObjectStore(configuration);
  return {
    ...{ projects, audience, templates, objectStore, outgoing, http, networks, providers, outbox, messaging },
    ...{ events, appendNews, ingest, eventSettings },
  };
}

interface HandlerParts extends Domains {
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly pagingTokens: PagingTokens;
  readonly audit: AuditTrail;
  readonly eventRetentionDays: number;
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
    ...ingestOperations({ ...parts, settings: parts.eventSettings }),
    ...streamOperations(parts),
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
  readonly clock: Clock;
  readonly bodyReader: BodyReader;
  readonly projects: ProjectLookup;
  readonly audience: Audience;
  readonly outbox: Outbox;
  readonly ingest: EventIngest;
  readonly messaging: Messaging;
  readonly isPoolProcess: boolean;
}

/**
 * Figures of this moment for /metrics. Those of the whole database are told by one process of a node only; while it is
 * away they are missing, and the others are not.
 */
function watch(registry: Registry, { database, clock, bodyReader, isPoolProcess, ...domains }: Watched): void {
  const { projects, audience, outbox, ingest, messaging } = domains;
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
  gauge('event_batches_waiting', 'Endpoints with their events that wait to be stored.', () => {
    const { few, many, long } = ingest.figures;
    return few.waiting + many.waiting + long.waiting;
  });
  gauge('sends_waiting', 'Messages that wait to be claimed, or for their outcome to be written.', () => {
    const { claims, settlements } = messaging.pipeline.figures;
    return claims.waiting + settlements.waiting;
  });
  gauge('messages_waiting_for_providers', 'Messages that no driver has taken yet.', () => {
    return messaging.pipeline.figures.waitingForProviders;
  });
  gauge('providers_down', 'Providers that are left alone because they do not answer.', () => {
    return messaging.pipeline.figures.providersDown;
  });
  gauge('outbox_writes_waiting', 'Messages that wait to be stored in the outbox.', () => outbox.figures.waiting);
  gauge('upload_bytes', 'Bytes of request bodies being read.', () => bodyReader.bytesInFlight);
  if (isPoolProcess) return;
  gauge('jobs_waiting', 'Jobs that could run and wait.', () => soon(countWaitingJobs(database.query)));
  watchStreams(registry, database, clock);
}

function watchStreams(registry: Registry, database: Database, clock: Clock): void {
  let reading: Promise<readonly StreamLag[]> | undefined;
  // All that is asked for at once is read once.
  const lags = () => {
    reading ??= soon(findStreamLags(database, clock.now()), []).finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const gauges = (name: string, help: string, value: (lag: StreamLag) => number) =>
    registerGauges(registry, `repoint_event_stream_${name}`, help, ['project', 'kind'], async () =>
      (await lags()).map((lag) => ({ labels: { project: lag.applicationId, kind: lag.kind }, value: value(lag) })),
    );
  gauges('lag_seconds', 'Age of the oldest event that was not sent.', ({ seconds }) => seconds);
  gauges('waiting_records', 'Events that were not sent; 100000 are counted at most.', ({ waiting }) => waiting);
  gauges('sent_records', 'Events sent since the stream was made.', ({ sent }) => sent);
  gauges('dropped_records', 'Events too large, or not taken for a day.', ({ dropped }) => dropped);
}

const longestReadMilliseconds = 1_000;

/** NaN for a figure that cannot be read, or not soon: Prometheus waits ten seconds for all of them. */
async function soon(figure: Promise<number>): Promise<number>;
async function soon<Figure>(figure: Promise<Figure>, otherwise: Figure): Promise<Figure>;
async function soon(figure: Promise<unknown>, otherwise: unknown = Number.NaN): Promise<unknown> {
  const late = pause(longestReadMilliseconds, otherwise, { ref: false });
  return Promise.race([figure.catch(() => otherwise), late]);
}
