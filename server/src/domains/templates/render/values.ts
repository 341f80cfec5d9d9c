/**
 * Values in a template: plain data only. Nothing here follows a prototype or runs a getter, so that a template has no
 * way to code (dossier/messaging §3.2).
 */
import { printNumber } from './numbers.ts';

/** The data property of exactly this name; undefined for inherited ones, getters, and anything that is not plain data. */
export function own(container: unknown, name: string): unknown {
  if (typeof container !== 'object' || container === null) return undefined;
  if (!Array.isArray(container) && !isPlainObject(container)) return undefined;
  return Object.getOwnPropertyDescriptor(container, name)?.value;
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Goes down a path from the part with number `from`. A scalar is its own first element: `FirstName.[0]` works whether
 * an attribute came as a list or, from a default or an older user, as a text (dossier/messaging §3.2).
 */
export function dig(value: unknown, parts: readonly string[], from: number): unknown {
  let found = value;
  for (let index = from; index < parts.length; index += 1) {
    const part = parts[index] as string;
    if (typeof found === 'object') found = own(found, part);
    else if (part !== '0') return undefined;
  }
  return present(found) ? found : undefined;
}

/** Null, an empty list and what is no data are as missing as undefined (dossier/messaging §3.2). */
export function present(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return true;
    case 'object':
      return value !== null && (Array.isArray(value) ? value.length > 0 : isPlainObject(value));
    default:
      return false;
  }
}

/** Falsy: missing, false, "", empty list, 0 (dossier/messaging §4). */
export function truthy(value: unknown): boolean {
  return value !== '' && value !== 0 && value !== false && !Number.isNaN(value) && present(value);
}

/** A list of one is its element (dossier/messaging §3.2). */
export function unwrap(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** Nothing for what is neither text, number nor truth value. */
export function scalarText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return printNumber(value);
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      return '';
  }
}
