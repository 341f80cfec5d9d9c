/** From a handler's output to the answer: the contract's status, the bare shape as JSON, null members left out. */

import type { OperationDefinition } from '../operations/definition.ts';
import { EventStream } from '../operations/event-stream.ts';
import { FileDocument } from '../operations/file-document.ts';
import { TextDocument } from '../operations/text-document.ts';

export function encodeOutput(
  definition: OperationDefinition,
  output: unknown,
): { status: number; body: string | undefined; contentType?: string; stream?: EventStream; file?: FileDocument } {
  if (output instanceof EventStream) return { status: definition.successStatus, body: undefined, stream: output };
  if (output instanceof FileDocument) return { status: definition.successStatus, body: undefined, file: output };
  if (output instanceof TextDocument) {
    return { status: definition.successStatus, body: output.text, contentType: output.contentType };
  }
  return { status: definition.successStatus, body: output === undefined ? undefined : toJson(output) };
}

/** Handlers give no nulls as a rule, so the slow walk happens only where the text says that there may be one. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes('null') ? JSON.stringify(value, leaveOutNull) : text;
}

function leaveOutNull(_key: string, value: unknown): unknown {
  return value === null ? undefined : value;
}
