/**
 * Whom a request names, as somebody types or pastes them. What the server would refuse is said with its line before
 * anything is sent; nothing absent, and no wildcard, ever becomes a name.
 */
import type { ErasureIdentity } from '../../../../server/src/contract/repoint-types.ts';

export type IdentityType = ErasureIdentity['Type'];
export type IdentityFormat = NonNullable<ErasureIdentity['Format']>;

/** As the server takes them. */
export const mostIdentities = 5_000;

export const identityTypes: readonly {
  readonly value: IdentityType;
  readonly label: string;
  readonly example: string;
}[] = [
  { value: 'EMAIL', label: 'E-mail address', example: 'ana@example.com' },
  { value: 'PHONE', label: 'Phone number', example: '+351912345678' },
  { value: 'ENDPOINT_ID', label: 'Endpoint ID', example: 'endpoint-1' },
  { value: 'USER_ID', label: 'User ID', example: 'user-1' },
  { value: 'DEVICE_TOKEN', label: 'Device token', example: 'token of a phone' },
];

export function typeLabel(type: string): string {
  return identityTypes.find(({ value }) => value === type)?.label ?? type;
}

/** What is wrong with it; undefined when the server can be asked. */
export function faultOf({ Type, Value, Format = 'RAW' }: ErasureIdentity): string | undefined {
  if (Value.trim() === '') return 'is empty';
  if (Format === 'SHA256') return /^[0-9a-f]{64}$/i.test(Value) ? undefined : 'is not a SHA-256 of 64 hex characters';
  if (/^[\s*?%]+$/.test(Value)) return 'is a wildcard: people are named one by one';
  if (Type === 'EMAIL' && !Value.includes('@')) return 'is not an e-mail address';
  if (Type === 'PHONE' && !/^\+[\d\s().-]{6,}$/.test(Value)) return 'is not a phone number with its country code';
  return undefined;
}

export interface PastedPeople {
  readonly identities: readonly ErasureIdentity[];
  /** A sentence each, with its line. */
  readonly faults: readonly string[];
}

const shownFaults = 10;

/**
 * One a line. A line may name its own type in front: `PHONE,+351912345678`. Lines that are empty are left out.
 * @param usual the type, and form, of lines that name none
 */
export function readPasted(text: string, usual: Pick<ErasureIdentity, 'Type' | 'Format'>): PastedPeople {
  const identities: ErasureIdentity[] = [];
  const faults: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const identity = readLine(line.trim(), usual);
    const fault = faultOf(identity);
    if (fault === undefined) identities.push(identity);
    else faults.push(`Line ${index + 1} ${fault}`);
  }
  const more = faults.length - shownFaults;
  return {
    identities: joined([], identities),
    faults: more > 0 ? [...faults.slice(0, shownFaults), `${more} more lines`] : faults,
  };
}

function readLine(line: string, usual: Pick<ErasureIdentity, 'Type' | 'Format'>): ErasureIdentity {
  const [, named, rest] = /^"?([A-Z_]+)"?\s*[,;\t]\s*(.*)$/.exec(line) ?? [];
  const known = identityTypes.find(({ value }) => value === named);
  const value = unquoted(known === undefined ? line : (rest ?? ''));
  return { ...usual, ...(known !== undefined && { Type: known.value }), Value: value };
}

/** `"a ""b"""` → `a "b"`: as spreadsheets write a cell. */
function unquoted(text: string): string {
  const [, inner] = /^"(.*)"$/.exec(text) ?? [];
  return inner === undefined ? text : inner.replaceAll('""', '"');
}

/** Both lists, each identity once. */
export function joined(some: readonly ErasureIdentity[], more: readonly ErasureIdentity[]): readonly ErasureIdentity[] {
  return [...new Map([...some, ...more].map((each) => [keyOf(each), each])).values()];
}

export function keyOf({ Type, Value, Format = 'RAW' }: ErasureIdentity): string {
  return `${Type} ${Format} ${Value}`;
}
