/**
 * What a campaign's messages carry back to it, what recommenders add to them, and runs whose ground is taken away while
 * they are paused or under way. In brackets: the cases of dossier/messaging §18.
 */
import {
  CreateEmailTemplateCommand,
  CreateRecommenderConfigurationCommand,
  DeleteAppCommand,
  DeleteEndpointCommand,
  UpdateGcmChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { totalsOf } from '../../src/domains/campaigns/run/counters.ts';
import { readCounts } from '../../src/domains/campaigns/run/counts-store.ts';
import { ManualClock } from '../../src/kernel/clock.ts';
import {
  type CampaignProject,
  eventually,
  immediately,
  mail,
  mailboxes,
  newCampaignProject,
} from '../support/campaign-project.ts';
import { startLambdaServer } from '../support/lambda-server.ts';
import { recordingKind } from '../support/recording-driver.ts';
import { callApi } from '../support/repoint-api.ts';
import { signWithTimeOf } from '../support/signing-time.ts';
import { startTestServer } from '../support/test-server.ts';

const functions = await startLambdaServer();
Object.assign(process.env, {
  ...{ AWS_ENDPOINT_URL_LAMBDA: functions.endpoint, AWS_REGION: 'us-east-1' },
  ...{ AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'S' },
});
const gate = recordingKind('GATE', ['EMAIL']);
/** Half past eight in the morning of this day. */
const clock = new ManualClock(new Date(new Date().setUTCHours(8, 30, 0, 0)));
const server = await startTestServer({
  ...{ clock, driverKinds: [gate] },
  environment: { REPOINT_ALLOWED_NETWORKS: '127.0.0.0/8', REPOINT_PUBLIC_URL: 'https://links.example.com' },
});
const client = signWithTimeOf(clock, server.client());
const { query } = server.database;

interface Stored {
  readonly MessageId: string;
  readonly Address: string;
  readonly Email?: { readonly Subject: string; readonly Html: string };
  readonly Push?: { readonly Payload: string };
}

async function outbox({ ApplicationId }: CampaignProject): Promise<Stored[]> {
  const path = `/repoint/v1/apps/${ApplicationId}/outbox`;
  const { body } = await callApi(server, `GET ${path}`, { now: clock.now() });
  const messages = body.Item.map(async ({ MessageId }: Stored): Promise<Stored> => {
    return (await callApi(server, `GET ${path}/${MessageId}`, { now: clock.now() })).body;
  });
  return (await Promise.all<Stored>(messages)).toSorted((one, other) => (one.Address < other.Address ? -1 : 1));
}

/** Of the only run of a campaign. */
async function runOf(campaign: string) {
  const { rows } = await sql<{ id: string; state: string; activity: string }>`
    select run.id, run.state, activity.id as activity from campaign_runs as run
    join campaign_activities as activity on activity.run_id = run.id
    where run.campaign_id = ${campaign}`.execute(query);
  return rows[0] as (typeof rows)[number];
}

async function totals({ number }: CampaignProject, campaign: string) {
  const { activity } = await runOf(campaign);
  return totalsOf((await readCounts(query, number, [activity])).get(activity) ?? {});
}

describe('a message carries its campaign', () => {
  it('as push data, in which every value is text [69]', async () => {
    const project = await newCampaignProject(server, client);
    const { ApplicationId } = project;
    await client.send(
      new UpdateGcmChannelCommand({ ApplicationId, GCMChannelRequest: { ApiKey: 'key', Enabled: true } }),
    );
    await project.people([{ Id: 'phone', ChannelType: 'GCM', Address: 'token' }]);
    // The key is nobody's.
    await callApi(server, `PUT /repoint/v1/apps/${ApplicationId}/providers/GCM`, {
      ...{ now: clock.now(), body: { Kind: 'OUTBOX', Settings: {} } },
    });
    const id = await project.create({
      ...{ SegmentId: await project.segment(), Schedule: immediately },
      MessageConfiguration: { GCMMessage: { Title: 'Hi', Body: 'Sale', Action: 'URL', Url: 'https://shop.example' } },
    });
    await project.until(id, 'COMPLETED');
    const [message] = await outbox(project);
    const payload = JSON.parse(message?.Push?.Payload ?? '{}');
    const { data } = payload.message ?? payload;
    expect(Object.values(data).every((value) => typeof value === 'string')).toBe(true);
    expect(data).toMatchObject({
      'pinpoint.campaign.campaign_id': id,
      'pinpoint.campaign.campaign_activity_id': (await runOf(id)).activity,
      'pinpoint.campaign.treatment_id': '0',
      'pinpoint.url': 'https://shop.example',
    });
    expect((payload.message ?? payload).notification).toBeUndefined();
  });

  it('in links of its own for each recipient, whose clicks are counted once an hour [74]', async () => {
    const project = await newCampaignProject(server, client);
    await project.people(mailboxes(2));
    await callApi(server, `PUT /repoint/v1/apps/${project.ApplicationId}/messaging-settings`, {
      ...{ now: clock.now(), body: { ClickTracking: true, OpenTracking: true } },
    });
    const HtmlBody = '<a href="https://shop.example/a?b=1&amp;c=2">x</a> <a href="https://shop.example/z">y</a>';
    const id = await project.create({
      ...{ SegmentId: await project.segment(), Schedule: immediately },
      MessageConfiguration: { EmailMessage: { Title: 'Hello', HtmlBody } },
    });
    await project.until(id, 'COMPLETED');
    const links = (await outbox(project)).map(({ Email }) =>
      [...(Email?.Html ?? '').matchAll(/href="([^"]+)"/g)].map(([, link]) => link as string),
    );
    expect(links.map(({ length }) => length)).toEqual([2, 2]);
    expect(new Set(links.flat()).size).toBe(4);
    const [first = '', second = ''] = links[0] ?? [];
    const click = async (link: string) => {
      const answer = await fetch(link.replace('https://links.example.com', server.origin), { redirect: 'manual' });
      return [answer.status, answer.headers.get('location')];
    };
    expect(await click(first)).toEqual([302, 'https://shop.example/a?b=1&c=2']);
    clock.advance(15 * 60_000);
    expect(await click(second)).toEqual([302, 'https://shop.example/z']);
    clock.advance(20 * 60_000);
    expect(await click(first)).toEqual([302, 'https://shop.example/a?b=1&c=2']);
    const clicks = async () => {
      const { rows } = await sql<{ attributes: object }>`
        select attributes from events
        where project_number = ${project.number} and type = '_email.click'`.execute(query);
      return rows;
    };
    await eventually(async () => (await clicks()).length === 3);
    const origin = { campaign_id: id, campaign_activity_id: (await runOf(id)).activity, treatment_id: '0' };
    for (const { attributes } of await clicks()) expect(attributes).toMatchObject(origin);
    const { rows } = await sql<{ value: number }>`
      select sum(value) as value from analytics_counters
      where project_number = ${project.number} and metric = 'campaign email clicked' and source_id = ${id}`.execute(
      query,
    );
    expect(rows).toEqual([{ value: 2 }]);
  });
});

describe('a recommender', () => {
  it.each([
    ['may answer with a bare map', (endpoints: object) => endpoints, { Author: ['Woolf'] }, 2],
    ['or under Endpoints', (endpoints: object) => ({ Endpoints: endpoints }), { Author: ['Woolf'] }, 2],
    ['must keep the names of attributes', (endpoints: object) => endpoints, { Writer: ['Woolf'] }, 0],
  ] as const)('%s [80]', async (name, wrap, Recommendations, sent) => {
    const project = await newCampaignProject(server, client);
    const { RecommenderConfigurationResponse } = await client.send(
      new CreateRecommenderConfigurationCommand({
        CreateRecommenderConfiguration: {
          RecommendationProviderUri: 'arn:aws:lambda:us-east-1:123456789012:function:items',
          RecommendationProviderRoleArn: 'arn:aws:iam::123456789012:role/recommender',
          RecommendationTransformerUri: 'arn:aws:lambda:us-east-1:123456789012:function:enrich',
          Attributes: { Author: 'Author' },
        },
      }),
    );
    functions.answer = ({ functionName, payload }) => {
      if (functionName.endsWith('items')) return { payload: '{"itemList":[{"itemId":"book-1"}]}' };
      const { Endpoints } = JSON.parse(payload);
      const answered = Object.entries(Endpoints).map(([id, endpoint]) => [
        id,
        { ...(endpoint as object), Recommendations },
      ]);
      return { payload: JSON.stringify(wrap(Object.fromEntries(answered))) };
    };
    const TemplateName = `books-${name.replaceAll(/\W/g, '-')}`;
    await client.send(
      new CreateEmailTemplateCommand({
        TemplateName,
        EmailTemplateRequest: {
          ...{ Subject: 'By {{Recommendations.Author.[0]}}', HtmlPart: '<p>Books</p>' },
          RecommenderId: RecommenderConfigurationResponse?.Id,
        },
      }),
    );
    await project.people(mailboxes(2));
    const id = await project.create({
      ...{ SegmentId: await project.segment(), Schedule: immediately },
      TemplateConfiguration: { EmailTemplate: { Name: TemplateName } },
    });
    await project.until(id, 'COMPLETED');
    const skipped = sent === 2 ? {} : { RECOMMENDATION_FAILURE: 2 };
    expect(await totals(project, id)).toEqual({ ...{ targeted: 2, sent, failed: 0, open: 0 }, skipped });
    expect(await project.events()).toEqual(sent === 2 ? { SUCCESS: 2 } : skipped);
    expect((await outbox(project)).map(({ Email }) => Email?.Subject)).toEqual(Array(sent).fill('By Woolf'));
  });
});

describe('a run', () => {
  /** Claimed by the run, and held by the provider. */
  async function begin(people: number) {
    const project = await newCampaignProject(server, client);
    await callApi(server, `PUT /repoint/v1/apps/${project.ApplicationId}/providers/EMAIL`, {
      ...{ now: clock.now(), body: { Kind: 'GATE', Settings: { Account: project.ApplicationId } } },
    });
    const open = gate.hold();
    await project.people(mailboxes(people));
    const id = await project.create({ ...mail, SegmentId: await project.segment(), Schedule: immediately });
    await eventually(async () => ((await project.statuses())['CLAIMED'] ?? 0) > 0);
    const left = () =>
      gate.opened
        .filter(({ settings }) => settings['Account'] === project.ApplicationId)
        .flatMap(({ delivered }) => delivered.map(({ address }) => address));
    return { project, open, id, left };
  }

  it('to a segment that becomes empty while it is paused ends, and its totals are whole', async () => {
    const { project, open, id, left } = await begin(15);
    const { ApplicationId } = project;
    const run = await runOf(id);
    const call = (what: string) =>
      callApi(server, `POST /repoint/v1/apps/${ApplicationId}/campaigns/${id}/runs/${run.id}/${what}`, {
        now: clock.now(),
      });
    expect((await call('pause')).body).toMatchObject({ State: 'PAUSED' });
    for (const { Id: EndpointId } of mailboxes(15)) {
      await client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId }));
    }
    open();
    expect((await call('resume')).body).toMatchObject({ State: 'RUNNING' });
    await project.until(id, 'COMPLETED');
    const { targeted, sent, failed, skipped, open: lost } = await totals(project, id);
    expect({ lost, failed, targeted }).toEqual({ lost: 0, failed: 0, targeted: sent + (skipped['ERASED'] ?? 0) });
    expect(left().length).toBeLessThanOrEqual(10);
  });

  it('stops with its project within a second, whatever waits for the provider', async () => {
    const { project, open, left } = await begin(100);
    await client.send(new DeleteAppCommand({ ApplicationId: project.ApplicationId }));
    await new Promise((resume) => setTimeout(resume, 1_000));
    open();
    await new Promise((resume) => setTimeout(resume, 500));
    // What the driver had is answered; nothing more leaves.
    expect(left().length).toBeLessThanOrEqual(10);
  });
});
