/**
 * From identities to whom they stand for (E2): endpoints by id, address, user, raw or hashed, and from there all endpoints
 * of their users. An address that another user has as well leads to that user only where it was named itself: a device or a
 * mailbox that two people share must not erase the second one unasked.
 */
import type { Executor, Subject, SubjectAddress } from '../../../database/index.ts';
import { keyOfSha256 } from '../../../kernel/address.ts';
import { bucketOf } from '../../../kernel/bucket.ts';
import {
  findPeopleByAddress,
  findPeopleById,
  findPeopleByIdHash,
  findPeopleOfUsers,
  findUsersByHash,
  type Person,
  subjectAddress,
} from '../../audience/index.ts';
import type { NamedIdentity } from './identity.ts';
import { withSpellings } from './spellings.ts';

export interface Resolved {
  readonly people: readonly Person[];
  readonly userIds: readonly string[];
  readonly addresses: readonly SubjectAddress[];
  /** Endpoint ids that were named, of which no endpoint is left; something of them may be. */
  readonly goneIds: readonly string[];
  /** Endpoints of other users that have an address of these people: left alone. */
  readonly sharing: number;
}

/** Addresses of the people found lead to endpoints without a user, whose addresses may lead further. */
const mostRounds = 10;

export async function resolve(
  query: Executor,
  projectNumber: number,
  identities: readonly NamedIdentity[],
): Promise<Resolved> {
  const named = split(identities);
  const people = new Map<string, Person>();
  const userIds = new Set([...named.userIds, ...(await findUsersByHash(query, projectNumber, named.userHashes))]);
  const add = (found: readonly Person[]) => {
    for (const person of found) people.set(person.id, person);
  };
  add(await findPeopleById(query, projectNumber, named.endpointIds));
  add(await findPeopleByIdHash(query, projectNumber, named.endpointHashes));
  add(await findPeopleByAddress(query, projectNumber, named.addressHashes));
  const sharing = new Set<string>();
  let asked = new Set<string>();
  let known = new Set<string>();
  for (let round = 0; round < mostRounds; round += 1) {
    for (const { userId } of people.values()) if (userId !== null) userIds.add(userId);
    const users = [...userIds].filter((userId) => !known.has(userId));
    add(await findPeopleOfUsers(query, projectNumber, users));
    known = new Set(userIds);
    const addresses = [...people.values()].flatMap(({ address }) => address ?? []);
    const fresh = [...new Set(addresses)].filter((address) => !asked.has(address));
    if (users.length === 0 && fresh.length === 0) break;
    asked = new Set(addresses);
    const neighbours = await findPeopleByAddress(
      query,
      projectNumber,
      fresh.map((address) => subjectAddress(address).sha256),
    );
    const isSame = ({ userId }: Person) => userId === null || userIds.has(userId);
    add(neighbours.filter(isSame));
    for (const { id } of neighbours.filter((person) => !isSame(person))) sharing.add(id);
  }
  return {
    people: [...people.values()],
    userIds: [...userIds],
    addresses: addressesOf(people, named),
    goneIds: named.endpointIds.filter((id) => !people.has(id)),
    sharing: [...sharing].filter((id) => !people.has(id)).length,
  };
}

function addressesOf(people: ReadonlyMap<string, Person>, named: ReturnType<typeof split>): SubjectAddress[] {
  const spelt = [...named.addresses, ...[...people.values()].flatMap(({ address }) => address ?? [])].map(
    subjectAddress,
  );
  const hashed = named.addressHashes.map((sha256) => ({ sha256, key: keyOfSha256(sha256), address: null }));
  const whole = new Map<string, SubjectAddress>();
  // Spellings replace hashes of the same address; several spellings stay beside each other.
  for (const each of hashed) whole.set(each.sha256.toString('hex'), each);
  for (const each of spelt) whole.delete(each.sha256.toString('hex'));
  for (const each of spelt) whole.set(`${each.sha256.toString('hex')} ${each.address}`, each);
  return [...whole.values()];
}

/** However they are spelt. */
export function countAddresses(addresses: readonly SubjectAddress[]): number {
  return new Set(addresses.map(({ sha256 }) => sha256.toString('hex'))).size;
}

function split(identities: readonly NamedIdentity[]) {
  const of = (kind: NamedIdentity['kind']) => identities.filter((identity) => identity.kind === kind);
  const raw = (kind: NamedIdentity['kind']) => of(kind).flatMap(({ value }) => value ?? []);
  const hashes = (kind: NamedIdentity['kind']) => of(kind).filter(({ value }) => value === null);
  return {
    endpointIds: raw('endpoint'),
    endpointHashes: hashes('endpoint').map(({ sha256 }) => sha256),
    userIds: raw('user'),
    userHashes: hashes('user').map(({ sha256 }) => sha256),
    addresses: raw('address'),
    // All of them: endpoints are found by it.
    addressHashes: of('address').map(({ sha256 }) => sha256),
  };
}

const endpointsPerPiece = 100;

/** Pieces of a hundred endpoints, with the addresses of theirs; users and what else was named goes along. */
export function toSubjects(
  project: Pick<Subject, 'accountId' | 'projectNumber'>,
  { people, userIds, addresses, goneIds }: Resolved,
): Subject[] {
  const sorted = people.toSorted((one, other) => one.bucket - other.bucket || (one.id < other.id ? -1 : 1));
  const endpoints = [
    ...sorted,
    ...goneIds.map((id): Person => ({ id, bucket: bucketOf(id), address: null, userId: null })),
  ];
  const own = new Map(addresses.map((each) => [each.address ?? each.key, each]));
  // In the last piece: when their endpoints are gone.
  const users = [...userIds];
  const pieces: Subject[] = [];
  for (let from = 0; from < endpoints.length || users.length + own.size > 0; from += endpointsPerPiece) {
    const some = endpoints.slice(from, from + endpointsPerPiece);
    const isLast = from + endpointsPerPiece >= endpoints.length;
    const theirs = some.flatMap(({ address }) => (address === null ? [] : [subjectAddress(address)]));
    for (const { address } of theirs) own.delete(address as string);
    const others = isLast ? [...own.values()].slice(0, 2 * endpointsPerPiece) : [];
    for (const each of others) own.delete(each.address ?? each.key);
    const further = isLast ? users.splice(0, 2 * endpointsPerPiece) : [];
    pieces.push(
      withSpellings({
        ...project,
        endpoints: some.map(({ bucket, id }) => ({ bucket, id })),
        users: further.map((userId) => ({ userId, bucket: bucketOf(userId) })),
        addresses: [...new Map([...theirs, ...others].map((each) => [each.address ?? each.key, each])).values()],
        through: undefined,
      }),
    );
  }
  return pieces;
}
