/**
 * Drivers of all providers that this process sends through: which one is a project's, opened once, shared, closed after
 * a change. What was looked up is remembered until a notification says that it changed (docs/decisions/0011).
 */
import { setTimeout as pause } from 'node:timers/promises';
import { CoalescedRead, type Database, type Notifications } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import type { Service } from '../../../kernel/service.ts';
import type { Project } from '../../../operations/call.ts';
import type { OutgoingHttp } from '../../../outgoing/http.ts';
import { OutgoingNetworks } from '../../../outgoing/networks.ts';
import type { ChannelType } from '../channel-types.ts';
import type { Driver, DriverParts, ProviderNews } from '../driver.ts';
import { type AnyDriverKind, outboxKindName } from '../drivers/index.ts';
import type { GivenSettings } from '../settings-reader.ts';
import { Callbacks } from './callbacks.ts';
import { type ChangedScope, type ProviderChange, parseChange, providerNumber, providersTopic } from './change.ts';
import { type OpenChannel, toOpenChannel } from './open-channel.ts';
import { customKindOf, type DriverSource, resolveSource, type SourcePlace, sourceOfProvider } from './resolve.ts';
import { SharedDriver } from './shared-driver.ts';
import {
  type FoundSources,
  findProvidersByNumber,
  findProvidersOfKinds,
  findSources,
  findVersions,
  type ProviderPlace,
  type StoredProvider,
} from './store.ts';

export interface OpenProvider {
  /**
   * Stays the same when settings change; shared by all that use the same provider: rate limits and breakers hang on it.
   */
  readonly key: string;
  readonly kind: string;
  readonly driver: Driver;
  /** Undefined when the channel was never configured. */
  readonly channel: OpenChannel | undefined;
}

/** Which provider told news. */
export interface NewsOrigin {
  readonly key: string;
  readonly kind: string;
  /** Undefined, and its Region as well: the deployment's own, of all accounts. */
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  /** Undefined: a provider of several projects. */
  readonly projectNumber: number | undefined;
}

/** Told what providers tell of their own accord. Resolves when it is stored: then the provider hears that it was. */
export type NewsHandler = (news: readonly ProviderNews[], from: NewsOrigin) => Promise<void>;

export interface ProvidersOptions {
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly notifications: Notifications;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly http: OutgoingHttp;
  readonly networks: OutgoingNetworks;
  readonly kinds: readonly AnyDriverKind[];
  /** Mail server of the deployment. */
  readonly smtpUrl: string | undefined;
  /** Base URLs by kind that the operator set, for settings that name none. */
  readonly providerUrls: Readonly<Record<string, string>>;
  readonly received: readonly NewsHandler[];
  /** Whether this process hears what providers tell over connections of drivers: see `DriverKind.listens`. */
  readonly listens: boolean;
}

type Owner = Pick<Project, 'number' | 'accountId' | 'region'>;

interface Remembered {
  readonly scope: ProviderPlace;
  readonly provider: Promise<OpenProvider | undefined>;
}

/** For the mail server of the deployment, which stands beside us as a rule. */
const anyNetwork = new OutgoingNetworks(['0.0.0.0/0', '::/0']);

/** Projects times channel types in memory; the oldest leaves. */
const capacity = 20_000;
/** News of other projects come in as well: who looks does not wait for silence. */
const mostLooks = 3;
const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 10_000;

export class Providers implements Service {
  readonly name = 'providers';
  readonly callbacks: Callbacks;
  readonly #options: ProvidersOptions;
  readonly #reads: CoalescedRead<ProviderPlace, FoundSources>;
  readonly #known = new Map<string, Remembered>();
  /** By the key of their source. */
  readonly #drivers = new Map<string, { readonly version: number; readonly driver: SharedDriver }>();
  /** Replaced, with messages under way perhaps. */
  readonly #retired = new Set<SharedDriver>();
  /** Rises with every piece of news: what was read before it is not kept. */
  #newsHeard = 0;
  #running = false;
  /** Whether listening drivers are being opened at the moment. */
  #opening = false;

