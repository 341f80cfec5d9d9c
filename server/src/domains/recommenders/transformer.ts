/** What a transformer answers: for each endpoint one `Recommendations` object with attributes (dossier/messaging §15). */

/** Values by attribute; lists always, as endpoint attributes are. Without a prototype. */
export type RecommendedAttributes = Readonly<Record<string, readonly string[]>>;

const maximumAttributes = 10;
const maximumDepth = 32;

/**
 * The reply is a map of endpoints, bare (the sample handler of the guide) or under `Endpoints` (its prose).
 * @returns attributes of the endpoints whose part of the reply keeps the rules; the others are missing
 */
export function readReply(
  reply: unknown,
  endpointIds: readonly string[],
  attributes: Readonly<Record<string, string>>,
): Map<string, RecommendedAttributes> {
  const found = new Map<string, RecommendedAttributes>();
  const endpoints = endpointsOf(reply, endpointIds);
  if (endpoints === undefined) return found;
  for (const id of endpointIds) {
    const recommended = Object.hasOwn(endpoints, id) ? readEndpoint(endpoints[id], attributes) : undefined;
    if (recommended !== undefined) found.set(id, recommended);
  }
  return found;
}

function endpointsOf(reply: unknown, endpointIds: readonly string[]): Readonly<Record<string, unknown>> | undefined {
  if (!isObject(reply)) return undefined;
  const wrapped = Object.hasOwn(reply, 'Endpoints') && !endpointIds.includes('Endpoints');
  const endpoints = wrapped ? reply['Endpoints'] : reply;
  return isObject(endpoints) ? endpoints : undefined;
}

function readEndpoint(
  endpoint: unknown,
  attributes: Readonly<Record<string, string>>,
): RecommendedAttributes | undefined {
  const [recommendations, ...more] = recommendationsIn(endpoint, 0);
  if (recommendations === undefined || more.length > 0) return undefined;
  const entries = Object.entries(recommendations);
  if (entries.length < 1 || entries.length > maximumAttributes) return undefined;
  const recommended: Record<string, readonly string[]> = Object.create(null);
  for (const [name, value] of entries) {
    const values = Array.isArray(value) ? value : [value];
    if (!Object.hasOwn(attributes, name) || !values.every((one) => typeof one === 'string')) return undefined;
    recommended[name] = values;
  }
  return recommended;
}

/** Pinpoint let it stand anywhere in the endpoint. A list of that name is an attribute of the endpoint, and none. */
function recommendationsIn(value: unknown, depth: number): Readonly<Record<string, unknown>>[] {
  if (typeof value !== 'object' || value === null || depth > maximumDepth) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'Recommendations' && isObject(inner) ? [inner] : recommendationsIn(inner, depth + 1),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
