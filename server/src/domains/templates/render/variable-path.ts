/** The name of a variable, taken apart once when the template is read. */

const mostParts = 16;

export interface VariablePath {
  readonly parts: readonly string[];
  /** As it is written between the braces: `User.UserAttributes.[Last Name].[0]`. */
  readonly name: string;
  /** Without brackets: `User.UserAttributes.Last Name.0`. */
  readonly plain: string;
  /** Under which keys substitutions may hold it, and how many parts each of them covers; longest first. */
  readonly keys: readonly { readonly key: string; readonly length: number }[];
  /** Whose data it is when nobody substitutes it. */
  readonly origin: 'endpoint' | 'user' | 'recommendations' | undefined;
  readonly form: 'timestamp' | 'coordinate' | 'place' | undefined;
}

/** Members of an endpoint that a template may see (dossier/messaging §3.1); `User` and recommendations besides. */
const endpointMembers: ReadonlySet<string> = new Set([
  'Address',
  'Attributes',
  'ChannelType',
  'CreationDate',
  'Demographic',
  'EffectiveDate',
  'EndpointStatus',
  'Id',
  'Location',
  'Metrics',
  'OptOut',
  'RequestId',
]);

export function variablePath(parts: readonly string[]): VariablePath {
  const keys: { key: string; length: number }[] = [];
  for (let length = parts.length; length > 0; length -= 1) {
    const covered = parts.slice(0, length);
    const written = inBrackets(covered);
    const plain = covered.join('.');
    keys.push({ key: written, length });
    if (plain !== written) keys.push({ key: plain, length });
  }
  return {
    parts,
    name: inBrackets(parts),
    plain: parts.join('.'),
    keys,
    origin: originOf(parts[0] as string),
    form: formOf(parts),
  };
}

/** Longer ones are no variables: the keys of a path grow with the square of its length. */
export function isTooLong(parts: readonly string[]): boolean {
  return parts.length > mostParts;
}

/** Whether Pinpoint itself knows variables of this name. */
export function originOf(first: string): VariablePath['origin'] {
  if (endpointMembers.has(first)) return 'endpoint';
  if (first === 'User') return 'user';
  return first === 'RecommendationItems' || first === 'Recommendations' ? 'recommendations' : undefined;
}

function inBrackets(parts: readonly string[]): string {
  return parts
    .map((part) => (/^[^\s!"#%-,./;->@[-^`{-~\d-][^\s!"#%-,./;->@[-^`{-~]*$/.test(part) ? part : `[${part}]`))
    .join('.');
}

function formOf(parts: readonly string[]): VariablePath['form'] {
  const [first, second] = parts;
  if (first === 'CreationDate' || first === 'EffectiveDate') return 'timestamp';
  if (first !== 'Location') return undefined;
  if (second === undefined) return 'place';
  return second === 'Latitude' || second === 'Longitude' ? 'coordinate' : undefined;
}
