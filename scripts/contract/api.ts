/** What both APIs are read into before anything is written: shapes, and operations that refer to them. */
import type { OperationDefinition } from '../../server/src/operations/definition.ts';

/** A type of the wire. Named shapes stand in `Api.shapes` and are pointed at by `reference`. */
export type Shape =
  | { readonly kind: 'structure'; readonly members: readonly Member[] }
  | { readonly kind: 'list'; readonly element: Shape; readonly maximum?: number }
  | { readonly kind: 'map'; readonly keys?: Shape; readonly value: Shape }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'string'; readonly minimum?: number; readonly maximum?: number; readonly pattern?: string }
  | { readonly kind: 'integer'; readonly minimum: number; readonly maximum: number }
  /** Left to the handler, which reads it by the validator of the shape that it names. */
  | { readonly kind: 'item'; readonly name: string }
  /** A list of strings, for which a lone string or number will do. */
  | { readonly kind: 'list or lone value' }
  /** `timestamp` is ISO 8601 text, `blob` base64 text, `document` any JSON object. */
  | { readonly kind: 'double' | 'boolean' | 'timestamp' | 'blob' | 'document' }
  /** Of the same API unless it says which. */
  | { readonly kind: 'reference'; readonly name: string; readonly api?: 'pinpoint' };

export interface Member {
  /** As on the wire. */
  readonly name: string;
  readonly shape: Shape;
  readonly required: boolean;
}

export interface Operation {
  readonly definition: Omit<OperationDefinition, 'name'> & { readonly name: string };
  /** Labels, query parameters and payload of a request, by member name. */
  readonly input: readonly Member[];
  /** Name of the shape that is the body of a successful answer. */
  readonly output: string | undefined;
}

export interface Api {
  readonly name: OperationDefinition['service'];
  readonly shapes: ReadonlyMap<string, Shape>;
  readonly operations: readonly Operation[];
}

/** Widths of the model's integers. PostgreSQL's `integer` is as wide as `__integer`. */
export const integer32 = { kind: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 } as const;
export const integer53 = {
  kind: 'integer',
  minimum: Number.MIN_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
} as const;

/** The labels in a path or resource template: `apps/{application-id}` has `application-id`. */
export function labelsOf(template: string): string[] {
  return [...template.matchAll(/\{([^}]+)\}/g)].map(([, label]) => label as string);
}

export function compareNames(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}
