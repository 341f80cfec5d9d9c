/**
 * Rules about how long a project keeps what it has (E25), every night, on the same ways as requests: people who were not
 * active for long are erased like those who asked for it, and rows go by their age in bounded steps. What went is told by a
 * request.
 */
import type { Aged, Subject } from '../../../database/index.ts';
import { newId } from '../../../kernel/ids.ts';
import { version } from '../../../kernel/version.ts';
import { findInactivePeople, type Person } from '../../audience/index.ts';
import { endRequest } from '../engine/end.ts';
import { countRowsOf } from '../engine/find.ts';
import { enqueueErasure } from '../engine/job-definition.ts';
import { deleteEndedHolds } from '../holds/store.ts';
import { hashesOfSubject } from '../identities/hashes.ts';
import { toSubjects } from '../identities/resolve.ts';
import type { ErasureParts } from '../parts.ts';
import type { RequestKey } from '../requests/request.ts';
import { sealSubject } from '../requests/seal.ts';
import { addCounts, insertPieces, insertRequest, type NewRequest, setFound } from '../requests/store.ts';
import { momentOf } from './moment.ts';
import { type DataClass, listAllRules, type RuleOfProject } from './store.ts';

const rowsPerStep = 5_000;
/** A request each. */
const peoplePerRequest = 5_000;
const peoplePerPage = 500;

export async function runRetention(parts: ErasureParts, signal: AbortSignal): Promise<void> {
  const now = parts.clock.now();
  await deleteEndedHolds(parts.database.query, now);
  for (const rule of await listAllRules(parts.database.query)) {
    signal.throwIfAborted();
    if (rule.dataClass === 'INACTIVE_ENDPOINTS') await eraseInactive(parts, rule, signal);
    else await eraseAged(parts, rule, signal);
  }
}

/** What a rule would take, by place. */
export async function previewRetention(
  parts: ErasureParts,
  project: Pick<Subject, 'accountId' | 'projectNumber'>,
  { dataClass, before }: { dataClass: DataClass; before: Date },
): Promise<ReadonlyMap<string, number>> {
  const { database, locations } = parts;
  const counts = new Map<string, number>();
  if (dataClass !== 'INACTIVE_ENDPOINTS') {
    const aged = agedOf(parts, dataClass);
    counts.set(aged.name, await aged.find(database.query, project, before));
    return counts;
  }
  const { signal } = new AbortController();
  for await (const people of pagesOfInactive(parts, project.projectNumber, before)) {
    const found = await countRowsOf(database.keyedQuery, locations.rows, subjectsOf(project, people), signal);
    for (const [name, count] of found) counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return counts;
}

async function eraseInactive(parts: ErasureParts, rule: RuleOfProject, signal: AbortSignal): Promise<void> {
  const people: Person[] = [];
  for await (const page of pagesOfInactive(parts, rule.projectNumber, momentOf(rule, parts.clock.now()))) {
    signal.throwIfAborted();
    people.push(...page);
    if (people.length >= peoplePerRequest) await requestFor(parts, rule, people.splice(0), signal);
  }
  if (people.length > 0) await requestFor(parts, rule, people, signal);
}

/** Found already: it is accepted and erased by the job of requests. */
async function requestFor(
  parts: ErasureParts,
  rule: RuleOfProject,
  people: readonly Person[],
  signal: AbortSignal,
): Promise<void> {
  const { database, locations, sealKey, audience } = parts;
  const subjects = subjectsOf(rule, people);
  const found = await countRowsOf(database.keyedQuery, locations.rows, subjects, signal);
  const request: NewRequest = {
    ...newRequest(parts, rule, 'ERASING'),
    identityHashes: subjects.flatMap((subject) => hashesOfSubject(audience.identities, subject)),
    endpoints: people.length,
  };
  await database.transaction(async (tx) => {
    await insertRequest(tx, request);
    await insertPieces(
      tx,
      request,
      subjects.map((subject) => sealSubject(sealKey, request, subject)),
      0,
    );
    await setFound(tx, request, found);
    await enqueueErasure(tx, request);
  });
}

async function eraseAged(parts: ErasureParts, rule: RuleOfProject, signal: AbortSignal): Promise<void> {
  const { database, clock } = parts;
  const before = momentOf(rule, clock.now());
  const aged = agedOf(parts, rule.dataClass);
  const request = { ...newRequest(parts, rule, 'COMPLETED'), acceptedAt: clock.now() };
  let isTold = false;
  for (let gone = rowsPerStep; gone >= rowsPerStep; ) {
    signal.throwIfAborted();
    gone = await database.transaction(async (tx) => {
      const erased = await aged.forget(tx, rule, before, rowsPerStep);
      if (erased === 0) return 0;
      if (!isTold) await insertRequest(tx, request);
      await addCounts(tx, request, [{ location: aged.name, found: erased, erased }]);
      return erased;
    });
    isTold ||= gone > 0;
  }
  if (isTold) await tellEnded(parts, request);
}

/** It has no people of its own, and is over when nothing is left. */
async function tellEnded(parts: ErasureParts, request: RequestKey): Promise<void> {
  await parts.database.transaction((tx) => endRequest(parts, tx, request, { from: ['COMPLETED'], to: 'COMPLETED' }));
}

async function* pagesOfInactive(
  { database }: Pick<ErasureParts, 'database'>,
  projectNumber: number,
  before: Date,
): AsyncGenerator<readonly Person[]> {
  let last: Person | undefined;
  for (;;) {
    const page = await findInactivePeople(database, projectNumber, before, last, peoplePerPage);
    if (page.length === 0) return;
    yield page;
    last = page.at(-1);
  }
}

/** They, and not their users: another endpoint of a user may be in use. */
function subjectsOf(project: Pick<Subject, 'accountId' | 'projectNumber'>, people: readonly Person[]): Subject[] {
  const { accountId, projectNumber } = project;
  return toSubjects({ accountId, projectNumber }, { people, userIds: [], addresses: [], goneIds: [], sharing: 0 });
}

function agedOf(
  { locations }: Pick<ErasureParts, 'locations'>,
  dataClass: DataClass,
): Aged & { readonly name: string } {
  const location = locations.rows.find(({ aged }) => aged?.dataClass === dataClass);
  if (location?.aged === undefined) throw new Error('No place holds data of this class.');
  return { ...location.aged, name: location.name };
}

function newRequest(
  { clock }: Pick<ErasureParts, 'clock'>,
  { projectNumber, accountId }: RuleOfProject,
  state: NewRequest['state'],
): NewRequest {
  const now = clock.now();
  const id = newId();
  return {
    ...{ projectNumber, id, accountId, callerId: id, requestHash: Buffer.alloc(0), origin: 'RETENTION' },
    ...{ mode: 'ERASE', state, createdAt: now, dueAt: now, sealedIdentities: null },
    ...{ identityHashes: [], identityTypes: {}, endpoints: 0, users: 0, addresses: 0, version },
  };
}
