/** TypeScript types for every shape of a model. */
import { type ApiModel, reachable, type Shape, shapeOf } from './model.ts';

/** A file with one type for each shape that has a name worth keeping: structures and enumerations. */
export function emitTypes(model: ApiModel, header: string): string {
  const roots = model.operations.flatMap(({ payload, output }) => [payload?.shape, output].filter((name) => name !== undefined));
  const declarations = reachable(model, roots).flatMap((name) => declaration(model, name) ?? []);
  return `${header}\n${declarations.join('\n')}`;
}

function declaration(model: ApiModel, name: string): string | undefined {
  const shape = shapeOf(model, name);
  if (shape.type === 'structure') {
    const members = shape.members.map(({ name: member, shape: type, required }) => {
      return `  readonly ${member}${required ? '' : '?'}: ${typeOf(model, type)}${required ? '' : ' | undefined'};\n`;
    });
    return `export interface ${name} {\n${members.join('')}}\n`;
  }
  if (shape.type === 'string' && shape.values !== undefined) {
    return `export type ${name} = ${shape.values.map((value) => `'${value}'`).join(' | ')};\n`;
  }
  return undefined;
}

/** How a member of this shape is written in TypeScript. */
export function typeOf(model: ApiModel, name: string, prefix = ''): string {
  const shape = shapeOf(model, name);
  if (isNamed(shape)) return `${prefix}${name}`;
  switch (shape.type) {
    case 'list':
      return `readonly ${wrap(typeOf(model, shape.member, prefix))}[]`;
    case 'map':
      return `Readonly<Record<string, ${typeOf(model, shape.value, prefix)}>>`;
    case 'integer':
    case 'number':
      return 'number';
    case 'anything':
      return 'object';
    default:
      return shape.type;
  }
}

function isNamed(shape: Shape): boolean {
  return shape.type === 'structure' || (shape.type === 'string' && shape.values !== undefined);
}

function wrap(type: string): string {
  return type.includes(' ') ? `(${type})` : type;
}
