/**
 * Where the value of a variable comes from (dossier/messaging §3.1, §3.2). First hit wins: substitutions of the target,
 * of the channel's message, of the default message, then the recipient's data, then the defaults of the template.
 */
import type { EndpointUser, PublicEndpoint } from '../../../contract/pinpoint-types.ts';
import { TemplateFault } from './faults.ts';
import { dig, isPlainObject, own, present } from './values.ts';
import type { VariablePath } from './variable-path.ts';

export type Substitutions = Readonly<Record<string, readonly string[]>>;
/** What `DefaultSubstitutions` holds: by the name of a variable, its default. */
export type Defaults = Readonly<Record<string, unknown>>;

/** An endpoint without its id, or with what only a stored one has. */
export type RecipientEndpoint = PublicEndpoint & { readonly Id?: string; readonly CreationDate?: string };

/** What a recommender found for the recipient (dossier/messaging §15). */
export interface Recommended {
  readonly RecommendationItems?: readonly string[];
  readonly Recommendations?: Readonly<Record<string, string | readonly string[]>>;
}

export interface VariableSources {
  readonly endpoint?: RecipientEndpoint;
  /** In place of `endpoint.User`. */
  readonly user?: EndpointUser;
  readonly substitutions?: readonly [
    perTarget: Substitutions | undefined,
    perChannelMessage: Substitutions | undefined,
    perDefaultMessage: Substitutions | undefined,
  ];
  readonly defaults?: Defaults;
  readonly recommendations?: Recommended;
}

/** Made by `variablesOf`, read by rendering alone. */
export interface Variables {
  readonly substitutions: readonly Substitutions[];
  readonly endpoint: RecipientEndpoint | undefined;
  readonly user: EndpointUser | undefined;
  readonly recommendations: Recommended | undefined;
  readonly defaults: Defaults | undefined;
}

const noSubstitutions: readonly Substitutions[] = [];

export function variablesOf(sources: VariableSources): Variables {
  const given = sources.substitutions?.filter((map) => map !== undefined && !isEmpty(map)) as
    | Substitutions[]
    | undefined;
  return {
    substitutions: given === undefined || given.length === 0 ? noSubstitutions : given,
    endpoint: sources.endpoint,
    user: sources.user ?? sources.endpoint?.User,
    recommendations: sources.recommendations,
    defaults: sources.defaults === undefined || isEmpty(sources.defaults) ? undefined : sources.defaults,
  };
}

/**
 * Reads the member `DefaultSubstitutions` of a template: a JSON object, given as text.
 * @throws TemplateFault when it is none
 */
export function parseDefaults(text: string): Defaults {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new TemplateFault('the default substitutions are not JSON', { line: 1, column: 0 });
  }
  if (isPlainObject(parsed)) return parsed;
  throw new TemplateFault('the default substitutions are not a JSON object', { line: 1, column: 0 });
}

/** Undefined when it is missing everywhere. */
export function findVariable(variables: Variables, path: VariablePath): unknown {
  for (const map of variables.substitutions) {
    const found = findIn(map, path);
    if (found !== undefined) return found;
  }
  const found = findInRecipient(variables, path);
  if (found !== undefined) return found;
  return variables.defaults === undefined ? undefined : findIn(variables.defaults, path);
}

/** Of a map whose keys are whole paths: the key as it is written first, then as the beginning of a path. */
function findIn(map: Readonly<Record<string, unknown>>, path: VariablePath): unknown {
  for (const { key, length } of path.keys) {
    const value = own(map, key);
    if (value === undefined) continue;
    const found = dig(value, path.parts, length);
    if (found !== undefined) return found;
  }
  return undefined;
}

function findInRecipient(variables: Variables, path: VariablePath): unknown {
  switch (path.origin) {
    case 'endpoint':
      return inEndpointForm(path, dig(variables.endpoint, path.parts, 0));
    case 'user':
      return dig(variables.user, path.parts, 1);
    case 'recommendations':
      return dig(variables.recommendations, path.parts, 0);
    default:
      return undefined;
  }
}

/** Timestamps in milliseconds, coordinates with one decimal (dossier/messaging §3.1). */
function inEndpointForm(path: VariablePath, value: unknown): unknown {
  if (path.form === undefined || value === undefined || value === null) return value;
  if (path.form === 'timestamp') return timestamp(value);
  if (path.form === 'coordinate') return oneDecimal(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, name.endsWith('itude') ? oneDecimal(member) : member]),
  );
}

function timestamp(value: unknown): unknown {
  if (typeof value !== 'string' || (value.length === 24 && value.endsWith('Z'))) return value;
  const milliseconds = Date.parse(value);
  return Number.isNaN(milliseconds) ? value : new Date(milliseconds).toISOString();
}

function oneDecimal(value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 10) / 10 : value;
}

/** Whether a key of some map goes on where the path ends: `User` is there when `User.UserId` has a substitution. */
export function hasVariablesBelow(variables: Variables, path: VariablePath): boolean {
  const maps =
    variables.defaults === undefined ? variables.substitutions : [...variables.substitutions, variables.defaults];
  return maps.some((map) => beginningsOf(map).has(path.plain));
}

const knownBeginnings = new WeakMap<object, ReadonlySet<string>>();

/** Of one map, `a` and `a.b` for the key `a.b.c`. Maps of a message serve all its recipients: found once. */
function beginningsOf(map: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const known = knownBeginnings.get(map);
  if (known !== undefined) return known;
  const beginnings = new Set<string>();
  for (const [key, value] of Object.entries(map)) {
    if (!present(value)) continue;
    for (let dot = key.indexOf('.'); dot > 0 && dot < 200; dot = key.indexOf('.', dot + 1)) {
      beginnings.add(key.slice(0, dot));
    }
  }
  knownBeginnings.set(map, beginnings);
  return beginnings;
}

function isEmpty(map: object): boolean {
  for (const _ in map) return false;
  return true;
}
