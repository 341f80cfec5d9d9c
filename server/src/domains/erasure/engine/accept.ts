/**
 * The acceptance of a piece: one transaction after which its people are gone from the API, no message to them leaves, and
 * writers that began before find their tombstones. What is there later is of a later generation.
 */
import type { Location, Subject, Through, Transaction } from '../../../database/index.ts';
import { lockRules, readThrough, suppressIdentities } from '../../audience/index.ts';
import { addressedChannelTypes } from '../../messaging/index.ts';
import { retain } from '../holds/retain.ts';
import { type Hold, listHolds } from '../holds/store.ts';
import { hashesOfSubject } from '../identities/hashes.ts';
import type { ErasureParts } from '../parts.ts';
import { noteTouched } from '../physical/touched.ts';
import type { ErasureMode, LocationCounts, RequestKey } from '../requests/request.ts';
import { addCounts, addUnderWay } from '../requests/store.ts';

/** Of a request. */
export interface PieceOf extends RequestKey {
  readonly piece: number;
  readonly mode: ErasureMode;
}

/** @param subject as it was found: without a moment of acceptance */
export async function acceptPiece(
  parts: ErasureParts,
  tx: Transaction,
  piece: PieceOf,
  subject: Subject,
): Promise<Through> {
  const now = parts.clock.now();
  // As all writers: rules first, then people.
  if (piece.mode === 'ERASE_AND_SUPPRESS') await lockRules(tx, [subject.projectNumber]);
  const holds = await listHolds(tx, subject.projectNumber, now);
  const [endpoints, ...others] = parts.locations.rows.filter(({ goes }) => goes === 'at once');
  if (endpoints === undefined) throw new Error('There is no location of endpoints.');
  const counts = [await takeAtOnce(parts, tx, { piece, holds, location: endpoints, subject })];
  // From here on, whatever is made of the same id has a higher generation.
  const through = await readThrough(tx, now);
  const accepted = { ...subject, through };
  for (const location of others) {
    counts.push(await takeAtOnce(parts, tx, { piece, holds, location, subject: accepted }));
  }
  await addCounts(tx, piece, counts);
  await accept(parts, tx, piece, accepted, through);
  await noteTouched(tx);
  return through;
}

/** What acceptance means besides rows that go: nobody is written to, nobody is stored again who may not be. */
export async function accept(
  parts: ErasureParts,
  tx: Transaction,
  piece: PieceOf,
  subject: Subject,
  through: Through,
): Promise<void> {
  const { audience, hashes, locations, clock, hooks } = parts;
  const { projectNumber, endpoints, addresses } = subject;
  if (piece.mode === 'ERASE_AND_SUPPRESS') {
    await suppressIdentities(tx, projectNumber, hashesOfSubject(audience.identities, subject), clock.now());
  }
  let underWay = 0;
  for (const location of locations.rows) underWay += (await location.countUnderWay?.(tx, subject)) ?? 0;
  await addUnderWay(tx, piece, underWay);
  const recipients = addresses.flatMap(({ address }) =>
    address === null ? [] : addressedChannelTypes.map((type) => hashes.recipientOf(type, address).text),
  );
  const keys = endpoints.map((key) => ({ ...key, projectNumber }));
  for (const hook of hooks) {
    const { id, mode, piece: number } = piece;
    await hook.accepting?.(tx, { projectNumber, id, piece: number, mode, subject, through });
  }
  // Last: this process believes it before the commit, and nobody who stays may be kept from their messages.
  await audience.erased.note(tx, keys, through.generation, recipients);
}

async function takeAtOnce(
  parts: ErasureParts,
  tx: Transaction,
  { piece, holds, location, subject }: { piece: PieceOf; holds: readonly Hold[]; location: Location; subject: Subject },
): Promise<Pick<LocationCounts, 'location' | 'erased' | 'retained'>> {
  const place = { ...piece, location: location.name };
  // Before acceptance there is no moment: a hold keeps what is there.
  const retained = await retain(parts, tx, holds, { location, subject, place });
  const erased = await location.forget(tx, subject, Number.MAX_SAFE_INTEGER);
  return { location: location.name, erased, retained };
}
