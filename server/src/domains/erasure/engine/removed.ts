/**
 * DeleteEndpoint and DeleteUserEndpoints start a full erasure (E23), unless their project does without: it is accepted in
 * the transaction that deletes, where most of it is done as well, and a request tells what became of it.
 */
import type { Location, Subject, Transaction } from '../../../database/index.ts';
import { newId } from '../../../kernel/ids.ts';
import { version } from '../../../kernel/version.ts';
import type { ProjectCall } from '../../../operations/call.ts';
import type { RemovedHandler } from '../../audience/index.ts';
import { retain } from '../holds/retain.ts';
import { type Hold, listHolds } from '../holds/store.ts';
import { hashesOfSubject } from '../identities/hashes.ts';
import { withSpellings } from '../identities/spellings.ts';
import type { ErasureParts } from '../parts.ts';
import type { ErasureOrigin, RequestKey } from '../requests/request.ts';
import { sealSubject } from '../requests/seal.ts';
import { addCounts, insertPieces, insertRequest } from '../requests/store.ts';
import { readSettings } from '../settings/store.ts';
import { accept, type PieceOf } from './accept.ts';
import { enqueueErasure } from './job-definition.ts';
import { takeStep } from './steps.ts';

/** Of each place, in the transaction of the deletion. */
const rowsAtOnce = 500;

export function erasesRemoved(parts: ErasureParts): RemovedHandler {
  const profiles = parts.locations.rows.filter(({ isProfile }) => isProfile);
  const others = parts.locations.rows.filter(({ goes, isProfile }) => goes === 'at once' && !isProfile);
  return async (tx, found, call) => {
    const { fullErasure } = await readSettings(tx, found.projectNumber);
    if (!fullErasure) {
      return async (gone) => {
        const subject = withSpellings(gone);
        for (const location of others) await location.forget(tx, subject, Number.MAX_SAFE_INTEGER);
        for (const hook of parts.hooks) await hook.deleting?.(tx, subject);
      };
    }
    const piece = { projectNumber: found.projectNumber, id: newId(), piece: 0, mode: 'ERASE' } as const;
    const holds = await listHolds(tx, found.projectNumber, parts.clock.now());
    const retained = await retainAll(parts, tx, { piece, holds, locations: profiles }, found);
    return (gone) => eraseRemoved(parts, tx, withSpellings(gone), { call, piece, holds, others, retained });
  };
}

/** What holds keep of the people themselves, before they are deleted. */
async function retainAll(
  parts: ErasureParts,
  tx: Transaction,
  {
    piece,
    holds,
    locations,
  }: { readonly piece: PieceOf; readonly holds: readonly Hold[]; readonly locations: readonly Location[] },
  subject: Subject,
): Promise<ReadonlyMap<string, number>> {
  const kept = new Map<string, number>();
  for (const location of locations) {
    const place = { ...piece, location: location.name };
    kept.set(location.name, await retain(parts, tx, holds, { location, subject, place }));
  }
  return kept;
}

async function eraseRemoved(
  parts: ErasureParts,
  tx: Transaction,
  subject: Subject,
  deletion: {
    readonly call: ProjectCall;
    readonly piece: PieceOf;
    readonly holds: readonly Hold[];
    readonly others: readonly Location[];
    /** Of the people themselves. */
    readonly retained: ReadonlyMap<string, number>;
  },
): Promise<void> {
  const { call, piece, holds, others, retained } = deletion;
  const { through } = subject;
  if (through === undefined) throw new Error('A deletion was told without its moment.');
  await insertRequest(tx, newRequest(parts, call, piece, subject));
  await insertPieces(tx, piece, [sealSubject(parts.sealKey, piece, subject)], piece.piece, through);
  const gone = subject.endpoints.length;
  const counts = [...retained].map(([location, count]) =>
    location === 'endpoints' ? { location, found: gone, erased: gone, retained: count } : { location, retained: count },
  );
  // Before the log of sends goes: what providers have is counted there.
  await accept(parts, tx, piece, subject, through);
  const inSteps = parts.locations.rows.filter(({ goes }) => goes === 'in steps');
  for (const location of [...others, ...inSteps]) {
    const step = await takeStep(parts, tx, piece, { location, subject, holds, limit: rowsAtOnce });
    counts.push({ location: location.name, found: step.erased, ...step });
  }
  await addCounts(tx, piece, counts);
  await enqueueErasure(tx, piece);
}

function newRequest(parts: ErasureParts, { project, now, operation }: ProjectCall, key: RequestKey, subject: Subject) {
  const { endpoints, users, addresses } = subject;
  const origin: ErasureOrigin = operation === 'DeleteUserEndpoints' ? 'DELETE_USER_ENDPOINTS' : 'DELETE_ENDPOINT';
  return {
    ...{ projectNumber: key.projectNumber, id: key.id, accountId: project.accountId },
    ...({ callerId: key.id, requestHash: Buffer.alloc(0), origin, mode: 'ERASE', state: 'ERASING' } as const),
    ...{ createdAt: now, dueAt: now, acceptedAt: now, sealedIdentities: null, version },
    identityHashes: hashesOfSubject(parts.audience.identities, subject),
    identityTypes: users.length > 0 ? { USER_ID: users.length } : { ENDPOINT_ID: endpoints.length },
    ...{ endpoints: endpoints.length, users: users.length, addresses: addresses.length },
  };
}
