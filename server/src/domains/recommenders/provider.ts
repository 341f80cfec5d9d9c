/**
 * Where items come from: an https URL or a function of ours, asked with JSON for one person at a time. Amazon Personalize,
 * which Pinpoint asked, answers in the same form (`itemList` of `itemId`).
 */

import { CallFailed, type CallParts, callFunction, callUrl } from '../../outgoing/calls.ts';
import { namesFunction } from '../../outgoing/lambda.ts';
import type { RecommenderConfiguration } from './store.ts';

/** Of one item (dossier/messaging §15). */
const maximumItemLength = 100;

/** Whose items: one of the two, as the configuration says. */
export type Person = { readonly endpointId: string } | { readonly userId: string };

export type ProviderFault = 'PROVIDER_NOT_SUPPORTED' | 'PROVIDER_FAILED' | 'PROVIDER_ANSWER_INVALID';

export type Fetched =
  | { readonly items: readonly string[] }
  | { readonly failure: ProviderFault; readonly silent?: boolean };

/** @throws the signal's reason */
export async function fetchItems(
  { providerUri, recommendationsPerMessage }: RecommenderConfiguration,
  person: Person,
  parts: CallParts,
  signal: AbortSignal,
): Promise<Fetched> {
  const call = callOf(providerUri);
  if (call === undefined) return { failure: 'PROVIDER_NOT_SUPPORTED' };
  const payload = JSON.stringify({ ...person, numResults: recommendationsPerMessage });
  try {
    const items = readItems(await call(providerUri, payload, parts, signal), recommendationsPerMessage);
    return items === undefined ? { failure: 'PROVIDER_ANSWER_INVALID' } : { items };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    return { failure: 'PROVIDER_FAILED', silent: error.silent };
  }
}

function callOf(uri: string): typeof callUrl | undefined {
  if (/^https:\/\//i.test(uri)) return callUrl;
  return namesFunction(uri) ? callFunction : undefined;
}

/** @returns the first items of an answer; undefined when it has another form */
export function readItems(text: string, most: number): string[] | undefined {
  const { itemList } = (parse(text) ?? {}) as { readonly itemList?: unknown };
  if (!Array.isArray(itemList)) return undefined;
  const items = itemList.slice(0, most).map((item: unknown) => (item as { readonly itemId?: unknown } | null)?.itemId);
  return items.every(isItem) ? items : undefined;
}

function isItem(item: unknown): item is string {
  return typeof item === 'string' && item !== '' && item.length <= maximumItemLength;
}

/** @returns undefined for what is no JSON */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
