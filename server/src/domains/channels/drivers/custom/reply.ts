/**
 * What a receiver answers: `{endpointId: {"EventAttributes": {name: value}}}`, at most five a endpoint, names and values
 * of at most 128 characters (dossier/messaging §14). Anything else is passed over: the delivery itself was accepted.
 */
import { readAnswer } from '../delivery/json-answer.ts';

export type EventAttributes = Readonly<Record<string, string>>;

const mostAttributes = 5;
const longest = 128;

/** @returns the attributes of an endpoint, undefined where there are none */
export function readReply(text: string): (endpointId: string) => EventAttributes | undefined {
  const reply = readAnswer(text);
  return (endpointId) => {
    const given = ownObject(ownObject(reply, endpointId), 'EventAttributes');
    const attributes = Object.entries(given).flatMap(([name, value]) => readAttribute(name, value));
    return attributes.length === 0 ? undefined : Object.fromEntries(attributes.slice(0, mostAttributes));
  };
}

function readAttribute(name: string, value: unknown): [string, string][] {
  if (!['string', 'number', 'boolean'].includes(typeof value)) return [];
  const text = String(value);
  return name.length <= longest && text.length <= longest ? [[name, text]] : [];
}

function ownObject(of: object, name: string): object {
  const value = Object.hasOwn(of, name) ? (of as Record<string, unknown>)[name] : undefined;
  return typeof value === 'object' && value !== null ? value : {};
}
