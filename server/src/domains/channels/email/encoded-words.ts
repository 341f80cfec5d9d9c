/** Text in headers: as it is where ASCII allows, else encoded words (RFC 2047); lines folded (RFC 5322 §2.2.3). */

/** RFC 2047 §2: of a line with encoded words, and of one encoded word. */
const lineLength = 76;
const wordLength = 75;
/** RFC 5322 §2.1.1, without CRLF. */
export const maximumLineLength = 998;
const opening = '=?UTF-8?';
const frame = `${opening}Q??=`.length;

/** `Name: value`, folded. */
export function formatHeader(name: string, value: string): string {
  if (value === '') return `${name}:`;
  return plainHeader(name, value) ?? encodedHeader(name, value);
}

function plainHeader(name: string, value: string): string | undefined {
  if (!/^[!-~](?:[ -~]*[!-~])?$/.test(value) || value.includes('=?')) return undefined;
  return fold(`${name}: ${value}`, name.length + 2);
}

function encodedHeader(name: string, value: string): string {
  // A long name leaves no room beside it.
  const fits = name.length + 2 + frame + 20 <= lineLength;
  const words = encodeWords(value, fits ? name.length + 2 : 1);
  return fits ? `${name}: ${words}` : `${name}:\r\n ${words}`;
}

/**
 * Breaks before single spaces, so that unfolding gives the same text.
 * @param from where the first break may be
 * @returns undefined when a piece stays longer than a line may be
 */
function fold(line: string, from: number): string | undefined {
  if (line.length <= lineLength) return line;
  const lines: string[] = [];
  let begin = 0;
  let lastBreak = 0;
  const breaks = /(?<=[!-~]) (?=[!-~])/g;
  breaks.lastIndex = from;
  for (let found = breaks.exec(line); found !== null; found = breaks.exec(line)) {
    if (found.index - begin > lineLength && lastBreak > begin) {
      lines.push(line.slice(begin, lastBreak));
      begin = lastBreak;
    }
    lastBreak = found.index;
  }
  if (line.length - begin > lineLength && lastBreak > begin) {
    lines.push(line.slice(begin, lastBreak));
    begin = lastBreak;
  }
  lines.push(line.slice(begin));
  return lines.some(({ length }) => length > maximumLineLength) ? undefined : lines.join('\r\n');
}

/** A display name: atoms, a quoted string, or encoded words. */
export function encodePhrase(name: string): string {
  const isPlain = /^[ -~]{1,60}$/.test(name) && !name.includes('=?') && name === name.trim() && !name.includes('  ');
  if (!isPlain) return encodeWords(name, 'Reply-To: '.length);
  if (/^[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+$/.test(name)) return name;
  return `"${name.replace(/["\\]/g, '\\$&')}"`;
}

/** @param column where the first word stands in its line */
function encodeWords(text: string, column: number): string {
  const wellFormed = text.toWellFormed();
  const bytes = Buffer.from(wellFormed, 'utf8');
  let quotedLength = 0;
  for (const byte of bytes) quotedLength += quotedBytes[byte]?.length ?? 0;
  const isQuoted = quotedLength <= Math.ceil(bytes.length / 3) * 4;
  const words: string[] = [];
  let begin = 0;
  let length = 0;
  for (let index = 0; index < bytes.length; ) {
    const size = characterSize(bytes[index] as number);
    const room = Math.min(wordLength, lineLength - (words.length === 0 ? column : 1)) - frame;
    const next = isQuoted ? length + quote(bytes, index, index + size).length : index + size - begin;
    // No character is cut in two: each word is decoded on its own (RFC 2047 §5).
    if (index > begin && (isQuoted ? next : Math.ceil(next / 3) * 4) > room) {
      words.push(toWord(bytes, begin, index, isQuoted));
      begin = index;
      length = 0;
    }
    if (isQuoted) length += quote(bytes, index, index + size).length;
    index += size;
  }
  words.push(toWord(bytes, begin, bytes.length, isQuoted));
  return words.join('\r\n ');
}

function toWord(bytes: Buffer, begin: number, end: number, isQuoted: boolean): string {
  return isQuoted
    ? `${opening}Q?${quote(bytes, begin, end)}?=`
    : `${opening}B?${bytes.toString('base64', begin, end)}?=`;
}

function quote(bytes: Buffer, begin: number, end: number): string {
  let quoted = '';
  for (let index = begin; index < end; index += 1) quoted += quotedBytes[bytes[index] as number];
  return quoted;
}

/** By its first byte, in UTF-8. */
function characterSize(byte: number): number {
  if (byte < 0xc0) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}

/** Literal is what is allowed in phrases as well (RFC 2047 §5 (3)). */
const quotedBytes = Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x20) return '_';
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9!*+/-]/.test(character) ? character : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});
