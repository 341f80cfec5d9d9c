/** Makes the parts of the domains that live as long as the process, and hands each what it needs. */

import type { AppOptions } from '../app.ts';
import type { Locations, Notifications } from '../database/index.ts';
import { countEvents } from '../domains/analytics/index.ts';
import { Audience } from '../domains/audience/index.ts';
import {
  countOutcomes,
  EventWatches,
  InAppCampaigns,
  Memberships,
  ProgressReader,
} from '../domains/campaigns/index.ts';
import { driverKinds, type NewsHandler, Outbox, Providers } from '../domains/channels/index.ts';
import {
  ArchiveLinks,
  archiveFolder,
  archiveRoutes,
  type ErasureParts,
  erasureParts,
  Ledger,
  LedgerHashes,
  ledgerHook,
  ledgerKey,
  openLedgerStore,
} from '../domains/erasure/index.ts';
import { AppendNews, EventIngest, EventLog, EventSettingsLookup, Fingerprints } from '../domains/events/index.ts';
import { createMessaging, type Messaging } from '../domains/messaging/index.ts';
import { ProjectLookup } from '../domains/projects/index.ts';
import { SegmentLookup } from '../domains/segments/index.ts';
import { TemplateLookup } from '../domains/templates/index.ts';
import type { TransferJobParts } from '../domains/transfers/index.ts';
import { createMessageMetrics, type Registry } from '../http/metrics.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Service } from '../kernel/service.ts';
import { openObjectStore, type Place } from '../object-store/index.ts';
import type { PublicRoute } from '../operations/public-route.ts';
import { OutgoingHttp } from '../outgoing/http.ts';
import { LambdaFunctions } from '../outgoing/lambda.ts';
import { OutgoingNetworks } from '../outgoing/networks.ts';
import { locationsOf } from './inventory.ts';

/** The parts of the domains that live as long as the process. */
export interface Domains {
  readonly projects: ProjectLookup;
  readonly audience: Audience;
  readonly templates: TemplateLookup;
  readonly objectStore: TransferJobParts['objectStore'];
  readonly outgoing: Service;
  readonly http: OutgoingHttp;
  readonly lambda: LambdaFunctions;
  readonly networks: OutgoingNetworks;
  readonly providers: Providers;
  readonly outbox: Outbox;
  readonly events: EventLog;
  readonly appendNews: AppendNews;
  readonly eventWatches: EventWatches;
  readonly ingest: EventIngest;
  readonly eventSettings: EventSettingsLookup;
  readonly messaging: Messaging;
  /** Every place that may hold a person. */
  readonly locations: Locations;
  readonly campaignProgress: ProgressReader;
  readonly inAppCampaigns: InAppCampaigns;
  readonly memberships: Memberships;
  readonly erasure: ErasureParts;
  /** Of what is held on somebody: where they lie, and how one gets them. */
  readonly archives: { readonly folder: Place; readonly links: ArchiveLinks };
  /** What anybody may call, unsigned. */
  readonly routes: readonly PublicRoute[];
  readonly ledger: Ledger;
  readonly ledgerHashes: LedgerHashes;
}

export interface Surroundings {
  readonly clock: Clock;
  readonly notifications: Notifications;
}

export function openDomains(
  options: AppOptions,
  { clock, notifications, registry }: Surroundings & { readonly registry: Registry },
): Domains {
  const { configuration, database, masterKey, logger } = options;
  const audience = new Audience({ database, tombstoneKey: masterKey.derive('endpoint tombstones'), notifications });
  const templates = new TemplateLookup({ database, notifications });
  const received: NewsHandler[] = [];
  const { providers, outgoing, http, networks, outbox } = openProviders(options, { clock, notifications, received });
  const appendNews = new AppendNews({ database, notifications, logger });
  const eventWatches = new EventWatches({ database, notifications, logger });
  const events = new EventLog([appendNews.handler, eventWatches.handler, countEvents]);
  const fingerprints = new Fingerprints(masterKey.derive('event fingerprints'));
  const ingest = new EventIngest({ database, audience, log: events, fingerprints });
  const eventSettings = new EventSettingsLookup({ database, notifications });
  const messaging = createMessaging({
    ...{ database, notifications, clock, logger, masterKey, providers, audience, templates, events },
    ...{ publicUrl: configuration.publicUrl, metrics: createMessageMetrics(registry), settled: [countOutcomes] },
  });
  received.push(...messaging.news);
  const projects = new ProjectLookup({ database, notifications });
  const objectStore = openObjectStore(configuration);
  const inAppCampaigns = new InAppCampaigns({ database, notifications });
  const memberships = new Memberships({ database, segments: new SegmentLookup({ database, notifications }) });
  const locations = locationsOf({ audience, messaging, database, clock, objectStore });
  const links = new ArchiveLinks(masterKey, configuration.publicUrl);
  const { ledger, ledgerHashes } = openLedger(options, { clock, audience, messaging });
  return {
    ...{ projects, audience, templates, objectStore, outgoing, http, networks, providers, outbox, messaging },
    lambda: new LambdaFunctions({}),
    ...{ events, appendNews, eventWatches, ingest, eventSettings, inAppCampaigns, memberships },
    locations,
    erasure: erasureParts({
      ...{ database, clock, logger, masterKey, audience, hashes: messaging.hashes, locations },
      databaseServer: configuration.databaseUrl === undefined ? 'embedded' : 'external',
      hooks: [ledgerHook(ledger, ledgerHashes)],
    }),
    archives: { folder: archiveFolder(configuration.archiveBucket, masterKey), links },
    routes: [...messaging.routes, ...archiveRoutes({ database, clock, objectStore, links })],
    ...{ ledger, ledgerHashes },
    campaignProgress: new ProgressReader({ database, clock }),
  };
}

/** What may not come back with a restored backup. */
function openLedger(
  { configuration, database, masterKey, logger }: AppOptions,
  { clock, audience, messaging }: Pick<Domains, 'audience' | 'messaging'> & { readonly clock: Clock },
): Pick<Domains, 'ledger' | 'ledgerHashes'> {
  const { identities } = audience;
  return {
    ledger: new Ledger({ database, store: openLedgerStore(configuration), masterKey, clock, logger }),
    ledgerHashes: new LedgerHashes({ identities, addresses: messaging.hashes, key: ledgerKey(masterKey) }),
  };
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
