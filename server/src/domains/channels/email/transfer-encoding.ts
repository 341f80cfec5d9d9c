/**
 * Bodies on their way through mail servers (RFC 2045 §6): as they are where lines and bytes allow, else quoted-printable
 * or base64, whichever is shorter.
 */
import { maximumLineLength } from './encoded-words.ts';

const [lineFeed, carriageReturn, tab, space, equals, tilde] = [0x0a, 0x0d, 0x09, 0x20, 0x3d, 0x7e] as const;

export type TransferEncoding = '7bit' | '8bit' | 'quoted-printable' | 'base64';

export interface EncodedBody {
  readonly encoding: TransferEncoding;
  readonly bytes: Buffer;
}

/**
 * Line ends become CRLF, whatever they were.
 * @param eightBit the next server takes 8-bit bodies (8BITMIME)
 */
export function encodeBody(text: string, eightBit: boolean): EncodedBody {
  const lines = withCrlf(text);
  const bytes = Buffer.from(lines, 'utf8');
  const isAscii = bytes.length === lines.length;
  if ((isAscii || eightBit) && hasShortLines(bytes) && !bytes.includes(0)) {
    return { encoding: isAscii ? '7bit' : '8bit', bytes };
  }
  // Quoted-printable has three bytes for one of them, base64 78 for 57 of all.
  if (countHigh(bytes) * 2 <= bytes.length * 0.37) {
    return { encoding: 'quoted-printable', bytes: quotedPrintable(bytes) };
  }
  return { encoding: 'base64', bytes: wrappedBase64(bytes) };
}

function withCrlf(text: string): string {
  if (!text.includes('\r')) return text.includes('\n') ? text.replaceAll('\n', '\r\n') : text;
  return text.replace(/\r\n|\r|\n/g, '\r\n');
}

function countHigh(bytes: Buffer): number {
  let high = 0;
  for (let index = 0; index < bytes.length; index += 1) high += (bytes[index] as number) >> 7;
  return high;
}

/** Looks back from where a line would be too long, so that it meets few of them. */
function hasShortLines(bytes: Buffer): boolean {
  let begin = 0;
  while (bytes.length - begin > maximumLineLength) {
    const last = bytes.lastIndexOf(lineFeed, begin + maximumLineLength + 1);
    if (last < begin) return false;
    begin = last + 1;
  }
  return true;
}

const hexDigits = Buffer.from('0123456789ABCDEF');
const encodedLine = 76;

/** What each byte is in quoted-printable (RFC 2045 §6.7). */
const [escaped, literal, blank, lineEnd] = [0, 1, 2, 3] as const;
const byteKinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === carriageReturn) return lineEnd;
  if (byte === space || byte === tab) return blank;
  return byte > space && byte <= tilde && byte !== equals ? literal : escaped;
});

/** Its input has CRLF line ends only. */
function quotedPrintable(bytes: Buffer): Buffer {
  const kinds = byteKinds;
  // One column is left for the `=` of a soft break.
  const columns = encodedLine - 1;
  const output = Buffer.allocUnsafe(bytes.length * 3 + Math.ceil(bytes.length / 24) * 3 + 3);
  let length = 0;
  let column = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] as number;
    const kind = kinds[byte] as number;
    if (kind === lineEnd) {
      output[length++] = carriageReturn;
      output[length++] = lineFeed;
      index += 1;
      column = 0;
      continue;
    }
    // Blanks at the end of a line get lost on the way.
    const isPlain =
      kind === literal || (kind === blank && index + 1 < bytes.length && bytes[index + 1] !== carriageReturn);
    const width = isPlain ? 1 : 3;
    if (column + width > columns) {
      output[length++] = equals;
      output[length++] = carriageReturn;
      output[length++] = lineFeed;
      column = 0;
    }
    column += width;
    if (isPlain) {
      output[length++] = byte;
    } else {
      output[length++] = equals;
      output[length++] = hexDigits[byte >> 4] as number;
      output[length++] = hexDigits[byte & 15] as number;
    }
  }
  return output.subarray(0, length);
}

function wrappedBase64(bytes: Buffer): Buffer {
  const text = bytes.toString('base64');
  const lines = Math.ceil(text.length / encodedLine);
  const output = Buffer.allocUnsafe(text.length + Math.max(lines - 1, 0) * 2);
  let length = 0;
  for (let begin = 0; begin < text.length; begin += encodedLine) {
    if (begin > 0) {
      output[length++] = carriageReturn;
      output[length++] = lineFeed;
    }
    length += output.write(text.slice(begin, begin + encodedLine), length, 'latin1');
  }
  return output.subarray(0, length);
}
