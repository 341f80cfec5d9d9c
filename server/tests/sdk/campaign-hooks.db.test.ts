/**
 * Hooks and custom delivery in runs of campaigns: through the SDK, against a real HTTPS receiver and functions behind the
 * protocol of Lambda. In brackets: dossier/messaging §18.
 */
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CampaignProject, immediately, mail, mailboxes, newCampaignProject } from '../support/campaign-project.ts';
import { startLambdaServer } from '../support/lambda-server.ts';
import { answerJson, startProviderServer } from '../support/provider-server.ts';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

const receiver = await startProviderServer({ secure: true });
const functions = await startLambdaServer();
// Where the operator says that functions are.
Object.assign(process.env, {
  ...{ AWS_ENDPOINT_URL_LAMBDA: functions.endpoint, AWS_REGION: 'us-east-1' },
  ...{ AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'S' },
});
const server = await startTestServer({ environment: { REPOINT_ALLOWED_NETWORKS: '127.0.0.0/8' } });
const client = server.client();

interface Shown {
  readonly Attributes: Readonly<Record<string, readonly string[]>>;
  readonly ChannelType: string;
}
interface Question {
  readonly Endpoints: Readonly<Record<string, Shown>>;
  readonly MessageConfiguration?: object;
  readonly Data?: string;
  readonly TreatmentId: string;
  readonly CampaignId: string;
  readonly ActivityId: string;
}
const questions = () => functions.invocations.map(({ payload }): Question => JSON.parse(payload));
const posted = () =>
  receiver.received.filter(({ method }) => method === 'POST').map(({ body }): Question => JSON.parse(body));

let project: CampaignProject;
beforeEach(async () => {
  project = await newCampaignProject(server, client);
  functions.invocations.length = 0;
});

const byFunction = { Hook: { LambdaFunctionName: 'choose', Mode: 'FILTER' } } as const;
const answerWith = (change: (endpoints: Record<string, Shown>, question: Question) => object) => {
  functions.answer = ({ payload }) => {
    const question: Question = JSON.parse(payload);
    return { payload: JSON.stringify(change({ ...question.Endpoints }, question)) };
  };
};

interface Sent {
  readonly Address: string;
  readonly Email?: { readonly Subject: string };
  readonly Sms?: { readonly Body: string };
}
async function outbox(): Promise<Map<string, Sent>> {
  const path = `/repoint/v1/apps/${project.ApplicationId}/outbox`;
  const { body } = await callApi(server, `GET ${path}?page-size=500`);
  const found = new Map<string, Sent>();
  for (const { MessageId, Address } of body.Item) {
    found.set(Address, (await callApi(server, `GET ${path}/${MessageId}`)).body);
  }
  return found;
}

describe('a hook', () => {
  it('is shown fifty at a time, and says who stays and as whom [32, 33]', async () => {
    await project.people([
      ...mailboxes(110),
      ...mailboxes(10, (index) => ({ Id: `phone-${index}`, ChannelType: 'SMS', Address: `+4479460${10_000 + index}` })),
    ]);
    answerWith(({ 'person-7': _removed, ...endpoints }) =>
      Object.fromEntries(
        Object.entries(endpoints).map(([id, endpoint]) => [
          id,
          { ...endpoint, BodyOverride: 'from the hook', Attributes: { Name: [endpoint.Attributes['Name']?.[0], 42] } },
        ]),
      ),
    );
    const id = await project.create({
      ...{ ...byFunction, SegmentId: await project.segment(), Schedule: immediately },
      MessageConfiguration: {
        EmailMessage: { Title: '{{Attributes.Name.[0]}} {{Attributes.Name.[1]}}', HtmlBody: '<p>own</p>' },
        SMSMessage: { Body: 'own', MessageType: 'PROMOTIONAL' },
      },
    });
    await project.until(id, 'COMPLETED', 60_000);
    expect(await project.statuses()).toEqual({ SUCCESSFUL: 119, FILTERED_OUT_BY_HOOK: 1 });
    const asked = questions();
    for (const { Endpoints } of asked) expect(Object.keys(Endpoints).length).toBeLessThanOrEqual(50);
    expect(asked.reduce((sum, { Endpoints }) => sum + Object.keys(Endpoints).length, 0)).toBe(120);
    expect(asked[0]).toMatchObject({ CampaignId: id, TreatmentId: '0', MessageConfiguration: { SMSMessage: {} } });
    expect(asked[0]).not.toHaveProperty('Data');
    const [activity] = await project.activities(id);
    expect(asked[0]?.ActivityId).toBe(activity?.Id);
    const sent = await outbox();
    expect(sent.size).toBe(119);
    expect(JSON.stringify(sent.get('person-8@example.com'))).toMatch(/N8 42/);
    expect(JSON.stringify(sent.get('+447946010003'))).toContain('from the hook');
    expect(sent.has('person-7@example.com')).toBe(false);
  });

  it('that fails, fails for those it was asked about and for no others [34]', async () => {
    await project.people(mailboxes(120));
    functions.answer = ({ payload }) =>
      payload.includes('"person-7"')
        ? { status: 403, errorType: 'AccessDeniedException' }
        : { payload: JSON.stringify(JSON.parse(payload).Endpoints) };
    const id = await project.create({
      ...{ ...mail, ...byFunction, SegmentId: await project.segment(), Schedule: immediately },
    });
    await project.until(id, 'COMPLETED', 60_000);
    const failed = questions().find(({ Endpoints }) => 'person-7' in Endpoints)?.Endpoints ?? {};
    const size = Object.keys(failed).length;
    expect(await project.statuses()).toEqual({ SUCCESSFUL: 120 - size, HOOK_FAILURE: size });
    expect(await project.events()).toEqual({ SUCCESS: 120 - size, HOOK_FAILURE: size });
    const { body } = await callApi(
      server,
      `GET /repoint/v1/apps/${project.ApplicationId}/endpoints/person-7/messages?campaign=${id}`,
    );
    expect(body.Item).toMatchObject([{ Status: 'HOOK_FAILURE', Reason: expect.stringMatching(/hook/) }]);
  });
});

