/** Campaigns through the real SDK: what is written and read. Numbers in brackets are the cases of dossier/messaging §18. */
import {
  type CampaignResponse,
  CreateAppCommand,
  CreateCampaignCommand,
  CreateSegmentCommand,
  GetCampaignCommand,
  type WriteCampaignRequest,
} from '@aws-sdk/client-pinpoint';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/kernel/clock.ts';
import { startTestServer } from '../support/test-server.ts';

const clock = new ManualClock(new Date());
const server = await startTestServer({ clock, environment: { REPOINT_ROLES: 'api' } });
const client = server.client();

let ApplicationId: string;
let SegmentId: string;
beforeEach(async () => {
  const app = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'campaigns' } }));
  ApplicationId = app.ApplicationResponse?.Id as string;
  SegmentId = await makeSegment();
});

async function makeSegment(): Promise<string> {
  const made = await client.send(new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: 'all' } }));
  return made.SegmentResponse?.Id as string;
}

const inAnHour = () => new Date(clock.now().getTime() + 3_600_000).toISOString();

const mail: WriteCampaignRequest = {
  MessageConfiguration: { EmailMessage: { Title: 'Hello', HtmlBody: '<p>Hello {{User.UserAttributes.Name}}</p>' } },
};
const later = (request: WriteCampaignRequest = {}): WriteCampaignRequest => ({
  ...{ Name: 'spring', SegmentId, Schedule: { StartTime: inAnHour() } },
  ...mail,
  ...request,
});

async function create(request: WriteCampaignRequest) {
  const { CampaignResponse, $metadata } = await client.send(
    new CreateCampaignCommand({ ApplicationId, WriteCampaignRequest: request }),
  );
  expect($metadata.httpStatusCode).toBe(201);
  return CampaignResponse as CampaignResponse & { readonly Id: string };
}

describe('a campaign', () => {
  it('[4] is created, and read as it was written', async () => {
    const campaign = await create(later({ Description: 'd', tags: { team: 'crm' } }));
    expect(campaign).toMatchObject({ Name: 'spring', Version: 1, SegmentVersion: 1, tags: { team: 'crm' }, ...mail });
    expect(campaign.State).toEqual({ CampaignStatus: 'SCHEDULED' });
    expect(campaign).not.toHaveProperty('DefaultState');
    const read = await client.send(new GetCampaignCommand({ ApplicationId, CampaignId: campaign.Id }));
    expect(read.CampaignResponse).toEqual(campaign);
  });
});
