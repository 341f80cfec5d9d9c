/** Looks for words in files, byte by byte and in the forms in which programs write text down. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface Scanned {
  readonly files: number;
  readonly bytes: number;
  /** `file: form`. */
  readonly hits: readonly string[];
}

/** As it is, as UTF-16, as hex in either case, and as base64 wherever it begins in a group of three bytes. */
function formsOf(word: string): ReadonlyMap<string, Buffer> {
  const plain = Buffer.from(word);
  const hex = plain.toString('hex');
  const base64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), plain])
      .toString('base64')
      .replaceAll('=', '');
    // Characters at either end depend on what stands beside.
    return encoded.slice(before === 0 ? 0 : before + 1, plain.length % 3 === 0 && before === 0 ? undefined : -2);
  });
  return new Map([
    ['text', plain],
    ['upper case', Buffer.from(word.toUpperCase())],
    ['UTF-16', Buffer.from(word, 'utf16le')],
    ['hex', Buffer.from(hex)],
    ['HEX', Buffer.from(hex.toUpperCase())],
    ...base64.map((text, index): [string, Buffer] => [`base64 ${index}`, Buffer.from(text)]),
  ]);
}

/** Every file below a folder; compressed ones also as what they hold. */
export function scanFolder(folder: string, words: readonly string[]): Scanned {
  const forms = words.flatMap((word) => [...formsOf(word)]);
  const hits: string[] = [];
  let [files, bytes] = [0, 0];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) continue;
    const raw = readFileSync(path);
    files += 1;
    bytes += raw.length;
    const isGzip = raw[0] === 0x1f && raw[1] === 0x8b;
    for (const content of isGzip ? [raw, gunzipSync(raw)] : [raw]) {
      for (const [form, bytesOf] of forms) if (content.includes(bytesOf)) hits.push(`${name}: ${form}`);
    }
  }
  return { files, bytes, hits };
}
