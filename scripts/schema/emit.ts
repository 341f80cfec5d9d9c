/** `schema.sql` for people and `tables.ts` for the query builder, both from the catalogue. */
import type { Catalogue, Column, Table } from './catalogue.ts';

export function emitSchema({ tables, functions }: Catalogue): string {
  const parts = [
    '-- GENERATED from the migrations by scripts/dump-schema.ts. Do not edit: `npm run generate`.',
    ...functions.map((definition) => `${definition};`),
    ...tables.map(emitTable),
  ];
  return `${parts.join('\n\n')}\n`;
}

function emitTable(table: Table): string {
  const indexes = table.indexes.map((index) => `${index};`);
  if (table.partitionOf !== null) {
    const [parent, ...bound] = table.partitionOf.split(' ');
    return [`create table ${table.name} partition of ${parent} ${bound.join(' ').toLowerCase()};`, ...indexes].join(
      '\n',
    );
  }
  const lines = [...table.columns.map(emitColumn), ...table.constraints].map((line) => `  ${line}`);
  const partitioned = table.partitionedBy === null ? '' : ` partition by ${table.partitionedBy}`;
  const options = table.options === null || table.options === '' ? '' : ` with (${table.options})`;
  return [`create table ${table.name} (\n${lines.join(',\n')}\n)${partitioned}${options};`, ...indexes].join('\n');
}

function emitColumn({ name, type, nullable, default: fallback }: Column): string {
  return [name, type, ...(nullable ? [] : ['not null']), ...(fallback === null ? [] : [fallback])].join(' ');
}

const typescriptTypes: Record<string, string> = {
  bigint: 'number',
  integer: 'number',
  smallint: 'number',
  'double precision': 'number',
  real: 'number',
  numeric: 'number',
  boolean: 'boolean',
  text: 'string',
  uuid: 'string',
  int8multirange: 'string',
  bytea: 'Buffer',
  'timestamp with time zone': 'Date',
  date: 'string',
  xid8: 'string',
};

export function emitTableTypes({ tables }: Catalogue): string {
  const whole = tables.filter(({ partitionOf }) => partitionOf === null);
  return [
    '// GENERATED from the migrations by scripts/dump-schema.ts. Do not edit: `npm run generate`.',
    "import type { ColumnType, Generated, GeneratedAlways } from 'kysely';",
    '',
    '/** A jsonb column: read as whatever it holds, written as JSON text. */',
    'type Json = ColumnType<unknown, string, string>;',
    'type NullableJson = ColumnType<unknown, string | null | undefined, string | null>;',
    '',
    ...whole.map(
      (table) => `export interface ${typeName(table.name)}Table {\n${table.columns.map(emitMember).join('\n')}\n}\n`,
    ),
    'export interface Tables {',
    ...whole.map(({ name }) => `  ${name}: ${typeName(name)}Table;`),
    '}',
    '',
  ].join('\n');
}

function emitMember({ name, type, nullable, default: fallback, generatedAlways }: Column): string {
  if (type === 'jsonb' || type === 'json') return `  ${name}: ${nullable ? 'NullableJson' : 'Json'};`;
  const element = type.replace(/\(.*\)/, '').replace('[]', '');
  const base = typescriptTypes[element];
  if (base === undefined) throw new Error(`scripts/schema/emit.ts has no TypeScript type for ${type} (${name}).`);
  const whole = `${base}${type.endsWith('[]') ? '[]' : ''}${nullable ? ' | null' : ''}`;
  if (generatedAlways) return `  ${name}: GeneratedAlways<${whole}>;`;
  return `  ${name}: ${fallback === null ? whole : `Generated<${whole}>`};`;
}

function typeName(table: string): string {
  return table.replace(/(?:^|_)([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}
