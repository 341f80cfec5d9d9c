/** RawContent: JSON of the caller in the form of the service, with or without Pinpoint's wrapper (dossier/messaging §11.4). */
import { Unbuildable } from './push-message.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface RawContent {
  readonly object: JsonObject;
  /** The caller's own text, when the object is all of it. */
  readonly text?: string;
}

/** @throws Unbuildable for text that is no JSON object */
export function readRawContent(text: string, wrapper: string): RawContent {
  const given = parseObject(text);
  const inner = given[wrapper];
  return isObject(inner) ? { object: inner } : { object: given, text };
}

function parseObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    throw new Unbuildable(400, 'RawContent is not valid JSON.');
  }
  if (!isObject(value)) throw new Unbuildable(400, 'RawContent must be a JSON object.');
  return value;
}

/** Data of Android services has string values only: numbers and booleans as their text, objects as JSON, null left out. */
export function toStrings(data: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}
