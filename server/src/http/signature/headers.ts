/** The headers of a request: as SigV4 reads them, and a single one as it came. */

/** Lower-case name → value. */
export type SignableHeaders = ReadonlyMap<string, string>;

/**
 * Values are trimmed, inner runs of spaces and tabs become one space, repeated headers are joined with `,` in the order
 * they came. Only ASCII space counts: a byte of a UTF-8 character may look like a no-break space.
 *
 * @param rawHeaders name, value, name, value … as Node received them
 */
export function readHeaders(rawHeaders: readonly string[]): SignableHeaders {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase();
    const value = collapseSpaces(rawHeaders[index + 1] as string);
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return headers;
}

function collapseSpaces(value: string): string {
  if (!/^[ \t]|[ \t]$|[ \t]{2}|\t/.test(value)) return value;
  return value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '');
}

/** The first header of a name (in lower case), as it came; undefined when it is missing or empty. */
export function findHeader(rawHeaders: readonly string[], name: string): string | undefined {
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const given = rawHeaders[index] as string;
    if (given.length === name.length && given.toLowerCase() === name) return rawHeaders[index + 1] || undefined;
  }
  return undefined;
}
