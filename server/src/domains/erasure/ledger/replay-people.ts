/**
 * People of an entry, erased again: accepted in the transaction that takes the entry, with the moment that it was accepted
 * at the first time, and emptied from every place before anything is served. Whoever was made anew since is left alone, by
 * the same rules as in every verification.
 */
import type { Subject, SubjectAddress, Transaction } from '../../../database/index.ts';
import { newId } from '../../../kernel/ids.ts';
import { version } from '../../../kernel/version.ts';
import { findLaterGenerations, findPeopleById, subjectAddress, suppressIdentities } from '../../audience/index.ts';
import { countRowsOf } from '../engine/find.ts';
import { enqueueErasure } from '../engine/job-definition.ts';
import { verifyPiece } from '../engine/verify.ts';
import { toSubjects } from '../identities/resolve.ts';
import { openSubject, sealSubject } from '../requests/seal.ts';
import { insertPieces, insertRequest, listPieces, setFound } from '../requests/store.ts';
import { claim } from './claim.ts';
import type { LedgerAddress, LedgerEntry, PeopleErased } from './entry.ts';
import type { ReplayParts } from './replay-parts.ts';
import type { Recognised } from './scan.ts';
import { listReplayed } from './store-of-replays.ts';

/** @returns whether anything of anybody was there */
export async function replayPeople(
  parts: ReplayParts,
  entry: LedgerEntry,
  people: PeopleErased,
  recognised: Recognised,
): Promise<boolean> {
  const { database, clock, locations } = parts;
  const subjects = await subjectsOf(parts, entry, people, recognised);
  const counts = await countRowsOf(database.keyedQuery, locations.rows, subjects, AbortSignal.timeout(longestLook));
  const found = [...counts.values()].some((count) => count > 0);
  const claimed = await database.transaction(async (tx) => {
    if (!(await claim(tx, entry, clock.now()))) return false;
    if (people.mode === 'ERASE_AND_SUPPRESS') {
      await suppressIdentities(tx, people.projectNumber, identitiesOf(people), clock.now());
    }
    if (!found) return true;
    if (people.mode === 'DELETED') await deleteAgain(parts, tx, subjects);
    else await acceptAgain(parts, tx, { entry, people, subjects, counts });
    return true;
  });
  if (claimed) parts.audience.forgetRules(people.projectNumber);
  return claimed && found;
}

/** A place is found by its indexes; one that hangs must not keep a server from saying so. */
const longestLook = 10 * 60_000;

/** Erasures that were begun again and whose rows may still be there: also of a start that was killed. */
export async function finishReplayed(parts: ReplayParts, signal: AbortSignal): Promise<void> {
  for (const request of await listReplayed(parts.database.query)) {
    for (const piece of await listPieces(parts.database.query, request)) {
      if (piece.sealedSubject === null || piece.throughGeneration === null || piece.throughAt === null) continue;
      const through = { generation: piece.throughGeneration, at: piece.throughAt };
      const subject = openSubject(parts.sealKey, request, piece.sealedSubject, through);
      await verifyPiece(parts, { ...piece, mode: request.mode }, subject, signal);
    }
  }
}

async function subjectsOf(
  { database }: ReplayParts,
  { accountId }: LedgerEntry,
  { projectNumber, generation, through, addresses }: PeopleErased,
  { endpointIds, userIds, addresses: spelt, addressKeys }: Recognised,
): Promise<Subject[]> {
  const ids = [...endpointIds];
  const people = await findPeopleById(database.keyedQuery, projectNumber, ids);
  const there = new Set(people.map(({ id }) => id));
  const own = people.flatMap(({ address }) => (address === null ? [] : [subjectAddress(address)]));
  const known = new Set(spelt.values());
  const hashed = addresses.filter(({ identity }) => !known.has(identity)).map((each) => onlyHashed(each, addressKeys));
  const subjects = toSubjects(
    { accountId, projectNumber },
    {
      people,
      userIds: [...userIds],
      addresses: [...own, ...[...spelt.keys()].map(subjectAddress), ...hashed],
      goneIds: ids.filter((id) => !there.has(id)),
      sharing: 0,
    },
  );
  return subjects.map((subject) => ({ ...subject, through: { generation, at: new Date(through) } }));
}

/** Nobody spells it any more; what is left of it is known by hashes. */
function onlyHashed({ identity, key, hash }: LedgerAddress, addressKeys: ReadonlyMap<string, string>): SubjectAddress {
  // One of 2^64 that nothing has, where the database knows none.
  const none = Buffer.from(identity, 'hex').readBigInt64BE(0).toString();
  return {
    ...{ address: null, sha256: Buffer.alloc(32), key: addressKeys.get(key) ?? none },
    ...(hash !== '' && { hash: Buffer.from(hash, 'hex') }),
  };
}

function identitiesOf({ endpoints, users, addresses }: PeopleErased): Buffer[] {
  return [...endpoints, ...users, ...addresses.map(({ identity }) => identity)].map((hash) => Buffer.from(hash, 'hex'));
}

/** As a request that stands where any other would when its people have been accepted; the job does the rest. */
async function acceptAgain(
  { sealKey, clock }: ReplayParts,
  tx: Transaction,
  again: {
    readonly entry: LedgerEntry;
    readonly people: PeopleErased;
    readonly subjects: readonly Subject[];
    readonly counts: ReadonlyMap<string, number>;
  },
): Promise<void> {
  const { entry, people, subjects, counts } = again;
  const id = newId();
  const key = { projectNumber: people.projectNumber, id };
  const count = (of: 'endpoints' | 'users' | 'addresses') => subjects.reduce((sum, each) => sum + each[of].length, 0);
  const now = clock.now();
  if (people.mode === 'DELETED') throw new Error('A mere deletion is no request.');
  await insertRequest(tx, {
    ...{ ...key, accountId: entry.accountId, callerId: id, requestHash: Buffer.alloc(0), origin: 'RESTORE' },
    ...{ mode: people.mode, state: 'ERASING', createdAt: now, dueAt: now, acceptedAt: new Date(people.through) },
    ...{ sealedIdentities: null, identityHashes: identitiesOf(people), identityTypes: typesOf(people), version },
    ...{ endpoints: count('endpoints'), users: count('users'), addresses: count('addresses') },
  });
  const sealed = subjects.map((subject) => sealSubject(sealKey, key, subject));
  await insertPieces(tx, key, sealed, 0, { generation: people.generation, at: new Date(people.through) });
  await setFound(tx, key, counts);
  await enqueueErasure(tx, key);
}

/** Kinds of addresses are not known any more. */
function typesOf({ endpoints, users }: PeopleErased) {
  return {
    ...(endpoints.length > 0 && { ENDPOINT_ID: endpoints.length }),
    ...(users.length > 0 && { USER_ID: users.length }),
  };
}

async function deleteAgain({ locations }: ReplayParts, tx: Transaction, subjects: readonly Subject[]): Promise<void> {
  for (const subject of subjects) {
    const { projectNumber, endpoints, through } = subject;
    const back = await findLaterGenerations(tx, projectNumber, endpoints, through?.generation ?? 0);
    const gone = { ...subject, endpoints: endpoints.filter(({ id }) => !back.has(id)) };
    for (const location of locations.rows.filter(({ goes }) => goes === 'at once')) {
      await location.forget(tx, gone, Number.MAX_SAFE_INTEGER);
    }
  }
}
