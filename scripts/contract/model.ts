/** The form that both API models are brought into before anything is generated from them. */

export type Shape =
  | { readonly type: 'structure'; readonly members: readonly Member[] }
  | { readonly type: 'list'; readonly member: string }
  | { readonly type: 'map'; readonly value: string }
  | { readonly type: 'string'; readonly values?: readonly string[] }
  | { readonly type: 'integer' | 'number' | 'boolean' | 'anything' };

export interface Member {
  readonly name: string;
  readonly shape: string;
  readonly required: boolean;
}

export interface Operation {
  readonly name: string;
  readonly service: 'pinpoint' | 'repoint';
  readonly method: string;
  readonly path: string;
  readonly successStatus: number;
  readonly action: string;
  readonly resource: string;
  readonly labels: readonly { readonly label: string; readonly member: string }[];
  readonly query: readonly { readonly parameter: string; readonly member: string; readonly type: 'string' | 'list' }[];
  readonly payload?: { readonly member: string; readonly required: boolean; readonly shape: string };
  readonly projectLabel?: string;
  readonly audit: 'read' | 'change' | 'data';
  readonly anonymous?: true;
  readonly quotaPerSecond: number;
  /** Shape of the answer's body. */
  readonly output?: string;
  /** Query members that must be there. */
  readonly requiredQuery: readonly string[];
}

export interface ApiModel {
  readonly shapes: ReadonlyMap<string, Shape>;
  readonly operations: readonly Operation[];
}

/** Names of all shapes reachable from the given ones, in alphabetical order. */
export function reachable(model: ApiModel, from: Iterable<string>): string[] {
  const seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    const shape = shapeOf(model, name);
    if (shape.type === 'structure') for (const member of shape.members) visit(member.shape);
    if (shape.type === 'list') visit(shape.member);
    if (shape.type === 'map') visit(shape.value);
  };
  for (const name of from) visit(name);
  return [...seen].sort();
}

export function shapeOf(model: ApiModel, name: string): Shape {
  const shape = model.shapes.get(name);
  if (shape === undefined) throw new Error(`The model names a shape that it does not have: ${name}`);
  return shape;
}
