/**
 * Writes `schema.sql` and `tables.ts` from a freshly migrated database. With `--check`, changes nothing and fails when
 * the files on disk are others.
 */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { migrate, openDatabase, openEmbedded } from '../server/src/database/index.ts';
import { createLogger } from '../server/src/kernel/logger.ts';
import { readCatalogue } from './schema/catalogue.ts';
import { emitSchema, emitTableTypes } from './schema/emit.ts';

const directory = resolve(import.meta.dirname, '../server/src/database');
const dataDirectory = mkdtempSync(join(tmpdir(), 'repoint-schema-'));
chmodSync(dataDirectory, 0o711);
const logger = createLogger('warn');

async function dump(): Promise<Record<string, string>> {
  // Nothing here has to survive anything.
  const settings = { fsync: 'off', shared_buffers: '32MB', max_wal_size: '256MB' };
  const embedded = await openEmbedded({ dataDirectory, mode: 'serve', logger, settings });
  try {
    await migrate({ connection: embedded.connection, logger, masterKeyFingerprint: 'schema' });
    const database = await openDatabase({ connection: embedded.connection, logger });
    const catalogue = await readCatalogue(database.query);
    await database.close();
    return { 'schema.sql': emitSchema(catalogue), 'tables.ts': emitTableTypes(catalogue) };
  } finally {
    await embedded.close();
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}

const files = await dump();
const outdated = Object.keys(files).filter((name) => {
  const file = join(directory, name);
  return !existsSync(file) || readFileSync(file, 'utf8') !== files[name];
});
if (!process.argv.includes('--check')) {
  for (const name of outdated) writeFileSync(join(directory, name), files[name] as string);
} else if (outdated.length > 0) {
  console.error(`server/src/database is not what the migrations make (${outdated.join(', ')}). Run: npm run generate`);
  process.exit(1);
}
