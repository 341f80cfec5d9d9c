/** Tables of reports as CSV (RFC 4180), with what a spreadsheet would run as a formula made a text. Pure. */
import { badRequest } from '../../kernel/errors.ts';
import { TextDocument } from '../../operations/text-document.ts';

export interface TableChoice {
  /** `json` or `csv`. */
  readonly Format?: string;
  /** Name of a list in the report. */
  readonly Table?: string;
}

/**
 * The report itself, or the asked list of it as CSV.
 * @param columns of each list, in their order; the first list is the one that is meant when none is named
 * @throws BadRequestException for a format or a list that there is not
 */
export function inFormat<Report extends object>(
  report: Report,
  { Format = 'json', Table }: TableChoice,
  columns: Readonly<Partial<Record<keyof Report & string, readonly string[]>>>,
): Report | TextDocument {
  if (Format === 'json') return report;
  if (Format !== 'csv') throw badRequest('format must be json or csv');
  const name = Table ?? Object.keys(columns)[0];
  if (name === undefined || !Object.hasOwn(columns, name)) {
    throw badRequest(`table must be one of ${Object.keys(columns).join(', ')}`);
  }
  const names = columns[name as keyof Report & string] as readonly string[];
  const rows = ((report as Readonly<Record<string, unknown>>)[name] ?? []) as readonly Readonly<
    Record<string, unknown>
  >[];
  return new TextDocument('text/csv; charset=utf-8', toCsv(names, rows));
}

export function toCsv(columns: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]): string {
  const lines = [columns.map(cell), ...rows.map((row) => columns.map((column) => cell(row[column])))];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

/** Numbers stay numbers, the negative ones as well. */
function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = String(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
