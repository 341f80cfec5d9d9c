/**
 * A file in parts of whole lines, as UploadFile takes them: each part of a CSV file begins with the header. Read as a
 * stream: no file is ever held whole.
 */
import { joinLine } from './columns.ts';

/** Characters; the server takes 6 MB of UTF-8, and JSON around it costs a little more. */
const partCharacters = 1_500_000;

export interface CsvPlan {
  /** Names in the place of the file's own header. */
  readonly header: readonly string[];
  /** Of all rows, in a column of its own. */
  readonly channelType: string | undefined;
}

export interface FilePart {
  /** In the file as it is, from 1. */
  readonly firstLine: number;
  readonly content: string;
  /** How much of the file was read for this part and those before it. */
  readonly bytesRead: number;
}

/** @param plan undefined for JSON, an object a line */
export async function* readParts(
  file: Blob,
  plan: CsvPlan | undefined,
  { gzipped = false, most = partCharacters }: { readonly gzipped?: boolean; readonly most?: number } = {},
): AsyncGenerator<FilePart> {
  const counted = countBytes(file.stream());
  const plain = gzipped ? counted.stream.pipeThrough(new DecompressionStream('gzip')) : counted.stream;
  const beginning = plan === undefined ? '' : `${headerOf(plan)}\n`;
  const ending = plan?.channelType === undefined ? '' : `,${plan.channelType}`;
  let [firstLine, lineNumber, content] = [0, 0, ''];
  for await (const line of linesOf(plain)) {
    lineNumber += 1;
    if ((plan !== undefined && lineNumber === 1) || line.trim() === '') continue;
    if (content === '') firstLine = lineNumber;
    content += `${line}${ending}\n`;
    if (content.length < most) continue;
    yield { firstLine, content: beginning + content, bytesRead: counted.bytes() };
    content = '';
  }
  if (content !== '') yield { firstLine, content: beginning + content, bytesRead: counted.bytes() };
}

function headerOf({ header, channelType }: CsvPlan): string {
  return joinLine(channelType === undefined ? header : [...header, 'ChannelType']);
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (rest + (value ?? '')).split('\n');
    rest = done ? '' : (lines.pop() ?? '');
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
    if (done) return;
  }
}

function countBytes(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  let bytes = 0;
  const counting = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      controller.enqueue(chunk);
    },
  });
  return { stream: stream.pipeThrough(counting), bytes: () => bytes };
}
