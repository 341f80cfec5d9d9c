/** A table as a file for spreadsheets (RFC 4180). Pure. */

export type Cell = string | number | undefined;

export interface CsvColumn<Row> {
  readonly header: string;
  readonly value: (row: Row) => Cell;
}

/** Numbers as they are, so that a spreadsheet can reckon with them; a text never becomes a formula there. */
export function csvOf<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  const head = columns.map(({ header }) => field(header));
  const body = rows.map((row) => columns.map(({ value }) => field(value(row))));
  return [head, ...body].map((fields) => `${fields.join(',')}\r\n`).join('');
}

/** What spreadsheets take for the begin of a formula; some trim what stands before it. */
const formula = /^\s*[=+\-@]|^[\t\r\n]/;

function field(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  const text = formula.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
