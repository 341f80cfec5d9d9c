/** SIGTERM at the worst moment: a mail server has taken mails of a campaign and does not answer. */
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/database/index.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { eventually, immediately, mail, mailboxes, newCampaignProject } from '../support/campaign-project.ts';
import { readCredentials } from '../support/program.ts';
import { openSink } from '../support/smtp-sink.ts';
import { administratorClient, prepareDeployment, startForTest } from './deployment.ts';

const deployment = prepareDeployment();
const { dataDirectory, settings } = deployment;
const people = 60;

it('ends within seconds, and the next start goes on: nobody is left out, nobody has two', {
  timeout: 120_000,
}, async () => {
  const arrived: string[] = [];
  let hangs = true;
  const sink = await openSink({
    keep: false,
    took: ({ to }) => arrived.push(to),
    misbehave({ command, to }) {
      if (command !== 'content' || !hangs) return undefined;
      arrived.push(to);
      return 'hang';
    },
  });
  const withMail = { ...settings, REPOINT_SMTP_URL: `smtp://127.0.0.1:${sink.port}` };
  const first = await startForTest(withMail);
  const database = await openDatabase({ connection: { url: deployment.databaseUrl }, logger: createLogger('silent') });
  try {
    const administrator = { accountId: '', ...readCredentials(dataDirectory) };
    const client = administratorClient(first.origin, dataDirectory);
    const project = await newCampaignProject({ origin: first.origin, administrator, database }, client);
    await project.people(mailboxes(people));
    await project.create({ ...mail, SegmentId: await project.segment(), Schedule: immediately });
    await eventually(async () => arrived.length >= 5);
    const begun = performance.now();
    expect(await first.end()).toEqual({ exitCode: 0, signal: null });
    expect(performance.now() - begun).toBeLessThan(15_000);
    const inHand = arrived.length;
    expect(await project.statuses()).toMatchObject({ UNKNOWN_FAILURE: inHand });
    hangs = false;
    await startForTest(withMail);
    await eventually(async () => arrived.length >= people, 40_000);
    await eventually(async () => (await project.statuses())['SUCCESSFUL'] === people - inHand);
    expect(new Set(arrived).size).toBe(people);
    expect(arrived).toHaveLength(people);
  } finally {
    await database.close();
    await sink.close();
  }
});
