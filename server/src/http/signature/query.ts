/** The query of a request as SigV4 reads it: every parameter counts, also repeated and empty ones. */
import { canonicalComponent } from './encoding.ts';

/** Name and value, both in canonical spelling (percent-encoded). */
export type QueryParameter = readonly [name: string, value: string];

export function parseQuery(rawQuery: string): QueryParameter[] {
  if (rawQuery === '') return [];
  const parameters: QueryParameter[] = [];
  for (const pair of rawQuery.split('&')) {
    if (pair === '') continue;
    const end = pair.indexOf('=');
    const name = end < 0 ? pair : pair.slice(0, end);
    parameters.push([canonicalComponent(name), end < 0 ? '' : canonicalComponent(pair.slice(end + 1))]);
  }
  return parameters;
}

/** Sorted by name, then by value, the signature itself left out. Spelling is ASCII, so plain comparison is byte order. */
export function canonicalQuery(parameters: readonly QueryParameter[]): string {
  return parameters
    .filter(([name]) => name !== 'X-Amz-Signature')
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
