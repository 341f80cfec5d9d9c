/**
 * What segments ask of an endpoint, in a narrow row: hashed tokens for everything that is compared for equality, and the
 * few values that are compared otherwise. Tokens only narrow the search: whoever sends or exports compares the endpoint
 * itself as well (see docs/decisions/0017).
 */
import { sha256 } from '../../kernel/sha256.ts';
import type { Lists, StoredEndpoint } from './endpoint.ts';

/** What a token is about. `attribute name` says that an attribute is there, with at least one value. */
export type TokenKind =
  | 'attribute'
  | 'attribute name'
  | 'user attribute'
  | 'user attribute name'
  | 'channel'
  | 'country'
  | 'AppVersion'
  | 'Make'
  | 'Model'
  | 'Platform';

/** By project, kind, name and value, one after the other: a key made of all of them would cost more than the look-ups. */
const remembered = new Map<number, Map<TokenKind, Map<string, Map<string, string>>>>();
const mostRemembered = 50_000;
let rememberedTokens = 0;

/**
 * A signed 64-bit number as text. Values repeat from endpoint to endpoint, so those made lately are remembered.
 */
export function token(projectNumber: number, kind: TokenKind, name: string, value = ''): string {
  const known = remembered.get(projectNumber)?.get(kind)?.get(name)?.get(value);
  if (known !== undefined) return known;
  const made = sha256(`${projectNumber}\0${kind}\0${name}\0${value}`).readBigInt64BE(0).toString();
  if (rememberedTokens >= mostRemembered) {
    remembered.clear();
    rememberedTokens = 0;
  }
  mapIn(mapIn(mapIn(remembered, projectNumber), kind), name).set(value, made);
  rememberedTokens += 1;
  return made;
}

/** The map at this key, made when there is none yet. */
function mapIn<Key, InnerKey, Value>(outer: Map<Key, Map<InnerKey, Value>>, key: Key): Map<InnerKey, Value> {
  const inner = outer.get(key) ?? new Map<InnerKey, Value>();
  outer.set(key, inner);
  return inner;
}

export interface FacetValues {
  readonly channelType: string | null;
  readonly eligible: boolean;
  readonly metrics: StoredEndpoint['metrics'] | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

export interface Facets extends FacetValues {
  readonly tokens: readonly string[];
}

/** @param userAttributes of its user, or its own */
export function facetsOf(endpoint: StoredEndpoint, userAttributes: Lists): Facets {
  return { ...facetValuesOf(endpoint), tokens: tokensOf(endpoint, userAttributes) };
}

export function facetValuesOf(endpoint: StoredEndpoint): FacetValues {
  const { location, metrics } = endpoint;
  return {
    channelType: endpoint.channelType,
    eligible: isEligible(endpoint),
    metrics: Object.keys(metrics).length === 0 ? null : metrics,
    latitude: location.Latitude ?? null,
    longitude: location.Longitude ?? null,
  };
}

/** Whom a campaign may reach: active, not opted out, with an address. */
export function isEligible({ status, optOut, address }: StoredEndpoint): boolean {
  return status === 'ACTIVE' && optOut === 'NONE' && address !== null;
}

const tokenisedDemographics = ['AppVersion', 'Make', 'Model', 'Platform'] as const;

/** @param userAttributes of its user, or its own */
export function tokensOf(endpoint: StoredEndpoint, userAttributes: Lists): string[] {
  const { projectNumber, channelType, demographic, location } = endpoint;
  const tokens = new Set<string>();
  addLists(tokens, projectNumber, 'attribute', endpoint.attributes);
  addLists(tokens, projectNumber, 'user attribute', userAttributes);
  if (channelType !== null) tokens.add(token(projectNumber, 'channel', '', channelType));
  if (location.Country !== undefined) tokens.add(token(projectNumber, 'country', '', foldCountry(location.Country)));
  for (const member of tokenisedDemographics) {
    const value = demographic[member];
    if (value !== undefined) tokens.add(token(projectNumber, member, '', value));
  }
  return [...tokens];
}

export type AttributeKind = 'attribute' | 'user attribute';

const nameKinds = { attribute: 'attribute name', 'user attribute': 'user attribute name' } as const;

/** Of who has an attribute, with at least one value. */
export function nameToken(projectNumber: number, kind: AttributeKind, name: string): string {
  return token(projectNumber, nameKinds[kind], name);
}

function addLists(tokens: Set<string>, projectNumber: number, kind: AttributeKind, lists: Lists): void {
  for (const [name, values] of Object.entries(lists)) {
    if (values.length > 0) tokens.add(nameToken(projectNumber, kind, name));
    for (const value of values) tokens.add(token(projectNumber, kind, name, value));
  }
}

/** Countries compare without regard to the case of A to Z, here and in SQL. */
export function foldCountry(country: string): string {
  return country.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
