/** A project with people and channels, and what a test of campaigns asks of it. */
import {
  type ActivityResponse,
  CreateAppCommand,
  CreateCampaignCommand,
  CreateSegmentCommand,
  type EndpointBatchItem,
  GetCampaignActivitiesCommand,
  GetCampaignCommand,
  type PinpointClient,
  UpdateEmailChannelCommand,
  UpdateEndpointsBatchCommand,
  UpdateSmsChannelCommand,
  type WriteCampaignRequest,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { callApi } from './repoint-api.ts';
import type { TestServer } from './test-server.ts';

export interface CampaignProject {
  readonly ApplicationId: string;
  readonly number: number;
  /** Everybody, or those of a filter. */
  segment(filter?: object): Promise<string>;
  people(endpoints: readonly EndpointBatchItem[]): Promise<void>;
  create(request: WriteCampaignRequest): Promise<string>;
  state(CampaignId: string): Promise<string | undefined>;
  activities(CampaignId: string): Promise<ActivityResponse[]>;
  /** Until the campaign is in that state. */
  until(CampaignId: string, state: string, milliseconds?: number): Promise<void>;
  /** Addresses of the outbox, sorted. */
  outbox(): Promise<string[]>;
  /** Rows of the log of sends: how many of each status. */
  statuses(): Promise<Record<string, number>>;
  /** `_campaign.send` events: how many of each status. */
  events(): Promise<Record<string, number>>;
}

export const mail: WriteCampaignRequest = {
  MessageConfiguration: {
    EmailMessage: { Title: 'Hello {{Attributes.Name}}', HtmlBody: '<p>Hello {{Attributes.Name}}</p>' },
  },
};

export const immediately = { StartTime: 'IMMEDIATE' } as const;

/** `person-0` … with addresses of their own. */
export function mailboxes(count: number, more: (index: number) => Partial<EndpointBatchItem> = () => ({})) {
  return Array.from({ length: count }, (_each, index): EndpointBatchItem => {
    const Id = `person-${index}`;
    return {
      ...{ Id, ChannelType: 'EMAIL', Address: `${Id}@example.com`, Attributes: { Name: [`N${index}`] } },
      ...more(index),
    };
  });
}

/** What is asked of a server, in this process or in one of its own. */
export type CampaignServer = Pick<TestServer, 'origin' | 'administrator' | 'database'>;

export async function newCampaignProject(server: CampaignServer, client: PinpointClient): Promise<CampaignProject> {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'campaigns' } }),
  );
  const ApplicationId = ApplicationResponse?.Id as string;
  const { query } = server.database;
  const { rows } = await sql<{ number: number }>`select number from projects where id = ${ApplicationId}`.execute(
    query,
  );
  const number = rows[0]?.number as number;
  await client.send(
    new UpdateEmailChannelCommand({
      ApplicationId,
      EmailChannelRequest: {
        ...{ FromAddress: 'Shop <shop@example.com>', Enabled: true },
        Identity: 'arn:aws:ses:us-east-1:123456789012:identity/example.com',
      },
    }),
  );
  await client.send(new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest: { Enabled: true } }));
  const tally = async (of: ReturnType<typeof sql<{ name: string; count: number }>>) =>
    Object.fromEntries((await of.execute(query)).rows.map(({ name, count }) => [name, count]));
  const project: CampaignProject = {
    ...{ ApplicationId, number },
    async segment(filter = {}) {
      const made = await client.send(
        new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: 'some', ...filter } }),
      );
      return made.SegmentResponse?.Id as string;
    },
    async people(endpoints) {
      for (let from = 0; from < endpoints.length; from += 100) {
        const Item = endpoints.slice(from, from + 100);
        await client.send(
          new UpdateEndpointsBatchCommand({ ApplicationId, EndpointBatchRequest: { Item: [...Item] } }),
        );
      }
    },
    async create(request) {
      const { CampaignResponse } = await client.send(
        new CreateCampaignCommand({ ApplicationId, WriteCampaignRequest: { Name: 'spring', ...request } }),
      );
      return CampaignResponse?.Id as string;
    },
    async state(CampaignId) {
      const { CampaignResponse } = await client.send(new GetCampaignCommand({ ApplicationId, CampaignId }));
      return CampaignResponse?.State?.CampaignStatus;
    },
    async activities(CampaignId) {
      const { ActivitiesResponse } = await client.send(new GetCampaignActivitiesCommand({ ApplicationId, CampaignId }));
      return ActivitiesResponse?.Item ?? [];
    },
    async until(CampaignId, state, milliseconds = 20_000) {
      await eventually(async () => (await project.state(CampaignId)) === state, milliseconds);
    },
    async outbox() {
      const addresses: string[] = [];
      for (let token = ''; ; ) {
        const { body } = await callApi(server, `GET /repoint/v1/apps/${ApplicationId}/outbox?page-size=500${token}`);
        addresses.push(...body.Item.map(({ Address }: { Address: string }) => Address));
        if (body.NextToken === undefined) return addresses.sort();
        token = `&token=${encodeURIComponent(body.NextToken)}`;
      }
    },
    statuses: () =>
      tally(sql`select status as name, count(*)::int as count from sends where project_number = ${number} group by 1`),
    events: () =>
      tally(sql`
        select attributes ->> 'campaign_send_status' as name, count(*)::int as count from events
        where project_number = ${number} and type = '_campaign.send' group by 1`),
  };
  return project;
}

/** @throws when it does not come true in time */
export async function eventually(look: () => Promise<boolean>, milliseconds = 20_000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!(await look())) {
    if (performance.now() > end) throw new Error('It did not come true in time.');
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
