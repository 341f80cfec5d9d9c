/** A path of a template → where its value comes from. */
import { type Evaluate, fault, type Level, loopSlots, type Origin, type Reading, type Scope } from './scope.ts';
import { dig } from './values.ts';
import { isTooLong, originOf, type VariablePath, variablePath } from './variable-path.ts';
import { findVariable, hasVariablesBelow } from './variables.ts';

export type PathNode = hbs.AST.PathExpression;

/**
 * What is done with the value. `needed`: it is printed, so it is noted when it is missing. `asked`: being missing is an
 * answer. `truth`: only whether there is anything. `word`: an unquoted word, which stands for itself when there is no
 * such variable (dossier/messaging §4).
 */
export type Manner = 'needed' | 'asked' | 'truth' | 'word';

/** More than this, and a nested `with` keeps its value instead of all the names it may go by. */
const mostOrigins = 8;

export function readPath(node: PathNode, scope: Scope, reading: Reading, manner: Manner): Evaluate {
  if (node.data && node.parts[0] !== 'root') return readLoopData(node, scope);
  if (isTooLong(node.parts)) throw fault('this path has too many parts', node);
  const level = levelOf(node, scope);
  if (level !== undefined && node.parts.length === 0) {
    const { slot } = level;
    return slot === undefined ? () => undefined : (run) => run.slots[slot];
  }
  const origins = originsOf(node, scope, reading);
  const isWord = manner === 'word' && level === undefined && originOf(node.parts[0] as string) === undefined;
  const named = nameOf(node, origins);
  note(named, reading, !isWord);
  if (isWord) {
    const find = finder(origins, undefined);
    return (run) => find(run) ?? node.original;
  }
  if (manner === 'truth') return withBranches(origins);
  return finder(origins, manner === 'asked' ? undefined : named);
}

/** Everything that a path may mean, in the order in which it is tried. */
export function originsOf(node: PathNode, scope: Scope, reading: Reading): readonly Origin[] {
  const { parts } = node;
  if (node.data) return [{ path: pathOf(parts.slice(1), reading) }];
  const level = levelOf(node, scope);
  if (level !== undefined) return within(level, parts, reading);
  const parameter = scope.parameters.get(parts[0] as string);
  if (parameter !== undefined) return extended(parameter, parts.slice(1), reading);
  return scope.levels.toReversed().flatMap((each) => within(each, parts, reading));
}

/** Origins for what lies below the value of a path, if they are few enough to be tried one by one. */
export function originsBelow(node: hbs.AST.Expression, scope: Scope, reading: Reading): readonly Origin[] {
  if (node.type !== 'PathExpression') return [];
  const path = node as PathNode;
  if ((path.data && (path.parts[0] !== 'root' || path.parts.length === 1)) || isTooLong(path.parts)) return [];
  if (path.parts.length === 0) return [];
  const origins = originsOf(path, scope, reading).filter((origin) => 'path' in origin);
  return origins.length > mostOrigins ? [] : origins;
}

/** The level that `this`, `.` and `..` name; undefined for a plain name, which may be on any level. */
function levelOf(node: PathNode, scope: Scope): Level | undefined {
  if (node.data) return node.parts.length > 1 ? undefined : scope.levels[0];
  if (node.parts.length > 0 && !/^(?:\.|this\b(?![^./]))/.test(node.original)) return undefined;
  return scope.levels[Math.max(0, scope.levels.length - 1 - node.depth)];
}

function within(level: Level, parts: readonly string[], reading: Reading): readonly Origin[] {
  if (level.origins === undefined) return [{ path: pathOf(parts, reading) }];
  return extended(level.origins, parts, reading);
}

function extended(origins: readonly Origin[], parts: readonly string[], reading: Reading): readonly Origin[] {
  if (parts.length === 0) return origins;
  return origins.flatMap((origin): Origin[] => {
    if (!('path' in origin)) return [{ slot: origin.slot, parts: [...origin.parts, ...parts] }];
    const longer = [...origin.path.parts, ...parts];
    return isTooLong(longer) ? [] : [{ path: pathOf(longer, reading) }];
  });
}

function pathOf(parts: readonly string[], reading: Reading): VariablePath {
  const key = parts.join('\u0000');
  const known = reading.paths.get(key);
  if (known !== undefined) return known;
  const path = variablePath(parts);
  reading.paths.set(key, path);
  return path;
}

/** Enters what is read into what the template tells of itself. */
function note(name: string | undefined, reading: Reading, isVariable: boolean): void {
  if (name === undefined) return;
  reading.varies = true;
  if (isVariable) reading.variables.add(name);
}

/** One name for a path of many origins: inside `with Location`, `City` is `Location.City`, `User.UserId` is itself. */
function nameOf(node: PathNode, origins: readonly Origin[]): string | undefined {
  const paths = origins.flatMap((origin) => ('path' in origin ? [origin.path] : []));
  const isOfPinpoint = originOf(node.parts[0] as string) !== undefined;
  return (isOfPinpoint ? paths.at(-1) : paths[0])?.name;
}

/** @param missed under which name it is noted when there is no value */
function finder(origins: readonly Origin[], missed: string | undefined): Evaluate {
  const [only] = origins;
  if (origins.length === 1 && only !== undefined && 'path' in only) {
    const { path } = only;
    return (run) => {
      const found = findVariable(run.variables, path);
      if (found === undefined && missed !== undefined) run.miss(missed);
      return found;
    };
  }
  return (run) => {
    run.spend(origins.length);
    for (const origin of origins) {
      const found =
        'path' in origin ? findVariable(run.variables, origin.path) : dig(run.slots[origin.slot], origin.parts, 0);
      if (found !== undefined) return found;
    }
    if (missed !== undefined) run.miss(missed);
    return undefined;
  };
}

/** Also something when only variables below it exist, as when `User.UserId` comes from a substitution. */
function withBranches(origins: readonly Origin[]): Evaluate {
  const find = finder(origins, undefined);
  return (run) => {
    const found = find(run);
    if (found !== undefined) return found;
    const below = origins.some((origin) => 'path' in origin && hasVariablesBelow(run.variables, origin.path));
    return below ? nothingButBranches : undefined;
  };
}

const nothingButBranches: Readonly<Record<string, unknown>> = Object.freeze(Object.create(null));

/** `@index`, `@key`, `@first`, `@last` of the loop around, `@../index` of the one around that. */
function readLoopData(node: PathNode, scope: Scope): Evaluate {
  const first = scope.loops[scope.loops.length - 1 - node.depth];
  if (first === undefined || node.parts.length !== 1) return () => undefined;
  const index = first + loopSlots.index;
  const count = first + loopSlots.count;
  switch (node.parts[0]) {
    case 'index':
      return (run) => run.slots[index];
    case 'key':
      return (run) => run.slots[first + loopSlots.key];
    case 'first':
      return (run) => run.slots[index] === 0;
    case 'last':
      return (run) => run.slots[index] === (run.slots[count] as number) - 1;
    default:
      return () => undefined;
  }
}

/** A path by the name `key` below the one of `node`, for `lookup` with a key that stands in the template. */
export function pathBelow(node: PathNode, key: string): PathNode {
  return { ...node, parts: [...node.parts, key], original: `${node.original}.${key}` };
}
