/** Files as places that hold people (`database/locations.ts`): what find, preview, erasure, verification and access see. */
import { sql } from 'kysely';
import type { Database, Executor, FileLocation, FilesForgotten, LocatedRow, Subject } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { sideBySide } from '../../../kernel/side-by-side.ts';
import { formatPlace, type ObjectStore, type Place, parsePlace } from '../../../object-store/index.ts';
import { findPeopleByAddress } from '../../audience/index.ts';
import { isStreamedToFiles } from '../../events/index.ts';
import { createMatcher, type Matcher } from './identities.ts';
import { everyUrl } from './noted-files.ts';
import { awaitReaders, awaitWriters, isBeingWritten } from './quiet.ts';
import { filesAtOnce, rewriteFile } from './rewrite.ts';
import { FileNotErasable, readRows, searchFile } from './search.ts';

export interface FileLocationParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly objectStore: ObjectStore;
}

const streamsLagMilliseconds = 2_000;

export function fileLocations(parts: FileLocationParts): FileLocation[] {
  return [
    openLocation(parts, 'transfers', {
      name: 'import and export files',
      files: ['buckets in the data directory, or objects in S3: files that imports read and exports write'],
    }),
    openLocation(parts, 'streams', {
      name: 'event stream files',
      files: ['buckets in the data directory, or objects in S3: files that event streams write'],
    }),
  ];
}

function openLocation(
  parts: FileLocationParts,
  source: 'transfers' | 'streams',
  names: Pick<FileLocation, 'name' | 'files'>,
): FileLocation {
  const { database, clock, objectStore: store } = parts;
  const { query } = database;
  const placesOf = (subjects: readonly Subject[]) => everyPlace(parts, source, subjects);
  return {
    ...names,

    /**
     * What cannot be looked through for good (an archive, a damaged file, one that the store does not show) keeps nobody
     * from being erased elsewhere: `forget` names it. A store that does not answer does.
     */
    async find(subjects, signal) {
      const matcher = await matcherOf(parts, subjects);
      if (matcher === undefined) return 0;
      const accepted = latestOf(subjects);
      if (accepted !== undefined) await awaitWriters({ query, clock }, projectOf(subjects), accepted, signal);
      let rows = 0;
      await sideBySide(placesOf(subjects), filesAtOnce, async (place) => {
        try {
          rows += (await searchFile(store, place, matcher, signal)).rows;
        } catch (error) {
          if (!(error instanceof FileNotErasable) || error.passes) throw error;
        }
      });
      return rows;
    },

    async hasAny(projectNumber) {
      if (source === 'streams' && (await isStreamedToFiles(query, projectNumber))) return true;
      for await (const _url of everyUrl(query, { projectNumber }, source)) return true;
      return false;
    },

    async isBeingWritten(subjects) {
      const accepted = latestOf(subjects) ?? clock.now();
      // What a stream had read by then is written, and noted before it is, within about a second.
      if (source === 'streams' && clock.now().getTime() - accepted.getTime() < streamsLagMilliseconds) return true;
      return isBeingWritten({ query, clock }, projectOf(subjects), accepted);
    },

    async forget(requests, signal, erased) {
      const subjects = requests.flat();
      const matcher = await matcherOf(parts, subjects);
      if (matcher === undefined) return { skipped: [] };
      await awaitWriters({ query, clock }, projectOf(subjects), latestOf(subjects) ?? clock.now(), signal);
      const whose = await attribution(parts, requests);
      const skipped: FilesForgotten['skipped'][number][] = [];
      const means = {
        ...{ store, matcher, signal, whose },
        awaitReaders: (place: Place) => awaitReaders({ query, clock }, place, signal),
      };
      await sideBySide(placesOf(subjects), filesAtOnce, async (place) => {
        try {
          const { rowsOf, kept } = await rewriteFile(means, place);
          for (const [request, rows] of rowsOf) await erased(request, rows);
          for (const { version, reason } of kept) skipped.push(skip(place, version.versionId, reason));
        } catch (error) {
          if (!(error instanceof FileNotErasable) || error.passes) throw error;
          skipped.push(skip(place, error.versionId, error.reason));
        }
      });
      return { skipped };
    },

    async *read(subject, signal): AsyncGenerator<LocatedRow> {
      const matcher = await matcherOf(parts, [subject]);
      if (matcher === undefined) return;
      for await (const place of placesOf([subject])) {
        for await (const { version, text } of readRows(store, place, matcher, signal)) {
          const { versionId } = version;
          yield { file: formatPlace(place), ...(versionId !== undefined && { version: versionId }), row: text };
        }
      }
    },
  };
}

