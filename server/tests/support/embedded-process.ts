/**
 * A process that owns or joins an embedded database, for tests that kill it. Words: data directory, mode, and
 * optionally `write` to commit rows without end. Tells of itself in lines of JSON.
 */
import { sql } from 'kysely';
import { openDatabase, openEmbedded } from '../../src/database/index.ts';
import { createLogger } from '../../src/kernel/logger.ts';

const [dataDirectory = '', mode = 'serve', work] = process.argv.slice(2);
// Standard output is for the news.
const logger = createLogger('info');
const alive = setInterval(() => undefined, 60_000);

try {
  const embedded = await openEmbedded({ dataDirectory, mode: mode === 'join' ? 'join' : 'serve', logger });
  const database = await openDatabase({ connection: embedded.connection, logger, poolSize: 4 });
  tell({ ready: true, url: embedded.connection.url, place: embedded.place });
  if (work === 'write') await writeWithoutEnd(database);
  await new Promise<void>((resume) => process.once('SIGTERM', resume));
  await database.close();
  await embedded.close();
  tell({ closed: true });
} catch (error) {
  tell({ failed: (error as Error).message, name: (error as Error).name });
  process.exitCode = 1;
} finally {
  clearInterval(alive);
}

async function writeWithoutEnd(database: Awaited<ReturnType<typeof openDatabase>>): Promise<void> {
  await sql`create table if not exists written (number int primary key)`.execute(database.query);
  const { rows } = await sql<{ next: number }>`select coalesce(max(number), 0) + 1 as next from written`.execute(
    database.query,
  );
  for (let number = rows[0]?.next ?? 1; ; number += 1) {
    await sql`insert into written values (${number})`.execute(database.query);
    tell({ committed: number });
  }
}

function tell(news: object): void {
  process.stdout.write(`${JSON.stringify(news)}\n`);
}
