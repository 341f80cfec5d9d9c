/** The header of a mail that somebody else wrote: its fields byte for byte, and where the body begins. */

export interface HeaderField {
  /** Lower case. */
  readonly name: string;
  /** The whole field with its folded lines and line ends. */
  readonly bytes: Buffer;
}

export interface HeaderBlock {
  readonly fields: readonly HeaderField[];
  /** After the empty line. */
  readonly body: Buffer;
}

const [lineFeed, carriageReturn, space, tab] = [0x0a, 0x0d, 0x20, 0x09] as const;

/** Lines may end with CRLF or LF. @returns undefined when it does not begin with header fields */
export function readHeaderBlock(mime: Buffer): HeaderBlock | undefined {
  const fields: HeaderField[] = [];
  let position = 0;
  while (position < mime.length && !isEmptyLine(mime, position)) {
    let end = endOfLine(mime, position);
    while (mime[end] === space || mime[end] === tab) end = endOfLine(mime, end);
    const bytes = mime.subarray(position, end);
    const name = /^([!-9;-~]+)[ \t]*:/.exec(bytes.toString('latin1', 0, 1000))?.[1];
    if (name === undefined) return undefined;
    fields.push({ name: name.toLowerCase(), bytes });
    position = end;
  }
  if (fields.length === 0) return undefined;
  return { fields, body: mime.subarray(position < mime.length ? endOfLine(mime, position) : position) };
}

/** What stands after the colon, unfolded, without white space at its ends. */
export function fieldValue({ bytes }: HeaderField): string {
  const text = bytes.toString('utf8');
  return text
    .slice(text.indexOf(':') + 1)
    .replace(/\r?\n(?=[ \t])/g, '')
    .trim();
}

function endOfLine(bytes: Buffer, position: number): number {
  const found = bytes.indexOf(lineFeed, position);
  return found === -1 ? bytes.length : found + 1;
}

function isEmptyLine(bytes: Buffer, position: number): boolean {
  return bytes[position] === lineFeed || (bytes[position] === carriageReturn && bytes[position + 1] === lineFeed);
}