  constructor(options: ProvidersOptions) {
    this.#options = options;
    const { database, masterKey, notifications } = options;
    this.#reads = new CoalescedRead({
      name: 'provider look-up',
      read: (places) => findSources(database.query, places),
      identify: ({ projectNumber, channelType }) => `${projectNumber}/${channelType}`,
    });
    this.callbacks = new Callbacks({
      ...{ database, masterKey, findKind: (kind) => this.kindOf(kind) },
      ...{ read: (kind, settings) => this.#read(kind, settings), partsFor: (origin) => this.#partsFor(origin) },
    });
    notifications.subscribe({
      topic: providersTopic,
      changed: (payload) => this.forget(parseChange(payload)),
      forgetAll: () => this.#forgetAll(),
    });
  }

  get kinds(): readonly AnyDriverKind[] {
    return this.#options.kinds;
  }

  kindOf(name: string): AnyDriverKind | undefined {
    return this.#options.kinds.find(({ kind }) => kind === name);
  }

  /**
   * Through whom messages of this type leave. To be asked before every batch: it is a look into memory.
   * @returns undefined when nobody delivers this type, or when what was configured cannot be opened (the log says why)
   */
  driverFor(project: Owner, channelType: ChannelType): Promise<OpenProvider | undefined> {
    return this.#find(project, channelType, undefined);
  }

  /** The same for a custom channel, whose campaign or journey says itself where its messages go. */
  customDriverFor(project: Owner, deliveryUri: string): Promise<OpenProvider | undefined> {
    return this.#find(project, 'CUSTOM', customKindOf(deliveryUri));
  }

  /**
   * The provider that told news, to answer through it.
   * @param key `NewsOrigin.key`
   * @returns undefined when it is gone, or cannot be opened (the log says why)
   */
  async findByKey(key: string): Promise<OpenProvider | undefined> {
    const number = providerNumber(key);
    if (number === undefined) return undefined;
    for (let look = 1; ; look += 1) {
      const newsHeard = this.#newsHeard;
      const [stored] = await findProvidersByNumber(this.#options.database.query, [number]);
      if (newsHeard !== this.#newsHeard && look < mostLooks) continue;
      return stored && this.#openStored(stored);
    }
  }

  /** After a change that this process made itself: its own news would come a moment too late. */
  forget({ scope, source, version }: ProviderChange): void {
    this.#newsHeard += 1;
    for (const [text, remembered] of this.#known) if (isIn(remembered.scope, scope)) this.#known.delete(text);
    if (this.#drivers.get(source)?.version !== version) this.#retire(source);
    this.#listen();
  }

  async run(): Promise<void> {
    this.#running = true;
    this.#listen();
  }

  /** Whoever sends has stopped to: what is under way gets its answers. */
  async drain(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#allDrivers().map((driver) => driver.idle()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#allDrivers().map((driver) => driver.close()));
  }

  #find({ number, accountId, region }: Owner, channelType: ChannelType, customKind: string | undefined) {
    const text = customKind === undefined ? `${number}/${channelType}` : `${number}/${channelType}/${customKind}`;
    const remembered = this.#known.get(text);
    if (remembered !== undefined) return remembered.provider;
    const place = { accountId, region, projectNumber: number, channelType };
    return this.#look(customKind === undefined ? place : { ...place, customKind }, text);
  }

  async #look(place: SourcePlace, text: string): Promise<OpenProvider | undefined> {
    for (let look = 1; ; look += 1) {
      const newsHeard = this.#newsHeard;
      const found = await this.#reads.find(place);
      const isCurrent = newsHeard === this.#newsHeard;
      if (!isCurrent && look < mostLooks) continue;
      const provider = this.#open(found, place);
      if (isCurrent && this.#options.notifications.listening) this.#remember(text, place, provider);
      return provider;
    }
  }

  #remember(text: string, scope: ProviderPlace, provider: OpenProvider | undefined): void {
    this.#known.set(text, { scope, provider: Promise.resolve(provider) });
    if (this.#known.size > capacity) this.#known.delete(this.#known.keys().next().value as string);
  }

  #open(found: FoundSources, place: SourcePlace): OpenProvider | undefined {
    const { masterKey, smtpUrl } = this.#options;
    const { channel } = found;
    return this.#openSource(
      place,
      () => resolveSource(found, place, { masterKey, smtpUrl }),
      () => channel && toOpenChannel(masterKey, place.projectNumber, channel),
    );
  }

  #openStored(stored: StoredProvider): OpenProvider | undefined {
    const resolve = () => sourceOfProvider(stored, this.#options.masterKey);
    return stored.kind === outboxKindName ? undefined : this.#openSource(stored, resolve, () => undefined);
  }

  #openSource(
    place: ProviderPlace,
    resolve: () => DriverSource,
    readChannel: () => OpenChannel | undefined,
  ): OpenProvider | undefined {
    const { logger } = this.#options;
    try {
      const source = resolve();
      const kind = this.kindOf(source.kind);
      if (kind === undefined || !kind.channelTypes.some((type) => type === place.channelType)) {
        logger.error({ provider: source.key, kind: source.kind }, 'no driver for this kind of provider');
        return undefined;
      }
      return {
        ...{ key: source.key, kind: source.kind, driver: this.#share(source, kind) },
        channel: readChannel(),
      };
    } catch (error) {
      logger.error({ project: place.projectNumber, channelType: place.channelType, err: error }, 'no provider opened');
      return undefined;
    }
  }

  /** Opens drivers that hear something and are not open: those of the start, and of providers that were added or changed. */
  #listen(): void {
    if (!this.#options.listens || !this.#running || this.#opening) return;
    this.#opening = true;
    void this.#openListening();
  }

  async #openListening(): Promise<void> {
    const { query } = this.#options.database;
    const kinds = this.kinds.filter(({ listens }) => listens === true).map(({ kind }) => kind);
    let newsHeard = this.#newsHeard;
    do {
      await this.#insist('what providers tell is not heard yet', async () => {
        newsHeard = this.#newsHeard;
        const stored = await findProvidersOfKinds(query, kinds);
        // What changed meanwhile is read again: a driver is not exchanged for an older one.
        if (this.#running && newsHeard === this.#newsHeard) for (const each of stored) this.#openStored(each);
      });
    } while (this.#running && newsHeard !== this.#newsHeard);
    this.#opening = false;
  }

  /** Until it succeeds, as long as this process runs: a fault of the database passes, and no other occasion may come. */
  async #insist(complaint: string, work: () => Promise<void>): Promise<void> {
    for (let failures = 0; ; failures += 1) {
      try {
        return await work();
      } catch (error) {
        this.#options.logger.error({ err: error }, complaint);
      }
      await pause(Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** failures), undefined, {
        ref: false,
      });
      if (!this.#running) return;
    }
  }

  #share(source: DriverSource, kind: AnyDriverKind): Driver {
    const open = this.#drivers.get(source.key);
    if (open !== undefined && open.version === source.version) return open.driver;
    // The outbox is of one project, which nobody may choose.
    const isOutbox = kind.kind === outboxKindName;
    const settings = isOutbox ? { projectNumber: source.projectNumber } : this.#read(kind, source.settings);
    const parts = this.#partsFor(source, source.trusted);
    const driver = new SharedDriver(kind.open(settings, parts), this.#options.logger);
    this.#retire(source.key);
    this.#drivers.set(source.key, { version: source.version, driver });
    return driver;
  }

  #read(kind: AnyDriverKind, settings: GivenSettings): unknown {
    const url = this.#options.providerUrls[kind.kind];
    return kind.readSettings(url === undefined ? settings : { BaseUrl: url, ...settings });
  }

  #partsFor({ key, kind, accountId, region, projectNumber }: NewsOrigin, trusted = false): DriverParts {
    const { http, clock, logger, received } = this.#options;
    const networks = trusted ? anyNetwork : this.#options.networks;
    return {
      ...{ http, networks, clock, logger: logger.child({ provider: key, kind }) },
      received: async (news) => {
        for (const handler of received) await handler(news, { key, kind, accountId, region, projectNumber });
      },
    };
  }

  #retire(key: string): void {
    const driver = this.#drivers.get(key)?.driver;
    if (driver === undefined) return;
    this.#drivers.delete(key);
    this.#retired.add(driver);
    driver.retire();
    void driver.idle().then(() => this.#retired.delete(driver));
  }

  #allDrivers(): SharedDriver[] {
    return [...[...this.#drivers.values()].map(({ driver }) => driver), ...this.#retired];
  }

  /** Drivers stay open: most of them have not changed. Those that have are found by their versions. */
  #forgetAll(): void {
    this.#newsHeard += 1;
    this.#known.clear();
    this.#listen();
    if (!this.#options.notifications.listening || this.#drivers.size === 0) return;
    void this.#insist('providers that were removed meanwhile may still be open', () => this.#retireOutdated());
  }

  async #retireOutdated(): Promise<void> {
    const open = [...this.#drivers].filter(([key]) => /^(provider|channel)\//.test(key));
    const versions = await findVersions(
      this.#options.database.query,
      open.map(([key]) => key),
    );
    for (const [key, opened] of open) {
      if (this.#drivers.get(key) === opened && versions.get(key) !== opened.version) this.#retire(key);
    }
  }
}

function isIn({ projectNumber, accountId, region }: ProviderPlace, scope: ChangedScope): boolean {
  if ('projectNumber' in scope) return scope.projectNumber === projectNumber;
  return scope.accountId === accountId && scope.region === region;
}
