/** A file as batches of rows, each with the lines it stands for; lines that are dealt with already are stepped over. */
import { badRequest, ServiceError } from '../../../kernel/errors.ts';
import { checkUserId } from '../../audience/index.ts';
import { FileFault } from '../file-fault.ts';
import { type CsvHeader, parseLines, readCsvRow, readHeader, readUserIds } from './csv.ts';
import { readJsonRow } from './json-row.ts';
import { type Line, readLines } from './lines.ts';
import { type RowTask, readRow } from './row.ts';

export interface NumberedTask {
  readonly line: number;
  readonly task: RowTask | ServiceError;
}

/** Empty lines, and the header, belong to a batch without being rows of it. */
export interface RowBatch {
  readonly firstLine: number;
  readonly lastLine: number;
  readonly rows: readonly NumberedTask[];
}

export interface FileForm {
  readonly format: 'CSV' | 'JSON';
  readonly applicationId: string;
  /** First and last of each run of lines that are dealt with, in order. */
  readonly done: readonly (readonly [first: number, last: number])[];
}

const rowsABatch = 500;
/** A batch that is full takes in the rest of its last user, whom two batches would have to change one after the other. */
const mostRowsABatch = 2 * rowsABatch;

/** @throws FileFault for a file of which nothing can be imported */
export async function* readBatches(content: AsyncIterable<Buffer>, form: FileForm): AsyncGenerator<RowBatch> {
  const read = form.format === 'CSV' ? csvReader(form.applicationId) : jsonReader(form.applicationId);
  const gathering = new Gathering(form.done);
  for await (const lines of readLines(content)) {
    for (const [index, task] of read(lines).entries()) {
      const full = gathering.add((lines[index] as Line).number, task);
      if (full !== undefined) yield full;
    }
  }
  const last = gathering.take();
  if (last !== undefined) yield last;
}

/** Undefined for a line that is no row. */
type ReadTasks = (lines: readonly Line[]) => readonly (RowTask | ServiceError | undefined)[];

function jsonReader(applicationId: string): ReadTasks {
  return (lines) =>
    lines.map(({ text, fault }) => {
      if (text === undefined) return badRequest(fault ?? '');
      return text.trim() === '' ? undefined : attempt(() => readRow(readJsonRow(text), applicationId));
    });
}

function csvReader(applicationId: string): ReadTasks {
  let header: CsvHeader | undefined;
  return (lines) => {
    const filled = lines.filter(({ text }) => text !== undefined && text.trim() !== '');
    if (header === undefined) {
      if (lines.length > 0 && lines[0]?.text === undefined) throw new FileFault(lines[0]?.fault ?? '');
      const first = filled.shift();
      if (first === undefined) return lines.map(() => undefined);
      header = readHeader(first.text ?? '');
    }
    const known = header;
    const cells = parseLines(filled.map(({ text }) => text ?? ''));
    const tasks = new Map(filled.map(({ number }, index) => [number, readCells(known, cells[index], applicationId)]));
    return lines.map(({ number, text, fault }) => (text === undefined ? badRequest(fault ?? '') : tasks.get(number)));
  };
}

function readCells(header: CsvHeader, cells: readonly string[] | undefined, applicationId: string) {
  if (cells === undefined) return badRequest('The line is not CSV: a quote is not closed, or stands inside of a value');
  return attempt((): RowTask => {
    if (!header.usersOnly) return readRow(readCsvRow(header, cells), applicationId);
    if (cells.length !== 1) throw badRequest(`The line has ${cells.length} values and the header 1 column`);
    return { kind: 'users', userIds: readUserIds(cells).map(checkUserId) };
  });
}

function attempt(read: () => RowTask): RowTask | ServiceError {
  try {
    return read();
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
}

function userOf(task: RowTask | ServiceError | undefined): string | null | undefined {
  return task === undefined || task instanceof ServiceError || task.kind === 'users' ? undefined : task.change.userId;
}

/** Collects rows until a batch is full, or until lines come that are dealt with. */
class Gathering {
  readonly #done: FileForm['done'];
  #passed = 0;
  #first = 1;
  #last = 0;
  #rows: NumberedTask[] = [];

  constructor(done: FileForm['done']) {
    this.#done = done;
  }

  add(line: number, task: RowTask | ServiceError | undefined): RowBatch | undefined {
    while ((this.#done[this.#passed]?.[1] ?? Number.POSITIVE_INFINITY) < line) this.#passed += 1;
    if (line >= (this.#done[this.#passed]?.[0] ?? Number.POSITIVE_INFINITY)) {
      const before = this.take();
      this.#first = line + 1;
      this.#last = line;
      return before;
    }
    const full = this.#rows.length >= rowsABatch && !this.#continuesUser(task) ? this.take() : undefined;
    this.#last = line;
    if (task !== undefined) this.#rows.push({ line, task });
    return full;
  }

  #continuesUser(task: RowTask | ServiceError | undefined): boolean {
    const userId = userOf(task);
    return userId !== undefined && userId === userOf(this.#rows.at(-1)?.task) && this.#rows.length < mostRowsABatch;
  }

  take(): RowBatch | undefined {
    if (this.#last < this.#first) return undefined;
    const batch = { firstLine: this.#first, lastLine: this.#last, rows: this.#rows };
    this.#first = this.#last + 1;
    this.#rows = [];
    return batch;
  }
}
