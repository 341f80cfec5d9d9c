/** `contract/operations.ts`: the table of operations, and the types of their inputs and outputs. */
import { type ApiModel, type Operation, shapeOf } from './model.ts';
import { typeOf } from './emit-types.ts';

export function emitOperations(models: { pinpoint: ApiModel; repoint: ApiModel }, header: string): string {
  const all = [...models.pinpoint.operations, ...models.repoint.operations];
  const modelOf = (operation: Operation) => models[operation.service];
  const projectOperations = all.filter(({ projectLabel }) => projectLabel !== undefined);
  return [
    header,
    "import type { OperationDefinition } from '../operations/definition.ts';",
    "import type * as pinpoint from './pinpoint-types.ts';",
    "import type * as repoint from './repoint-types.ts';",
    '',
    'export interface OperationInputs {',
    ...all.map((operation) => `  readonly ${operation.name}: ${inputType(modelOf(operation), operation)};`),
    '}',
    '',
    'export interface OperationOutputs {',
    ...all.map((operation) => `  readonly ${operation.name}: ${outputType(modelOf(operation), operation)};`),
    '}',
    '',
    'export type OperationName = keyof OperationInputs;',
    '',
    '/** Operations with a project in their path. */',
    'export type ProjectOperationName =',
    ...projectOperations.map(({ name }) => `  | '${name}'`),
    ';',
    '',
    'export const operations: { readonly [Name in OperationName]: OperationDefinition } = {',
    ...all.map((operation) => `  ${operation.name}: ${JSON.stringify(definition(operation))},`),
    '};',
    '',
  ].join('\n');
}

function inputType(model: ApiModel, operation: Operation): string {
  const prefix = `${operation.service}.`;
  const members = [
    ...operation.labels.map(({ member }) => `readonly ${member}: string`),
    ...operation.query.map(({ member, type }) => {
      const optional = operation.requiredQuery.includes(member) ? '' : '?';
      return `readonly ${member}${optional}: ${type === 'list' ? 'readonly string[]' : 'string'}`;
    }),
    ...(operation.payload === undefined
      ? []
      : [
          `readonly ${operation.payload.member}${operation.payload.required ? '' : '?'}: ${typeOf(model, operation.payload.shape, prefix)}`,
        ]),
  ];
  return members.length === 0 ? 'object' : `{ ${members.join('; ')} }`;
}

function outputType(model: ApiModel, operation: Operation): string {
  if (operation.output === undefined) return 'void';
  shapeOf(model, operation.output);
  return typeOf(model, operation.output, `${operation.service}.`);
}

/** What `OperationDefinition` holds; shapes and required query members live in types and validators. */
function definition(operation: Operation): object {
  const { payload, output: _output, requiredQuery: _required, ...rest } = operation;
  return payload === undefined ? rest : { ...rest, payload: { member: payload.member, required: payload.required } };
}
