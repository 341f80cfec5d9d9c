/** Answers in JSON: providers, and what stands before them, answer with anything. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** The object that a text is; empty when it is none. */
export function readAnswer(text: string): JsonObject {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
