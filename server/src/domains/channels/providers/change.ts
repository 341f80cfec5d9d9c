/** What processes tell each other when it changes through whom messages leave (docs/decisions/0011). */
import { notify, type Transaction } from '../../../database/index.ts';

/** The projects that are concerned: one, or all of an account and Region. */
export type ChangedScope = { readonly projectNumber: number } | { readonly accountId: string; readonly region: string };

export interface ProviderChange {
  readonly scope: ChangedScope;
  /** Where the settings of a driver stand: `providerSource` or `channelSource`. */
  readonly source: string;
  /** Drivers of another version are not used any more; absent when the source is gone. */
  readonly version?: number;
}

export const providersTopic = 'providers';

export const providerSource = (number: number) => `provider/${number}`;
/** Undefined for a source that is no provider. */
export function providerNumber(source: string): number | undefined {
  const [, digits] = /^provider\/([1-9][0-9]{0,14})$/.exec(source) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
export const channelSource = (projectNumber: number, channelType: string) => `channel/${projectNumber}/${channelType}`;

/** Part of every transaction that changes a provider or a channel; the process itself calls `Providers.forget` after it. */
export async function tellChanged(tx: Transaction, change: ProviderChange): Promise<void> {
  await notify(tx, providersTopic, JSON.stringify(change));
}

/** @throws SyntaxError for what is none */
export function parseChange(payload: string): ProviderChange {
  return JSON.parse(payload) as ProviderChange;
}
