/**
 * Recommendations for the recipients of a message (dossier/messaging §15): items of a provider, and where the
 * configuration says so, attributes that a function makes of them.
 */
import type { PublicEndpoint } from '../../contract/pinpoint-types.ts';
import { CallFailed, type CallParts, callFunction } from '../../outgoing/calls.ts';
import { type Fetched, fetchItems, type Person, type ProviderFault, parse } from './provider.ts';
import type { RecommenderConfiguration } from './store.ts';
import { type RecommendedAttributes, readReply } from './transformer.ts';

export interface RecommendRequest {
  readonly configuration: RecommenderConfiguration;
  /** By endpoint id. */
  readonly endpoints: ReadonlyMap<string, PublicEndpoint>;
  /** What a transformer learns of the campaign or journey: the members of its event beside `Endpoints`. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The message to such an endpoint fails (RECOMMENDATION_FAILURE). */
export type RecommendationFailure =
  | 'NO_USER_ID'
  | ProviderFault
  | 'TRANSFORMER_FAILED'
  /** The function left the endpoint out, or broke a rule in what it said of it. */
  | 'TRANSFORMER_ANSWER_INVALID';

/**
 * `items` may be empty: the provider knows nothing for this person, and the defaults of the template stand. `attributes`
 * are there when there is a transformer.
 */
export type Recommendation =
  | { readonly items: readonly string[]; readonly attributes: RecommendedAttributes }
  | { readonly failure: RecommendationFailure };

/** Most endpoints of one call of a transformer. */
const transformerBatch = 50;
const fetchesAtOnce = 10;
const noAttributes: RecommendedAttributes = Object.freeze(Object.create(null));

/**
 * One answer for each endpoint. Faults of provider and transformer are answers, never thrown.
 * @throws the signal's reason, when the process stops
 */
export async function recommend(
  request: RecommendRequest,
  parts: CallParts,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Recommendation>> {
  const answers = await fetchAll(request, parts, signal);
  const { transformerUri } = request.configuration;
  if (transformerUri === null) return answers;
  const toTransform = [...answers].flatMap(([id, answer]) =>
    'items' in answer && answer.items.length > 0 ? [{ id, items: answer.items }] : [],
  );
  for (let from = 0; from < toTransform.length; from += transformerBatch) {
    const batch = toTransform.slice(from, from + transformerBatch);
    const transformed = await transform(batch, transformerUri, request, parts, signal);
    for (const [id, answer] of transformed) answers.set(id, answer);
  }
  return answers;
}

async function fetchAll(
  { configuration, endpoints }: RecommendRequest,
  parts: CallParts,
  signal: AbortSignal,
): Promise<Map<string, Recommendation>> {
  const answers = new Map<string, Recommendation>();
  const asked = new Map<string, { readonly person: Person; readonly endpointIds: string[] }>();
  for (const [endpointId, { User }] of endpoints) {
    const byUser = configuration.providerIdType === 'PINPOINT_USER_ID';
    const identity = byUser ? User?.UserId : endpointId;
    if (identity === undefined || identity === '') {
      answers.set(endpointId, { failure: 'NO_USER_ID' });
      continue;
    }
    // Several endpoints of one user get the same items, asked for once.
    const person = byUser ? { userId: identity } : { endpointId };
    const question = asked.get(identity) ?? { person, endpointIds: [] };
    question.endpointIds.push(endpointId);
    asked.set(identity, question);
  }
  let silent = false;
  const questions = asked.values();
  const ask = async () => {
    for (const { person, endpointIds } of questions) {
      // Three attempts of 15 seconds led nowhere: 49 more endpoints would wait for nothing.
      const fetched: Fetched = silent
        ? { failure: 'PROVIDER_FAILED' }
        : await fetchItems(configuration, person, parts, signal);
      if ('failure' in fetched && fetched.silent) silent = true;
      for (const id of endpointIds) answers.set(id, toAnswer(fetched));
    }
  };
  await Promise.all(Array.from({ length: fetchesAtOnce }, ask));
  return answers;
}

function toAnswer(fetched: Fetched): Recommendation {
  if ('failure' in fetched) return { failure: fetched.failure };
  return { items: fetched.items, attributes: noAttributes };
}

async function transform(
  batch: readonly { readonly id: string; readonly items: readonly string[] }[],
  transformerUri: string,
  { configuration, endpoints, settings }: RecommendRequest,
  parts: CallParts,
  signal: AbortSignal,
): Promise<[id: string, answer: Recommendation][]> {
  const Endpoints = Object.fromEntries(
    batch.map(({ id, items }) => [id, { ...endpoints.get(id), RecommendationItems: items }]),
  );
  let reply: string;
  try {
    reply = await callFunction(transformerUri, JSON.stringify({ ...settings, Endpoints }), parts, signal);
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    return batch.map(({ id }) => [id, { failure: 'TRANSFORMER_FAILED' }]);
  }
  const ids = batch.map(({ id }) => id);
  const found = readReply(parse(reply), ids, configuration.attributes ?? {});
  return batch.map(({ id, items }) => {
    const attributes = found.get(id);
    return [id, attributes === undefined ? { failure: 'TRANSFORMER_ANSWER_INVALID' } : { items, attributes }];
  });
}
