/**
 * CSV as rows (dossier/audience §9.4). Lines are parsed many at a time; where that does not come out even, one by one,
 * so that a quote that is never closed costs its own line and no other.
 */
import { parse } from 'csv-parse/sync';
import { badRequest } from '../../../kernel/errors.ts';
import { FileFault } from '../file-fault.ts';
import type { FileRow } from './row.ts';

const parts = {
  Demographic: [
    ...['AppVersion', 'Locale', 'Make', 'Model', 'ModelVersion', 'Platform', 'PlatformVersion', 'Timezone'],
  ],
  Location: ['City', 'Country', 'Latitude', 'Longitude', 'PostalCode', 'Region'],
} as const;
const simple = new Set([
  ...['Id', 'Address', 'ChannelType', 'OptOut', 'EffectiveDate', 'RequestId', 'EndpointStatus'],
  ...['ApplicationId', 'CreationDate', 'CohortId', 'User.UserId'],
  ...Object.entries(parts).flatMap(([part, names]) => names.map((name) => `${part}.${name}`)),
]);
const numbers = new Set(['Location.Latitude', 'Location.Longitude']);
const named = /^(Attributes|Metrics|User\.UserAttributes)\.(.+)$/s;
const longestName = 50;

interface Column {
  readonly header: string;
  /** `Attributes`, `Metrics` or `User.UserAttributes`; undefined for a member of its own. */
  readonly map: string | undefined;
  readonly name: string;
}

export interface CsvHeader {
  readonly columns: readonly Column[];
  /** A list of users and nothing else: several ids may stand in one line. */
  readonly usersOnly: boolean;
}

/** @throws FileFault naming the column that cannot be imported */
export function readHeader(line: string): CsvHeader {
  const [cells] = parseLine(line) ?? [];
  if (cells === undefined) throw new FileFault('The first line is not a CSV header');
  const columns = cells.map((cell) => readColumn(cell));
  const once = columns.filter(({ map }) => map !== 'Attributes' && map !== 'User.UserAttributes');
  const twice = once.find(({ header }, index) => once.findIndex((other) => other.header === header) !== index);
  if (twice !== undefined) throw new FileFault(`The column ${describeHeader(twice.header)} stands twice`);
  return { columns, usersOnly: columns.length === 1 && columns[0]?.header === 'User.UserId' };
}

function readColumn(header: string): Column {
  const [, map, name] = named.exec(header) ?? [];
  if (map !== undefined && name !== undefined) {
    if (name.length > longestName) throw new FileFault(`A column of ${map} has a name above ${longestName} characters`);
    return { header, map, name };
  }
  if (!simple.has(header)) throw new FileFault(`The column ${describeHeader(header)} is not one of an endpoint`);
  return { header, map: undefined, name: header };
}

/** A file without header begins with a person. */
function describeHeader(header: string): string {
  return /^[A-Za-z][A-Za-z._ -]{0,49}$/.test(header) ? header : 'that is no name of a member';
}

/** Cells of each line; undefined for one that is not CSV. */
export function parseLines(lines: readonly string[]): (readonly string[] | undefined)[] {
  const records = parseText(lines.join('\n'));
  if (records?.length === lines.length) return records;
  return lines.map((line) => parseLine(line)?.[0]);
}

function parseLine(line: string): string[][] | undefined {
  const records = parseText(line);
  return records?.length === 1 ? records : undefined;
}

function parseText(text: string): string[][] | undefined {
  try {
    return parse(text, { relax_column_count: true, record_delimiter: '\n' });
  } catch {
    return undefined;
  }
}

/** Ids of a line of a list of users. */
export function readUserIds(cells: readonly string[]): string[] {
  const [cell = ''] = cells;
  return cell.split(/\s+/).filter((id) => id !== '');
}

/** An empty cell says nothing. @throws ServiceError saying what is wrong with the line */
export function readCsvRow({ columns }: CsvHeader, cells: readonly string[]): FileRow {
  if (cells.length !== columns.length) {
    throw badRequest(`The line has ${cells.length} values and the header ${columns.length} columns`);
  }
  const members = new Map<string, unknown>();
  const maps = new Map<string, Map<string, unknown>>();
  for (const [index, cell] of cells.entries()) {
    const { header, map, name } = columns[index] as Column;
    if (cell === '') continue;
    if (map === undefined) members.set(name, numbers.has(name) ? readNumber(cell, header) : cell);
    else place(maps, map, name, map === 'Metrics' ? readNumber(cell, header) : cell);
  }
  return assemble(members, maps);
}

function place(maps: Map<string, Map<string, unknown>>, map: string, name: string, value: string | number): void {
  const values = maps.get(map) ?? new Map<string, unknown>();
  maps.set(map, values);
  values.set(name, map === 'Metrics' ? value : [...((values.get(name) as string[] | undefined) ?? []), value]);
}

function assemble(members: ReadonlyMap<string, unknown>, maps: ReadonlyMap<string, Map<string, unknown>>): FileRow {
  const row: Record<string, unknown> = {};
  const part = (name: string) => {
    const known = row[name] as Record<string, unknown> | undefined;
    if (known !== undefined) return known;
    const made: Record<string, unknown> = {};
    row[name] = made;
    return made;
  };
  for (const [name, value] of members) {
    const [first, second] = name.split('.') as [string, string | undefined];
    if (second === undefined) row[first] = value;
    else part(first)[second] = value;
  }
  for (const [name, values] of maps) {
    // Names are data: as own properties they may be anything.
    if (name === 'User.UserAttributes') part('User')['UserAttributes'] = Object.fromEntries(values);
    else row[name] = Object.fromEntries(values);
  }
  return row as FileRow;
}

function readNumber(cell: string, header: string): number {
  const value = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(cell) ? Number(cell) : Number.NaN;
  if (!Number.isFinite(value)) throw badRequest(`${header} is not a number`);
  return value;
}
