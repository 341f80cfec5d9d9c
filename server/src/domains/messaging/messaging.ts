/** The parts of messaging, made once for a process and handed to its operations, routes and jobs. */
import type { Database, Notifications, Transaction } from '../../database/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { MasterKey } from '../../kernel/master-key.ts';
import type { PagingTokens } from '../../kernel/paging.ts';
import type { Service } from '../../kernel/service.ts';
import type { PublicRoute } from '../../operations/public-route.ts';
import { Topics } from '../../outgoing/sns.ts';
import type { Audience } from '../audience/index.ts';
import type { NewsHandler, Providers } from '../channels/index.ts';
import type { EventLog } from '../events/index.ts';
import type { TemplateLookup } from '../templates/index.ts';
import { IdempotentCalls } from './direct/idempotent-calls.ts';
import { directOperations } from './direct/operations.ts';
import { callbackRoute } from './feedback/callbacks.ts';
import { feedbackHandler } from './feedback/news.ts';
import { otpOperations } from './otp/operations.ts';
import { OneTimePasswords } from './otp/passwords.ts';
import { phoneNumberOperations } from './phone-numbers/operations.ts';
import { learnAddresses } from './pipeline/learn-addresses.ts';
import { Pipeline } from './pipeline/pipeline.ts';
import { previewOperations } from './preview/operations.ts';
import { sendLogOperations } from './sends/log.ts';
import { settledEvents } from './sends/records.ts';
import { type AddressHashes, addressHashes, messageKey } from './sends/send.ts';
import type { SettledSend } from './sends/settle.ts';
import type { SendSources } from './sends/sources.ts';
import { settingsOperations } from './settings/operations.ts';
import { SettingsLookup } from './settings/settings.ts';
import { suppressionOperations } from './suppression/operations.ts';
import { TrackingLinks } from './tracking/links.ts';
import { trackingRoutes } from './tracking/routes.ts';
import { receiveInbound, tellOptOuts, twoWayOperations } from './two-way/index.ts';

export interface MessagingOptions {
  readonly database: Database;
  readonly notifications: Notifications;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly masterKey: MasterKey;
  readonly providers: Providers;
  readonly audience: Audience;
  readonly templates: TemplateLookup;
  readonly events: EventLog;
  /** Where links in messages lead; undefined: messages have no links of ours. */
  readonly publicUrl: string | undefined;
  readonly metrics: MessagingMetrics;
  /** Joined in `app/`. */
  readonly settled?: readonly SettledHandler[];
}

/**
 * Told of messages whose outcomes are written, in that keyed transaction, once for each claim: counters of those who
 * wanted them sent. What nobody has to see the result of goes with `sendLast`.
 */
export type SettledHandler = (tx: Transaction, settled: readonly SettledSend[], now: Date) => Promise<void>;

/** Counted of what happens. */
export interface MessagingMetrics {
  settled(channelType: string, status: string): void;
  verified(isRight: boolean): void;
}

export interface Messaging extends Service {
  readonly pipeline: Pipeline;
  readonly hashes: AddressHashes;
  readonly events: EventLog;
  /** Makes message keys. */
  readonly keySecret: Buffer;
  readonly metrics: MessagingMetrics;
  readonly settings: SettingsLookup;
  readonly links: TrackingLinks | undefined;
  readonly passwords: OneTimePasswords;
  readonly idempotentCalls: IdempotentCalls;
  /** Told by providers over their own connections; `Providers` gets them. */
  readonly news: readonly NewsHandler[];
  readonly routes: readonly PublicRoute[];
  /** Where inbound messages are published. */
  readonly topics: Topics;
}

export function createMessaging(options: MessagingOptions): Messaging {
  const { database, notifications, clock, logger, masterKey, providers, audience, events, publicUrl, metrics } =
    options;
  const { settled: handlers = [] } = options;
  const hashes = addressHashes(masterKey);
  const topics = new Topics();
  const keySecret = masterKey.derive('message keys');
  const links = publicUrl === undefined ? undefined : new TrackingLinks(masterKey.derive('tracking links'), publicUrl);
  const news = [
    feedbackHandler({ database, clock, hashes, events, keySecret }),
    receiveInbound({
      database,
      clock,
      hashes,
      identities: audience.identities,
      optedOut: (...told) => tellOptOuts(events, ...told),
    }),
  ];
  const pipeline = new Pipeline({
    ...{ database, clock, logger, hashes, keySecret, erased: audience.erased },
    async recorded(tx, settled, now) {
      for (const handler of handlers) await handler(tx, settled, now);
      await events.append(
        tx,
        settled.flatMap((each) => settledEvents(each, each.key ?? messageKey(keySecret, each.send), now)),
      );
    },
    learnt: (settled) => {
      for (const { send, outcome } of settled) metrics.settled(send.channelType, outcome.status);
      return learnAddresses({ database, audience, hashes }, settled, clock.now());
    },
  });
  return {
    name: 'messaging',
    pipeline,
    hashes,
    events,
    keySecret,
    metrics,
    settings: new SettingsLookup({ database, notifications }),
    links,
    news,
    routes: [
      callbackRoute({ providers, handlers: news, logger, publicUrl }),
      ...(links === undefined
        ? []
        : trackingRoutes(links, { database, clock, logger, audience, hashes, events, keySecret })),
    ],
    passwords: new OneTimePasswords(masterKey.derive('one-time passwords')),
    idempotentCalls: new IdempotentCalls(database.query, masterKey.derive('idempotent calls'), logger),
    topics,
    async run() {},
    /** Requests have ended: what they handed to providers gets its answers. */
    drain: () => pipeline.stop(),
    stop: () => topics.close(),
  };
}

interface OperationParts {
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly pagingTokens: PagingTokens;
  readonly providers: Providers;
  readonly audience: Audience;
  readonly templates: TemplateLookup;
  readonly messaging: Messaging;
  readonly sendSources: SendSources;
}

export function messagingOperations({ messaging, ...others }: OperationParts) {
  const parts = { ...others, ...messaging };
  return {
    ...directOperations(parts),
    ...otpOperations(parts),
    ...phoneNumberOperations,
    ...previewOperations(parts),
    ...sendLogOperations(parts),
    ...settingsOperations(messaging.settings, messaging.links !== undefined),
    ...suppressionOperations(parts),
    ...twoWayOperations(parts),
  };
}
