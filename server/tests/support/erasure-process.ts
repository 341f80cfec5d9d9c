/** A process that erases what was received until it is done or killed. Words: database URL, id of the erasure. */
import { personalDataInventory } from '../../src/app/inventory.ts';
import { openDatabase } from '../../src/database/index.ts';
import { Receipts } from '../../src/domains/erasure/index.ts';
import { projectEnding } from '../../src/domains/erasure/project/ending.ts';
import { erase } from '../../src/domains/erasure/scope/erase.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { MasterKey } from '../../src/kernel/master-key.ts';

const [url = '', erasureId = ''] = process.argv.slice(2);
const database = await openDatabase({ connection: { url }, logger: createLogger('warn') });
const receipts = new Receipts({ masterKey: new MasterKey(Buffer.alloc(32)), database: 'embedded' });
const parts = { database, clock: systemClock, inventory: personalDataInventory, receipts };
await erase(parts, erasureId, projectEnding, new AbortController().signal);
await database.close();
