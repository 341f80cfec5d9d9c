/** A process that works slowly through the ranges of a piece of work, to be killed. Words: database URL, id of the work. */
import { setTimeout as pause } from 'node:timers/promises';
import { claimRange, openDatabase, workThrough } from '../../src/database/index.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { doPlaces } from './lease-work.ts';

const [url = '', workId = ''] = process.argv.slice(2);
const database = await openDatabase({ connection: { url }, logger: createLogger('warn') });
const work = { kind: 'test', workId };
for (
  let lease = await claimRange(database.query, work, 'killed');
  lease !== undefined;
  lease = await claimRange(database.query, work, 'killed')
) {
  const held = lease;
  const step = async (tx: Parameters<typeof doPlaces>[0], cursor: unknown) => {
    await pause(20);
    return doPlaces(tx, held, cursor);
  };
  await workThrough(database, held, step, { signal: new AbortController().signal });
}
await database.close();
