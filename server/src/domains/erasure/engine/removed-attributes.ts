/**
 * RemoveAttributes takes stored values away as well, where the project asks for it (E23): out of endpoints, users and what
 * segments know of them. Pinpoint's own operation leaves them where they are (dossier/audience §4).
 */
import { defineJob, enqueue } from '../../../jobs/index.ts';
import { newId } from '../../../kernel/ids.ts';
import { version } from '../../../kernel/version.ts';
import { compileWildcard } from '../../../kernel/wildcard.ts';
import {
  type AttributesRemovedHandler,
  type NameKind,
  type Stripping,
  type StripStep,
  stripEndpoints,
  stripStart,
  stripUsers,
} from '../../audience/index.ts';
import type { ErasureParts } from '../parts.ts';
import type { RequestKey } from '../requests/request.ts';
import { addCounts, findRequest, insertRequest, setLeftOver } from '../requests/store.ts';
import { readSettings } from '../settings/store.ts';
import { endRequest } from './end.ts';
import { ErasureIncomplete } from './finish.ts';
import { readDatabaseTime, untilOlderHaveEnded } from './older-transactions.ts';

/** Names of attributes are of the project's making: they are about nobody. */
type RemovedNames = {
  readonly projectNumber: number;
  readonly id: string;
  readonly kind: NameKind;
  /** A list, as JSON. */
  readonly patterns: string;
};

const kinds: readonly NameKind[] = ['attribute', 'metric', 'user attribute'];

export const attributesJob = defineJob('erasure/attributes', (payload): RemovedNames => {
  const { projectNumber, id, kind, patterns } = payload as Partial<RemovedNames>;
  const isWhole = typeof projectNumber === 'number' && typeof id === 'string' && kinds.some((each) => each === kind);
  if (!isWhole || typeof patterns !== 'string') throw new TypeError('Not names of attributes that are to be erased.');
  return { projectNumber, id, kind: kind as NameKind, patterns };
});

export function erasesAttributes({ clock }: Pick<ErasureParts, 'clock'>): AttributesRemovedHandler {
  return async (tx, { project }, { kind, patterns }) => {
    const { eraseRemovedAttributes } = await readSettings(tx, project.number);
    if (!eraseRemovedAttributes) return;
    const now = clock.now();
    const key = { projectNumber: project.number, id: newId() };
    await insertRequest(tx, {
      ...{ ...key, accountId: project.accountId, callerId: key.id, requestHash: Buffer.alloc(0) },
      ...{ origin: 'REMOVE_ATTRIBUTES', mode: 'ERASE', state: 'ERASING', createdAt: now, dueAt: now, acceptedAt: now },
      ...{
        sealedIdentities: null,
        identityHashes: [],
        identityTypes: {},
        endpoints: 0,
        users: 0,
        addresses: 0,
        version,
      },
    });
    await enqueue(tx, attributesJob, { ...key, kind, patterns: JSON.stringify(patterns) });
  };
}

const mostRounds = 5;

/** Again from the beginning after a kill: what is gone is not found, and is counted already. */
export async function eraseAttributes(
  parts: ErasureParts,
  { kind, patterns, ...key }: RemovedNames,
  signal: AbortSignal,
): Promise<void> {
  const { database } = parts;
  const request = await findRequest(database.query, key);
  if (request === undefined || request.endedAt !== null) return;
  const matchers = (JSON.parse(patterns) as string[]).map(compileWildcard);
  const isNamed = (name: string) => matchers.some((matches) => matches(name));
  const stripping = { projectNumber: key.projectNumber, kind, isNamed };
  for (let round = 1; (await strip(parts, key, stripping, signal)) > 0 || round === 1; round += 1) {
    if (round > mostRounds) throw new ErasureIncomplete();
    // Whoever knew the rules as they were may write until it commits; then it is looked once more (E17).
    await untilOlderHaveEnded(database, await readDatabaseTime(database.query), signal);
  }
  await database.transaction(async (tx) => {
    await setLeftOver(tx, key, new Map(placesOf(kind).map(({ name }) => [name, 0])));
    await endRequest(parts, tx, key, { from: ['ERASING'], to: 'COMPLETED' });
  });
}

interface AttributePlace {
  readonly name: string;
  readonly strip: (...step: Parameters<typeof stripEndpoints>) => Promise<StripStep>;
}

function placesOf(kind: NameKind): readonly AttributePlace[] {
  const ofEndpoints = { name: 'attributes of endpoints', strip: stripEndpoints };
  return kind === 'user attribute' ? [{ name: 'attributes of users', strip: stripUsers }, ofEndpoints] : [ofEndpoints];
}

/** @returns how many endpoints and users were changed */
async function strip(
  { database }: ErasureParts,
  key: RequestKey,
  stripping: Stripping,
  signal: AbortSignal,
): Promise<number> {
  let all = 0;
  for (const { name, strip: stripStep } of placesOf(stripping.kind)) {
    for (let after: StripStep['next'] = stripStart; after !== undefined; ) {
      signal.throwIfAborted();
      const from = after;
      const { changed, next } = await database.keyedTransaction(async (tx) => {
        const step = await stripStep(tx, stripping, from);
        await addCounts(tx, key, [{ location: name, found: step.changed, erased: step.changed }]);
        return step;
      });
      all += changed;
      after = next;
    }
  }
  return all;
}