describe('a custom channel', () => {
  const accept = () =>
    receiver.answerWith((request, response) =>
      request.method === 'HEAD'
        ? void response.writeHead(200, { 'X-Amz-Pinpoint-AccountId': server.administrator.accountId }).end()
        : answerJson(response, 200, {}),
    );
  const campaign = async (EndpointTypes?: ['EMAIL'] | ['SMS']) => ({
    ...{ SegmentId: await project.segment(), Schedule: immediately },
    MessageConfiguration: { CustomMessage: { Data: '{"tpl":"winback"}' } },
    CustomDeliveryConfiguration: {
      DeliveryUri: `${receiver.origin}/deliver`,
      ...(EndpointTypes !== undefined && { EndpointTypes }),
    },
  });
  const deliveries = async () => {
    const { rows } = await sql<{ delivery: string; status: string; channel: string; count: number }>`
      select attributes ->> 'delivery_type' as delivery, attributes ->> 'campaign_send_status' as status,
             endpoint::jsonb ->> 'ChannelType' as channel, count(*)::int as count
      from events where project_number = ${project.number} and type = '_campaign.send' group by 1, 2, 3`.execute(
      server.database.query,
    );
    return rows;
  };

  it('gets endpoints of its types, fifty at a time [38]', async () => {
    await project.people([
      ...mailboxes(70),
      ...mailboxes(5, (index) => ({ Id: `phone-${index}`, ChannelType: 'SMS', Address: `+4479460${10_000 + index}` })),
    ]);
    accept();
    const id = await project.create(await campaign(['EMAIL']));
    await project.until(id, 'COMPLETED', 60_000);
    const calls = posted();
    const ids = calls.flatMap(({ Endpoints }) => Object.keys(Endpoints));
    expect(ids.toSorted()).toEqual(
      mailboxes(70)
        .map(({ Id }) => Id)
        .toSorted(),
    );
    for (const call of calls) {
      expect(Object.keys(call.Endpoints).length).toBeLessThanOrEqual(50);
      expect(call).toMatchObject({ Message: {}, Data: '{"tpl":"winback"}', CampaignId: id, TreatmentId: '0' });
    }
    expect(await project.statuses()).toEqual({ SUCCESSFUL: 70, ENDPOINT_CHANNEL_MISMATCH: 5 });
    expect(await deliveries()).toEqual([{ delivery: 'CUSTOM', status: 'SUCCESS', channel: 'EMAIL', count: 70 }]);
  });

  it('whose receiver refuses is a failure of its own', async () => {
    await project.people(mailboxes(3));
    receiver.answerWith((request, response) => {
      const owner = { 'X-Amz-Pinpoint-AccountId': server.administrator.accountId };
      response.writeHead(request.method === 'HEAD' ? 200 : 400, owner).end();
    });
    const id = await project.create(await campaign(['EMAIL']));
    await project.until(id, 'COMPLETED', 60_000);
    expect(await project.statuses()).toEqual({ PERMANENT_FAILURE: 3 });
    expect(await deliveries()).toEqual([
      { delivery: 'CUSTOM', status: 'CUSTOM_DELIVERY_FAILURE', channel: 'EMAIL', count: 3 },
    ]);
  });

  it('may be a function', async () => {
    await project.people(mailboxes(3));
    functions.answer = () => ({ payload: '{}' });
    const { CustomDeliveryConfiguration: _url, ...rest } = await campaign();
    const DeliveryUri = 'arn:aws:lambda:us-east-1:123456789012:function:deliver';
    const CustomDeliveryConfiguration = { DeliveryUri, EndpointTypes: ['EMAIL' as const] };
    const id = await project.create({ ...rest, CustomDeliveryConfiguration });
    await project.until(id, 'COMPLETED', 60_000);
    expect(await project.statuses()).toEqual({ SUCCESSFUL: 3 });
    expect(functions.invocations[0]?.functionName).toBe(DeliveryUri);
    const ids = questions().flatMap(({ Endpoints }) => Object.keys(Endpoints));
    expect(ids.toSorted()).toEqual(['person-0', 'person-1', 'person-2']);
  });
});
