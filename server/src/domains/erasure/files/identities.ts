/**
 * Whom a file is searched for, and whether a row is about them. A row is theirs when it has one of their endpoint ids,
 * user ids or addresses; a row without an id has the one that importing it gives it (dossier/audience §9.5).
 */
import { isAscii } from 'node:buffer';
import { hash } from 'node:crypto';
import { normaliseAddress } from '../../../kernel/address.ts';
import { foldEndpointId } from '../../../kernel/bucket.ts';
import { derivedId } from '../../transfers/index.ts';
import { createNeedles, type Needles } from './needles.ts';

export interface Identities {
  /** The public id of the project: ids that importing gives depend on it. */
  readonly applicationId: string;
  /** Folded. */
  readonly endpointIds: readonly string[];
  readonly userIds: readonly string[];
  /** As somebody spells them. */
  readonly addresses: readonly string[];
  /** SHA-256 of normalised addresses that nobody spells; hex. */
  readonly addressHashes: readonly string[];
  /** Endpoints and users that have one of the addresses too, and are left alone. */
  readonly others?: { readonly endpointIds: readonly string[]; readonly userIds: readonly string[] };
  /** Events that arrived later are of a later life: each endpoint has its own moment, who else is named the latest. */
  readonly eventsBy?: { readonly latest: Date; readonly ofEndpoint: ReadonlyMap<string, Date> };
}

/** What a row says of whom it is about, as it stands there. */
export interface NamedInRow {
  readonly id: unknown;
  readonly userId: unknown;
  readonly address: unknown;
  readonly channelType: unknown;
}

export interface Matcher {
  isEndpoint(id: unknown): boolean;
  isUser(userId: unknown): boolean;
  isAddress(address: unknown): boolean;
  isRow(row: NamedInRow): boolean;
  /** Somebody else who has one of the addresses too. */
  isOther(endpointId: unknown, userId?: unknown): boolean;
  /** @param arrivedAt milliseconds since 1970 */
  isLater(arrivedAt: unknown, endpointId: unknown): boolean;
  /**
   * What stands in every line that can be about them. Undefined: any line can.
   * @param escapeByte may spell anything: a backslash in JSON, a quote in CSV
   */
  needles(escapeByte: number): Needles | undefined;
  /** Of text that is no row: whether one of the identities stands in it as a word of its own. */
  isIn(text: string): boolean;
}

/** Ends of words in lines that cannot be read as rows. */
const separators = /[\s,;"'{}[\]:<>|\\=&]+/;

/** Ids that importing gives: they do not stand in the row. */
const derived = /^[a-z0-9+/]{27}$/;
/** The characters outside of ASCII whose small letters are in it. */
const foldsToAscii = ['\u{212a}', '\u{130}'].map((character) => Buffer.from(character));

export function createMatcher({ applicationId, eventsBy, others, ...identities }: Identities): Matcher {
  const endpointIds = new Set(identities.endpointIds);
  const userIds = new Set(identities.userIds);
  const addresses = new Set(identities.addresses.map(normaliseAddress));
  const otherEndpoints = new Set(others?.endpointIds);
  const otherUsers = new Set(others?.userIds);
  const isOther = (id: unknown, userId?: unknown) =>
    (isText(id) && otherEndpoints.has(foldEndpointId(String(id)))) ||
    (isText(userId) && otherUsers.has(String(userId)));
  const hashes = new Set(identities.addressHashes);
  const spelled = [...new Set([...endpointIds, ...userIds, ...addresses].map(foldEndpointId))].filter(
    (id) => id !== '',
  );
  const words = spelled.map((id) => Buffer.from(id));
  const standInLines =
    hashes.size === 0 &&
    ![...endpointIds].some((id) => derived.test(id)) &&
    words.every((word) => isAscii(word) && !word.includes('"'));
  const compound = [...endpointIds, ...userIds, ...addresses].filter((identity) => separators.test(identity));
  const isEndpoint = (id: unknown) => isText(id) && endpointIds.has(foldEndpointId(String(id)));
  const isUser = (userId: unknown) => isText(userId) && userIds.has(String(userId));
  const isAddress = (address: unknown) => {
    if (!isText(address)) return false;
    const normal = normaliseAddress(String(address));
    return addresses.has(normal) || (hashes.size > 0 && hashes.has(hash('sha256', normal)));
  };
  return {
    isEndpoint,
    isUser,
    isAddress,
    isOther,
    isRow({ id, userId, address, channelType }) {
      if (isEndpoint(id) || isUser(userId)) return true;
      if (isOther(id, userId)) return false;
      if (isAddress(address)) return true;
      if (isText(id) || !isText(address) || endpointIds.size === 0) return false;
      return endpointIds.has(derivedId(applicationId, String(channelType ?? ''), String(address)));
    },
    isLater(arrivedAt, endpointId) {
      if (eventsBy === undefined || typeof arrivedAt !== 'number') return false;
      const own = isText(endpointId) ? eventsBy.ofEndpoint.get(foldEndpointId(String(endpointId))) : undefined;
      return arrivedAt > (own ?? eventsBy.latest).getTime();
    },
    needles: (escapeByte) =>
      standInLines ? createNeedles([...words, ...foldsToAscii, Buffer.of(escapeByte)]) : undefined,
    isIn(text) {
      for (const word of text.split(separators)) if (isEndpoint(word) || isUser(word) || isAddress(word)) return true;
      if (compound.length === 0) return false;
      const folded = foldEndpointId(text);
      return compound.some((identity) => text.includes(identity) || folded.includes(identity));
    },
  };
}

/** Files of others have numbers where ids belong. An empty one names nobody. */
function isText(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}
