/** What is known while a template is read: which names mean what at a place, and what the template needs as a whole. */
import type { Escaping } from './escape.ts';
import { TemplateFault } from './faults.ts';
import type { Run } from './run.ts';
import type { VariablePath } from './variable-path.ts';

export type Node = hbs.AST.Node;
export type Evaluate = (run: Run) => unknown;
export type Write = (run: Run) => void;

/** Where a value may come from: a variable of the message, or something inside what a loop or `with` holds. */
export type Origin = { readonly path: VariablePath } | { readonly slot: number; readonly parts: readonly string[] };

/** What a block changes the context to. */
export interface Level {
  /** Tried in this order; `undefined` for the message itself, where every variable begins. */
  readonly origins: readonly Origin[] | undefined;
  /** Holds `this`. */
  readonly slot: number | undefined;
}

export interface Scope {
  /** Innermost last, the message itself first. A name is looked for from the innermost outwards. */
  readonly levels: readonly Level[];
  /** `as |name|` */
  readonly parameters: ReadonlyMap<string, readonly Origin[]>;
  /** First slots of the loops around, innermost last. */
  readonly loops: readonly number[];
}

export const rootScope: Scope = { levels: [{ origins: undefined, slot: undefined }], parameters: new Map(), loops: [] };

export interface Partial {
  readonly write: Write;
  /** Blocks inside one another, partials of partials included. */
  readonly height: number;
  /** The context it is called with, and after it the values it is called with. */
  readonly slot: number;
}

/** A template while it is read. */
export interface Reading {
  readonly escaping: Escaping;
  readonly variables: Set<string>;
  /** Each name taken apart once, however often it is used. */
  readonly paths: Map<string, VariablePath>;
  readonly partials: Map<string, Partial>;
  varies: boolean;
  slots: number;
  nodes: number;
  /** Of the place being read, and the greatest so far. */
  depth: number;
  height: number;
  /** Blocks read programs and programs read blocks: the way back. */
  readonly readProgram: (program: hbs.AST.Program, scope: Scope) => Write;
}

/** Slots of a loop, counted from its first. */
export const loopSlots = { value: 0, index: 1, key: 2, count: 3, size: 4 } as const;

/** Every name may have to be looked for on each level, so there are not many. */
const mostLevels = 32;

export function withLevel(scope: Scope, level: Level, node: Node): Scope {
  if (scope.levels.length > mostLevels) throw fault(`more than ${mostLevels} contexts inside one another`, node);
  return { ...scope, levels: [...scope.levels, level] };
}

export function withParameters(
  scope: Scope,
  names: readonly string[] | undefined,
  origins: readonly (readonly Origin[])[],
): Scope {
  if (names === undefined || names.length === 0) return scope;
  const parameters = new Map(scope.parameters);
  names.slice(0, origins.length).forEach((name, index) => {
    parameters.set(name, origins[index] as readonly Origin[]);
  });
  return { ...scope, parameters };
}

export function takeSlots(reading: Reading, count: number): number {
  const first = reading.slots;
  reading.slots += count;
  return first;
}

export function fault(reason: string, node: Node): TemplateFault {
  return new TemplateFault(reason, node.loc.start);
}
