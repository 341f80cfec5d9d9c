/** Runs of campaigns through the real SDK, to the outbox: who gets what, and what is counted (dossier/messaging §1.9). */
import { expect, it } from 'vitest';
import { immediately, mail, mailboxes, newCampaignProject } from '../support/campaign-project.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const client = server.client();

it('sends an immediate campaign to a segment, once to each', async () => {
  const project = await newCampaignProject(server, client);
  await project.people(mailboxes(250));
  const id = await project.create({ ...mail, SegmentId: await project.segment(), Schedule: immediately });
  await project.until(id, 'COMPLETED');
  expect(await project.outbox()).toEqual(
    mailboxes(250)
      .map(({ Address }) => Address)
      .sort(),
  );
  expect(await project.statuses()).toEqual({ SUCCESSFUL: 250 });
  expect(await project.events()).toEqual({ SUCCESS: 250 });
});
