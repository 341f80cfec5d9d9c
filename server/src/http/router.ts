/**
 * From method and raw path to the operation. The path is split on `/` before anything is decoded: ids may contain
 * `/`, `:` and unicode, which clients send percent-encoded (dossier/audience §1.1).
 */
import { badRequest, notFound, ServiceError } from '../kernel/errors.ts';
import type { OperationDefinition } from '../operations/definition.ts';

export interface Match {
  readonly definition: OperationDefinition;
  /** Decoded path labels by their name in the path template. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface Router {
  /**
   * @throws NotFoundException for an unknown path, MethodNotAllowedException for a known one with another verb,
   * BadRequestException for a label that `decodePercent` refuses
   */
  match(method: string, rawPath: string): Match;
}

/** One level of the path: static segments win over labels. */
interface Level {
  readonly fixed: Map<string, Level>;
  label?: Level;
  readonly byMethod: Map<string, OperationDefinition>;
}

/** The label behind it swallows the rest of the path: hand-written clients send the ARN unencoded. */
const tagsPrefix = '/v1/tags/';

/** The guide's own example calls it with a slash behind, so hand-written clients do (dossier/messaging §7). */
const slashForgiven = '/v1/phone/number/validate/';

export function createRouter(operations: Iterable<OperationDefinition>): Router {
  const root = createLevel();
  for (const definition of operations) {
    let level = root;
    for (const segment of definition.path.split('/').slice(1)) level = descend(level, segment);
    level.byMethod.set(definition.method, definition);
  }
  return {
    match(method, requestedPath) {
      const rawPath = requestedPath === slashForgiven ? slashForgiven.slice(0, -1) : requestedPath;
      const segments = rawPath.startsWith(tagsPrefix)
        ? ['v1', 'tags', rawPath.slice(tagsPrefix.length)]
        : rawPath.split('/').slice(1);
      const level = find(root, segments);
      if (level === undefined) throw notFound();
      const definition = level.byMethod.get(method);
      if (definition === undefined)
        throw new ServiceError('MethodNotAllowedException', `${method} is not allowed here`);
      return { definition, labels: readLabels(definition.path, segments) };
    },
  };
}

function createLevel(): Level {
  return { fixed: new Map(), byMethod: new Map() };
}

function descend(level: Level, segment: string): Level {
  if (segment.startsWith('{')) {
    level.label ??= createLevel();
    return level.label;
  }
  const next = level.fixed.get(segment) ?? createLevel();
  level.fixed.set(segment, next);
  return next;
}

/** An empty segment never fills a label, so `/v1/apps/` and `/v1/apps//x` are unknown paths. */
function find(level: Level, segments: readonly string[], at = 0): Level | undefined {
  const segment = segments[at];
  if (segment === undefined) return level.byMethod.size > 0 ? level : undefined;
  const fixed = level.fixed.get(segment);
  const found = fixed === undefined ? undefined : find(fixed, segments, at + 1);
  if (found !== undefined || level.label === undefined || segment === '') return found;
  return find(level.label, segments, at + 1);
}

function readLabels(template: string, segments: readonly string[]): Record<string, string> {
  const labels: Record<string, string> = {};
  const names = template.split('/').slice(1);
  for (const [index, name] of names.entries()) {
    if (name.startsWith('{')) labels[name.slice(1, -1)] = decodePercent(segments[index] as string);
  }
  return labels;
}

/**
 * Percent-decoding of a path or query part. `+` stays a plus: AWS clients write a space as `%20`.
 * @throws BadRequestException for a broken escape, and for NUL, which PostgreSQL cannot store
 */
export function decodePercent(raw: string): string {
  const text = raw.includes('%') ? decodeEscapes(raw) : raw;
  if (text.includes('\0')) throw badRequest('The path or query holds a character that cannot be stored (NUL)');
  return text;
}

function decodeEscapes(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw badRequest('The path or query is not correctly percent-encoded');
  }
}
