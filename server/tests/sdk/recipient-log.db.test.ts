/** What one endpoint was sent and why something was not, over our API: direct messages, campaigns' and their skips. */
import { SendMessagesCommand, UpdateEmailChannelCommand, UpdateEndpointCommand } from '@aws-sdk/client-pinpoint';
import { beforeEach, expect, it } from 'vitest';
import { markCampaignDeleted } from '../../src/domains/campaigns/store.ts';
import type { EventProject } from '../../src/domains/events/index.ts';
import { createProject, ofCampaign } from '../support/analytics-events.ts';
import { callApi } from '../support/repoint-api.ts';
import { putCampaign, putMessages } from '../support/stored-campaigns.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const client = server.client();
const day = 24 * 3_600_000;
const ago = (days: number) => new Date(Date.now() - days * day);

let project: EventProject;
let campaign: string;
beforeEach(async () => {
  project = await createProject(server);
  campaign = await putCampaign(server.database, project, { now: ago(20), Name: 'Autumn' });
});

const log = async (endpoint: string, query = '') =>
  (await callApi(server, `GET /repoint/v1/apps/${project.id}/endpoints/${endpoint}/messages${query}`)).body;
const message = (of: {
  readonly at: Date;
  readonly runId: string;
  readonly status?: string;
  readonly treatment?: string;
}) => ({
  ...{ endpointId: 'Ana', at: of.at, runId: of.runId, ...(of.status !== undefined && { status: of.status }) },
  origin: ofCampaign(campaign, `activity of ${of.runId}`, of.treatment),
});

it('names the campaign, its run and treatment, and says why nothing came; newest first', async () => {
  await putMessages(server.database, project, [
    message({ at: ago(10), runId: 'r1', treatment: '1' }),
    message({ at: ago(2), runId: 'r2', status: 'QUIET_TIME' }),
    message({ at: ago(1), runId: 'r3', status: 'SUPPRESSED' }),
    { ...message({ at: ago(1), runId: 'r3' }), endpointId: 'ben' },
  ]);
  const { Item } = await log('ANA');
  const common = {
    Origin: 'CAMPAIGN',
    CampaignId: campaign,
    CampaignName: 'Autumn',
    ChannelType: 'EMAIL',
    Attempts: 1,
  };
  expect(Item).toMatchObject([
    { ...common, RunId: 'r3', Status: 'SUPPRESSED', Reason: 'The address is on the list of bounces and complaints.' },
    { ...common, RunId: 'r2', Status: 'QUIET_TIME', Reason: 'It was quiet time for the endpoint.', TreatmentId: '0' },
    { ...common, RunId: 'r1', Status: 'SUCCESSFUL', CampaignActivityId: 'activity of r1', TreatmentId: '1' },
  ]);
  expect(Item[2]).not.toHaveProperty('Reason');
});

it('has messages of all origins, or of one campaign, page by page', async () => {
  const another = await putCampaign(server.database, project, { now: ago(20), Name: 'Winter' });
  await client.send(
    new UpdateEmailChannelCommand({
      ApplicationId: project.id,
      EmailChannelRequest: { FromAddress: 'a@example.com', Identity: 'arn:aws:ses:us-east-1:123456789012:identity/x' },
    }),
  );
  await client.send(
    new UpdateEndpointCommand({
      ...{ ApplicationId: project.id, EndpointId: 'ana' },
      EndpointRequest: { ChannelType: 'EMAIL', Address: 'ana@example.com' },
    }),
  );
  await client.send(
    new SendMessagesCommand({
      ApplicationId: project.id,
      MessageRequest: {
        Endpoints: { ana: {} },
        MessageConfiguration: { EmailMessage: { FromAddress: 'a@example.com', Body: 'hello' } },
      },
    }),
  );
  await putMessages(server.database, project, [
    ...[5, 4, 3].map((days) => message({ at: ago(days), runId: `r${days}` })),
    { ...message({ at: ago(6), runId: 'r6' }), origin: ofCampaign(another) },
  ]);
  const { Item: all } = await log('ana');
  expect(all.map((each: { Origin: string; CampaignName?: string }) => each.CampaignName ?? each.Origin)).toEqual([
    ...['DIRECT', 'Autumn', 'Autumn', 'Autumn', 'Winter'],
  ]);
  const first = await log('ana', `?campaign=${campaign}&page-size=2`);
  const second = await log('ana', `?campaign=${campaign}&page-size=2&token=${first.NextToken}`);
  expect([...first.Item, ...second.Item].map(({ RunId }) => RunId)).toEqual(['r3', 'r4', 'r5']);
  expect(second).not.toHaveProperty('NextToken');
  const moved = `/repoint/v1/apps/${project.id}/endpoints/ana/messages?token=${first.NextToken}`;
  expect((await callApi(server, `GET ${moved}`)).status).toBe(400);
});

it('knows campaigns that were deleted', async () => {
  await putMessages(server.database, project, [message({ at: ago(1), runId: 'r1' })]);
  await server.database.transaction((tx) =>
    markCampaignDeleted(tx, { projectNumber: project.number, id: campaign }, new Date()),
  );
  expect((await log('ana')).Item).toMatchObject([{ CampaignName: 'Autumn' }]);
});

it('is empty for whom nothing was ever meant', async () => {
  expect(await log('nobody')).toEqual({ Item: [] });
  await putMessages(server.database, project, [message({ at: ago(1), runId: 'r1' })]);
  expect(await log('ana', '?campaign=another')).toEqual({ Item: [] });
});
