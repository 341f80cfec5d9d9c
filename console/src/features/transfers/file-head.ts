/** The beginning of a file: enough to say whether it can be imported, before any of it is sent. */
import { type Column, readColumns } from './columns.ts';

export interface FileHead {
  readonly format: 'CSV' | 'JSON';
  /** Of a CSV file. */
  readonly columns: readonly Column[];
  /** Members of the first object, of a JSON file. */
  readonly members: readonly string[];
  readonly faults: readonly string[];
  /** Name of the file without its ending. */
  readonly stem: string;
}

const headBytes = 64 * 1024;

/** @throws Error with a sentence for whoever chose the file */
export async function readHead(file: File): Promise<FileHead> {
  const format = /\.csv(\.gz)?$/i.test(file.name) ? 'CSV' : 'JSON';
  const stem = file.name
    .replace(/\.gz$/i, '')
    .replace(/\.(csv|json|jsonl|ndjson)$/i, '')
    .slice(0, 100);
  const text = await readText(file);
  if (text.trim() === '') throw new Error('The file is empty.');
  if (format === 'CSV') return { format, stem, columns: readColumns(text), members: [], faults: [] };
  return { format, stem, columns: [], ...checkObject(text.split('\n').find((line) => line.trim() !== '') ?? '') };
}

async function readText(file: File): Promise<string> {
  if (!/\.gz$/i.test(file.name)) return await file.slice(0, headBytes).text();
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const { value } = await reader.read().catch(() => {
    throw new Error('The file ends with .gz and is not packed with gzip.');
  });
  await reader.cancel();
  return new TextDecoder().decode(value?.subarray(0, headBytes));
}

const endpointMembers = new Set([
  ...['Id', 'Address', 'ChannelType', 'OptOut', 'EffectiveDate', 'RequestId', 'EndpointStatus', 'User', 'Attributes'],
  ...['Metrics', 'Demographic', 'Location', 'ApplicationId', 'CreationDate', 'CohortId'],
]);

function checkObject(line: string): Pick<FileHead, 'members' | 'faults'> {
  const members = membersOf(line);
  if (members === undefined) return { members: [], faults: ['The first line is no JSON object: one endpoint a line.'] };
  const strangers = members.filter((name) => !endpointMembers.has(name));
  return { members, faults: strangers.map((name) => `“${name}” is nothing that an endpoint has.`) };
}

function membersOf(line: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : undefined;
  } catch {
    return undefined;
  }
}
