/**
 * The search afterwards (E17), once every transaction has ended that began before the acceptance. Whatever it finds of the
 * erased is taken out again; only when it finds nothing is a request done. Those who were made anew meanwhile are others.
 */
import type { Location, Subject } from '../../../database/index.ts';
import { findLaterGenerations } from '../../audience/index.ts';
import type { ErasureParts } from '../parts.ts';
import type { PieceOf } from './accept.ts';
import { readDatabaseTime, untilOlderHaveEnded } from './older-transactions.ts';
import { emptyLocation } from './steps.ts';

const mostRounds = 5;
/** What a writer that began before the acceptance wrote comes this much later at most. */
const stragglersMilliseconds = 10_000;

/** @returns what is left in each place: nothing, or the request is not done */
export async function verifyPiece(
  parts: ErasureParts,
  piece: PieceOf,
  subject: Subject,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const { database, locations } = parts;
  const left = new Map<string, number>();
  for (let round = 1; round <= mostRounds; round += 1) {
    // Before the first one, whoever asks has waited.
    if (round > 1) await untilOlderHaveEnded(database, await readDatabaseTime(database.query), signal);
    left.clear();
    const meant = await meantNow(parts, subject);
    for (const location of locations.rows) {
      if ((await countOf(parts, location, meant)) === 0) continue;
      // Asked anew: who came back since is somebody else.
      const meantStill = await meantNow(parts, subject);
      for (const of of subjectsFor(location, meantStill)) {
        await emptyLocation(parts, piece, { location, subject: of, signal });
      }
      left.set(location.name, await countOf(parts, location, meantStill));
    }
    if ([...left.values()].every((count) => count === 0)) return left;
  }
  return left;
}

function subjectsFor({ goes }: Location, meant: readonly Meant[]): Subject[] {
  return meant.flatMap(({ withTimes, withoutTimes }) => (goes === 'at once' ? (withoutTimes ?? []) : withTimes));
}

async function countOf({ database }: ErasureParts, location: Location, meant: readonly Meant[]): Promise<number> {
  let found = 0;
  for (const of of subjectsFor(location, meant)) found += await location.find(database.keyedQuery, of);
  return found;
}

interface Meant {
  /** For places that tell generations apart. */
  readonly withTimes: Subject;
  /** For all others; undefined: everything there is somebody else's by now. */
  readonly withoutTimes: Subject | undefined;
}

/**
 * Of those who have not come back, everything there is goes, however late it came. Of those who have, what is of their
 * former life; and in places that cannot tell, that went with the acceptance.
 */
async function meantNow({ database }: ErasureParts, subject: Subject): Promise<readonly Meant[]> {
  const { through, projectNumber, endpoints, users, addresses } = subject;
  if (through === undefined) throw new Error('A subject is verified that was not accepted.');
  const looked = await readDatabaseTime(database.query);
  const back = await findLaterGenerations(database.keyedQuery, projectNumber, endpoints, through.generation);
  const gone = { ...subject, endpoints: endpoints.filter(({ id }) => !back.has(id)), users: [], addresses: [] };
  const latest = through.at.getTime() + stragglersMilliseconds;
  // What comes to an address of somebody who is back may be theirs again.
  const late =
    back.size > 0 ? through.at : new Date(Math.max(through.at.getTime(), Math.min(looked.getTime(), latest)));
  const others = { ...subject, endpoints: [], users, addresses };
  return [
    { withTimes: { ...gone, through: { ...through, at: looked } }, withoutTimes: gone },
    {
      withTimes: { ...others, through: { ...through, at: late } },
      // Users and addresses of somebody who is back may be theirs again.
      withoutTimes: back.size === 0 ? others : undefined,
    },
    ...(back.size === 0
      ? []
      : [
          {
            withTimes: { ...subject, endpoints: endpoints.filter(({ id }) => back.has(id)), users: [], addresses: [] },
            withoutTimes: undefined,
          },
        ]),
  ];
}
