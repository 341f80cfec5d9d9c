/**
 * SigV4's own URI encoding: everything but `A-Z a-z 0-9 - . _ ~` becomes `%XX` in capitals. Works on raw bytes: Node
 * hands out the request line as one character a byte.
 */

const percentEncoded = Array.from({ length: 256 }, (_, byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`);

function encodeCharacter(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 256) return percentEncoded[code] as string;
  // Never from Node's parser; a caller that passes decoded text gets the UTF-8 bytes of it.
  return Array.from(Buffer.from(character), (byte) => percentEncoded[byte]).join('');
}

/**
 * Dot segments resolved and doubled slashes collapsed, as AWS's signers do before they sign. Always begins with `/`;
 * a final `/` stays. Nothing is decoded: `%2E%2E` is a name like any other.
 */
export function normalisePath(rawPath: string): string {
  if (!/\/(?:\/|\.{1,2}(?:\/|$))/.test(rawPath)) return rawPath === '' ? '/' : rawPath;
  const segments: string[] = [];
  for (const segment of rawPath.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}${segments.length > 0 && rawPath.endsWith('/') ? '/' : ''}`;
}

/** The path as it is signed: normalised, and encoded once more than it was sent, as every service but S3 wants it. */
export function canonicalPath(rawPath: string): string {
  const path = normalisePath(rawPath);
  return /^[\w\-.~/]*$/.test(path) ? path : path.replace(/[^\w\-.~/]/gu, encodeCharacter);
}

/** One raw name or value of a query in the one spelling that is signed. `+` is a plus; a stray `%` is a percent sign. */
export function canonicalComponent(raw: string): string {
  if (/^[\w\-.~]*$/.test(raw)) return raw;
  return raw.replace(/%[0-9A-Fa-f]{2}|[^\w\-.~]/gu, (match) =>
    match.length === 3 && match.startsWith('%') ? respell(match) : encodeCharacter(match),
  );
}

function respell(escaped: string): string {
  const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
  return /[\w\-.~]/.test(character) ? character : escaped.toUpperCase();
}
