/** A process whose job never ends, to be killed in the middle of it. Word: the URL of the database. */
import { sql } from 'kysely';
import { openDatabase } from '../../src/database/index.ts';
import { defineJob, handleJob, JobRunner } from '../../src/jobs/index.ts';
import { createLogger } from '../../src/kernel/logger.ts';

const connection = { url: process.argv[2] as string };
const logger = createLogger('warn');
const database = await openDatabase({ connection, logger });
const job = defineJob('test/count', (payload) => payload as { id: number });
const handler = handleJob(job, async ({ id }, { attempt }) => {
  await sql`insert into runs values (${id}, ${attempt})`.execute(database.query);
  await new Promise(() => {});
});
await new JobRunner({ connection, logger, jobs: [handler], pollMilliseconds: 100 }).run();
