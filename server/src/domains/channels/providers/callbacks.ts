/**
 * Callbacks of providers: receipts, replies, bounces. Their URL holds a token that nobody can guess, made from the
 * provider's number, so that a provider that is deleted and made again has another one.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { CoalescedRead, type Database } from '../../../database/index.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import type { CallbackAnswer, CallbackRequest, DriverParts } from '../driver.ts';
import type { AnyDriverKind } from '../drivers/index.ts';
import type { GivenSettings } from '../settings-reader.ts';
import { providerSource } from './change.ts';
import type { NewsOrigin } from './providers.ts';
import { openSettings } from './settings.ts';
import { findProvidersByNumber, type StoredProvider } from './store.ts';

export const callbackPrefix = '/repoint/v1/callbacks/';
/** 144 bits. */
const macBytes = 18;

export interface Callback {
  readonly origin: NewsOrigin & Pick<StoredProvider, 'channelType'>;
  /** What the request tells, and what to answer once that is stored. @throws CallbackRefused */
  read(request: CallbackRequest): Promise<CallbackAnswer>;
}

interface CallbacksOptions {
  readonly database: Database;
  readonly masterKey: MasterKey;
  findKind(name: string): AnyDriverKind | undefined;
  read(kind: AnyDriverKind, settings: GivenSettings): unknown;
  partsFor(origin: NewsOrigin): DriverParts;
}

export class Callbacks {
  readonly #options: CallbacksOptions;
  readonly #key: Buffer;
  readonly #reads: CoalescedRead<number, StoredProvider | undefined>;

  constructor(options: CallbacksOptions) {
    this.#options = options;
    this.#key = options.masterKey.derive('provider callbacks');
    this.#reads = new CoalescedRead({
      name: 'callback look-up',
      read: (numbers) => findProvidersByNumber(options.database.query, numbers),
      identify: String,
    });
  }

  /** Path below the server's public URL. */
  pathOf(providerNumber: number): string {
    return `${callbackPrefix}${providerNumber}-${this.#mac(providerNumber).toString('base64url')}`;
  }

  /** @param token what stands behind `callbackPrefix`. @returns undefined for a token that is none, or of the past */
  async find(token: string): Promise<Callback | undefined> {
    const number = this.#verify(token);
    const provider = number === undefined ? undefined : await this.#reads.find(number);
    const kind = provider && this.#options.findKind(provider.kind);
    if (provider === undefined || kind?.readCallback === undefined) return undefined;
    const { accountId, region, channelType } = provider;
    const projectNumber = provider.projectNumber === 0 ? undefined : provider.projectNumber;
    const origin = { key: providerSource(provider.number), kind: kind.kind, accountId, region, projectNumber };
    const settings = this.#options.read(kind, openSettings(this.#options.masterKey, provider));
    const parts = this.#options.partsFor(origin);
    const readCallback = kind.readCallback.bind(kind);
    return {
      origin: { ...origin, channelType },
      read: (request) => readCallback(settings, request, parts),
    };
  }

  #verify(token: string): number | undefined {
    const [, digits, text] = /^([1-9][0-9]{0,14})-([\w-]{24})$/.exec(token) ?? [];
    if (digits === undefined || text === undefined) return undefined;
    const number = Number(digits);
    return timingSafeEqual(Buffer.from(text, 'base64url'), this.#mac(number)) ? number : undefined;
  }

  #mac(providerNumber: number): Buffer {
    return createHmac('sha256', this.#key).update(String(providerNumber)).digest().subarray(0, macBytes);
  }
}