function skip(place: Place, versionId: string | undefined, why: string) {
  const version = versionId === undefined || versionId === '' ? '' : ` version ${versionId}`;
  return { what: `${formatPlace(place)}${version}`, why };
}

function projectOf([first]: readonly Subject[]): number {
  if (first === undefined) throw new Error('Files of no project are looked for.');
  return first.projectNumber;
}

/** Pieces of a request are accepted one after the other, within moments. Undefined: none is. */
function latestOf(subjects: readonly Subject[]): Date | undefined {
  const times = subjects.flatMap(({ through }) => through?.at.getTime() ?? []);
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

/** Undefined for subjects that name nobody: nothing is looked for then. */
async function matcherOf({ database }: FileLocationParts, subjects: readonly Subject[]): Promise<Matcher | undefined> {
  const endpoints = subjects.flatMap((subject) => subject.endpoints);
  const users = subjects.flatMap((subject) => subject.users);
  const addresses = subjects.flatMap((subject) => subject.addresses);
  if (endpoints.length + users.length + addresses.length === 0) return undefined;
  const projectNumber = projectOf(subjects);
  const { rows } = await sql<{ id: string }>`select id from projects where number = ${projectNumber}`.execute(
    database.query,
  );
  const latest = latestOf(subjects);
  return createMatcher({
    applicationId: rows[0]?.id ?? '',
    endpointIds: endpoints.map(({ id }) => id),
    userIds: users.map(({ userId }) => userId),
    addresses: addresses.flatMap(({ address }) => address ?? []),
    addressHashes: addresses.flatMap(({ address, sha256 }) => (address === null ? [sha256.toString('hex')] : [])),
    others: await findOthers(database.query, { projectNumber, endpoints, users, addresses }),
    ...(latest !== undefined && { eventsBy: { latest, ofEndpoint: acceptances(subjects) } }),
  });
}

/** Of which of several requests a row is that goes, for their counts: whose identity stands in it. */
async function attribution(
  parts: FileLocationParts,
  requests: readonly (readonly Subject[])[],
): Promise<(row: string) => number> {
  if (requests.length === 1) return () => 0;
  const matchers = await Promise.all(requests.map((subjects) => matcherOf(parts, subjects)));
  return (row) =>
    Math.max(
      0,
      matchers.findIndex((matcher) => matcher?.isIn(row)),
    );
}

/** Of each endpoint, when it was accepted. */
function acceptances(subjects: readonly Subject[]): ReadonlyMap<string, Date> {
  return new Map(
    subjects.flatMap(({ endpoints, through }) =>
      through === undefined ? [] : endpoints.map(({ id }): [string, Date] => [id, through.at]),
    ),
  );
}

/** What is theirs stays, although it has an address of the subject. */
async function findOthers(
  query: Executor,
  { projectNumber, endpoints, users, addresses }: Pick<Subject, 'projectNumber' | 'endpoints' | 'users' | 'addresses'>,
) {
  const [ids, userIds] = [new Set(endpoints.map(({ id }) => id)), new Set(users.map(({ userId }) => userId))];
  const found = await findPeopleByAddress(
    query,
    projectNumber,
    addresses.map(({ sha256 }) => sha256),
  );
  const others = found.filter(({ id, userId }) => !ids.has(id) && !userIds.has(userId ?? ''));
  return { endpointIds: others.map(({ id }) => id), userIds: others.flatMap(({ userId }) => userId ?? []) };
}

/** Of jobs that began by the acceptance: what later ones read and write is of a later life. */
async function* everyPlace(
  { database }: FileLocationParts,
  source: 'transfers' | 'streams',
  subjects: readonly Subject[],
): AsyncGenerator<Place> {
  const selection = { projectNumber: projectOf(subjects), begunBy: latestOf(subjects) };
  for await (const url of everyUrl(database.query, selection, source)) {
    const place = parsePlace(url);
    if (place === undefined) throw new Error('A file was noted at a place that is none.');
    yield place;
  }
}
