/** Files as places that hold people (`database/locations.ts`): what find, preview, erasure, verification and access see. */
import { sql } from 'kysely';
import type { Database, Executor, FileLocation, FilesForgotten, LocatedRow, Subject } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { formatPlace, type ObjectStore, type Place, parsePlace } from '../../../object-store/index.ts';
import { findPeopleByAddress } from '../../audience/index.ts';
import { createMatcher, type Matcher } from './identities.ts';
import { everyUrl } from './noted-files.ts';
import { awaitReaders, awaitWriters } from './quiet.ts';
import { rewriteFile } from './rewrite.ts';
import { FileNotErasable, readRows, searchFile } from './search.ts';

export interface FileLocationParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly objectStore: ObjectStore;
}

/** Reading one file and unpacking another take turns. */
const width = 2;

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
  const placesOf = (subject: Subject) => everyPlace(parts, source, subject);
  return {
    ...names,

    /**
     * What cannot be looked through for good (an archive, a damaged file, one that the store does not show) keeps nobody
     * from being erased elsewhere: `forget` names it. A store that does not answer does.
     */
    async find(subject, signal) {
      const matcher = await matcherOf(parts, subject);
      if (matcher === undefined) return 0;
      if (subject.through !== undefined) {
        await awaitWriters({ query, clock }, subject.projectNumber, subject.through.at, signal);
      }
      let rows = 0;
      await eachOf(placesOf(subject), async (place) => {
        try {
          rows += (await searchFile(store, place, matcher, signal)).rows;
        } catch (error) {
          if (!(error instanceof FileNotErasable) || error.passes) throw error;
        }
      });
      return rows;
    },

    async forget(subject, signal) {
      const matcher = await matcherOf(parts, subject);
      if (matcher === undefined) return { erased: 0, skipped: [] };
      await awaitWriters({ query, clock }, subject.projectNumber, subject.through?.at ?? clock.now(), signal);
      let erased = 0;
      const skipped: FilesForgotten['skipped'][number][] = [];
      const means = {
        ...{ store, matcher, signal },
        awaitReaders: (place: Place) => awaitReaders({ query, clock }, place, signal),
      };
      await eachOf(placesOf(subject), async (place) => {
        try {
          const { rows, kept } = await rewriteFile(means, place);
          erased += rows;
          for (const { version, reason } of kept) skipped.push(skip(place, version.versionId, reason));
        } catch (error) {
          if (!(error instanceof FileNotErasable) || error.passes) throw error;
          skipped.push(skip(place, error.versionId, error.reason));
        }
      });
      return { erased, skipped };
    },

    async *read(subject, signal): AsyncGenerator<LocatedRow> {
      const matcher = await matcherOf(parts, subject);
      if (matcher === undefined) return;
      for await (const place of placesOf(subject)) {
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

/** Undefined for a subject that names nobody: nothing is looked for then. */
async function matcherOf({ database }: FileLocationParts, subject: Subject): Promise<Matcher | undefined> {
  const { endpoints, users, addresses, projectNumber } = subject;
  if (endpoints.length + users.length + addresses.length === 0) return undefined;
  const { rows } = await sql<{ id: string }>`select id from projects where number = ${projectNumber}`.execute(
    database.query,
  );
  return createMatcher({
    applicationId: rows[0]?.id ?? '',
    endpointIds: endpoints.map(({ id }) => id),
    userIds: users.map(({ userId }) => userId),
    addresses: addresses.flatMap(({ address }) => address ?? []),
    addressHashes: addresses.flatMap(({ address, sha256 }) => (address === null ? [sha256.toString('hex')] : [])),
    others: await findOthers(database.query, subject),
    ...(subject.through !== undefined && { eventsBy: subject.through.at }),
  });
}

/** What is theirs stays, although it has an address of the subject. */
async function findOthers(query: Executor, { projectNumber, endpoints, users, addresses }: Subject) {
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
  { projectNumber, through }: Subject,
): AsyncGenerator<Place> {
  for await (const url of everyUrl(database.query, { projectNumber, begunBy: through?.at }, source)) {
    const place = parsePlace(url);
    if (place === undefined) throw new Error('A file was noted at a place that is none.');
    yield place;
  }
}

async function eachOf(places: AsyncGenerator<Place>, work: (place: Place) => Promise<void>): Promise<void> {
  const lane = async () => {
    for (let next = await places.next(); !next.done; next = await places.next()) await work(next.value);
  };
  const lanes = await Promise.allSettled(Array.from({ length: width }, lane));
  for (const outcome of lanes) if (outcome.status === 'rejected') throw outcome.reason;
}
