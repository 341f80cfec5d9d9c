/** Reads the loose JSON of a policy document: what may be one or several, text or boolean. Faults name their JSON path. */
import { badRequest } from '../../../kernel/errors.ts';

export function asMap(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRequest(`${path}: must be an object`);
  return value as Readonly<Record<string, unknown>>;
}

/** One or several, at least one. */
export function asList(value: unknown, path: string): readonly unknown[] {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  if (list.length === 0) throw badRequest(`${path}: must not be empty`);
  return list;
}

/** One text or several; booleans and numbers count as their text, as they do in condition values. */
export function textsIn(value: unknown, path: string): readonly string[] {
  return asList(value, path).map((item, index) => {
    const text = typeof item === 'boolean' || typeof item === 'number' ? String(item) : item;
    if (typeof text !== 'string') throw badRequest(`${path}[${index}]: must be a text`);
    return text;
  });
}

/** @throws BadRequestException naming the first member that is not one of `known` */
export function refuseUnknownMembers(
  map: Readonly<Record<string, unknown>>,
  known: readonly string[],
  path: string,
): void {
  const unknown = Object.keys(map).find((member) => !known.includes(member));
  if (unknown !== undefined) throw badRequest(`${path}.${unknown}: is not supported`);
}
