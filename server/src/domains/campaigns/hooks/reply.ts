/**
 * What a hook answers: the map of endpoints that stay, each as messages shall see it (dossier/messaging §1.12). Only what
 * describes the person may change: whom a message reaches, and whether it may, was judged before and stays.
 */
import type { EndpointDefinition } from '../../channels/index.ts';

export interface KeptEndpoint {
  readonly endpoint: EndpointDefinition;
  /** Of push types and SMS; other channels have none (dossier/messaging §1.12). */
  readonly title: string | undefined;
  readonly body: string | undefined;
}

/**
 * Ids that were not asked about are passed over; who is missing, or null, leaves the run.
 * @returns undefined for a reply that is no map of endpoints
 */
export function readReply(
  text: string,
  endpoints: ReadonlyMap<string, EndpointDefinition>,
): ReadonlyMap<string, KeptEndpoint> | undefined {
  const reply = parse(text);
  const kept = new Map<string, KeptEndpoint>();
  if (reply === null) return kept;
  if (!isObject(reply)) return undefined;
  for (const [id, endpoint] of endpoints) {
    const changed = Object.hasOwn(reply, id) ? reply[id] : null;
    if (changed === null) continue;
    if (!isObject(changed)) return undefined;
    kept.set(id, keep(endpoint, changed));
  }
  return kept;
}

/** No answer at all is `null`: what a function returns that returns nothing. Undefined: no JSON. */
function parse(text: string): unknown {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Given = Readonly<Record<string, unknown>>;

/** Members that the reply leaves out stay as they were. */
function keep(endpoint: EndpointDefinition, changed: Given): KeptEndpoint {
  const { Attributes, Metrics, Demographic, Location, User } = endpoint;
  return {
    endpoint: {
      ...endpoint,
      Attributes: readMember(changed, 'Attributes', readAttributes) ?? Attributes ?? {},
      Metrics: readMember(changed, 'Metrics', readMetrics) ?? Metrics ?? {},
      Demographic: readMember(changed, 'Demographic', readTexts) ?? Demographic ?? {},
      Location: readMember(changed, 'Location', readLocation) ?? Location ?? {},
      User: readMember(changed, 'User', (user) => readUser(user, User)) ?? User ?? {},
    },
    title: overrideOf(endpoint, changed['TitleOverride']),
    body: overrideOf(endpoint, changed['BodyOverride']),
  };
}

const withoutOverrides = new Set<string | undefined>(['EMAIL', 'VOICE', 'CUSTOM', 'IN_APP', undefined]);

function overrideOf({ ChannelType }: EndpointDefinition, value: unknown): string | undefined {
  return withoutOverrides.has(ChannelType) ? undefined : textOf(value);
}

function readMember<Value>(of: Given, name: string, read: (member: Given) => Value): Value | undefined {
  const member = Object.hasOwn(of, name) ? of[name] : undefined;
  return isObject(member) ? read(member) : undefined;
}

/** AWS's own sample returns numbers within lists, and functions return lone values. */
function readAttributes(attributes: Given): Record<string, readonly string[]> {
  return mapOf(attributes, (value) => {
    const values = (Array.isArray(value) ? value : [value]).map(textOf).filter((text) => text !== undefined);
    return values.length === 0 ? undefined : values;
  });
}

function readMetrics(metrics: Given): Record<string, number> {
  return mapOf(metrics, numberOf);
}

function readTexts(members: Given): Record<string, string> {
  return mapOf(members, textOf);
}

function readLocation({ Latitude, Longitude, ...texts }: Given): NonNullable<EndpointDefinition['Location']> {
  return { ...readTexts(texts), ...readMetrics({ Latitude, Longitude }) };
}

function readUser(user: Given, before: EndpointDefinition['User']): NonNullable<EndpointDefinition['User']> {
  const UserId = textOf(user['UserId']) ?? before?.UserId;
  const UserAttributes = readMember(user, 'UserAttributes', readAttributes) ?? before?.UserAttributes ?? {};
  return { UserAttributes, ...(UserId !== undefined && { UserId }) };
}

function mapOf<Value>(given: Given, read: (value: unknown) => Value | undefined): Record<string, Value> {
  const entries = Object.entries(given).flatMap(([name, value]) => {
    const member = read(value);
    return member === undefined ? [] : [[name, member] as const];
  });
  return Object.fromEntries(entries);
}

function textOf(value: unknown): string | undefined {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function isObject(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
