/** Channels through the real SDK (dossier/messaging §8). Numbers in brackets are the cases of its §18. */
import {
  type APNSChannelRequest,
  CreateAppCommand,
  DeleteApnsChannelCommand,
  DeleteBaiduChannelCommand,
  DeleteSmsChannelCommand,
  type GCMChannelRequest,
  GetAdmChannelCommand,
  GetApnsChannelCommand,
  GetApnsSandboxChannelCommand,
  GetApnsVoipChannelCommand,
  GetApnsVoipSandboxChannelCommand,
  GetBaiduChannelCommand,
  GetChannelsCommand,
  GetEmailChannelCommand,
  GetGcmChannelCommand,
  GetSmsChannelCommand,
  GetVoiceChannelCommand,
  UpdateAdmChannelCommand,
  UpdateApnsChannelCommand,
  UpdateApnsSandboxChannelCommand,
  UpdateApnsVoipChannelCommand,
  UpdateApnsVoipSandboxChannelCommand,
  UpdateBaiduChannelCommand,
  UpdateEmailChannelCommand,
  UpdateGcmChannelCommand,
  UpdateSmsChannelCommand,
  UpdateVoiceChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { beforeEach, describe, expect, it } from 'vitest';
import { newCertificate, newServiceJson, newTokenKey } from '../support/push-credentials.ts';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const client = server.client();

let ApplicationId: string;
beforeEach(async () => {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'channels' } }),
  );
  ApplicationId = ApplicationResponse?.Id as string;
});

const bad = (message: RegExp) =>
  expect.objectContaining({ name: 'BadRequestException', message: expect.stringMatching(message) });
const missing = expect.objectContaining({ name: 'NotFoundException' });

const token = { TokenKey: newTokenKey(), TokenKeyId: 'ABCDE12345', TeamId: 'TEAM123456', BundleId: 'com.example.app' };
const email = {
  FromAddress: 'Shop <shop@example.com>',
  Identity: 'arn:aws:ses:us-east-1:123456789012:identity/example.com',
};

const putSms = async (SMSChannelRequest: { Enabled?: boolean; SenderId?: string; ShortCode?: string }) =>
  (await client.send(new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest }))).SMSChannelResponse;
const getSms = async () => (await client.send(new GetSmsChannelCommand({ ApplicationId }))).SMSChannelResponse;
const putApns = async (APNSChannelRequest: APNSChannelRequest) =>
  (await client.send(new UpdateApnsChannelCommand({ ApplicationId, APNSChannelRequest }))).APNSChannelResponse;
const putGcm = async (GCMChannelRequest: GCMChannelRequest) =>
  (await client.send(new UpdateGcmChannelCommand({ ApplicationId, GCMChannelRequest }))).GCMChannelResponse;

describe('a channel', () => {
  it('has versions, dates, and who changed it', async () => {
    const first = await putSms({ SenderId: 'Shop' });
    expect(first).toEqual({
      ...{ ApplicationId, Platform: 'SMS', Id: 'sms', Version: 1, Enabled: true, IsArchived: false },
      ...{ HasCredential: false, SenderId: 'Shop' },
      LastModifiedBy: `arn:aws:iam::${server.administrator.accountId}:user/administrator`,
      CreationDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      LastModifiedDate: first?.CreationDate,
    });
    expect(await getSms()).toEqual(first);
    const second = await putSms({ ShortCode: '12345' });
    expect(second).toMatchObject({ Version: 2, ShortCode: '12345', CreationDate: first?.CreationDate });
    // What is shown is replaced as a whole.
    expect(second).not.toHaveProperty('SenderId');
    expect(second?.LastModifiedDate).not.toBe(first?.LastModifiedDate);
  });

  it('is enabled at first, and stays as it was when nothing is said', async () => {
    expect((await putSms({}))?.Enabled).toBe(true);
    expect((await putSms({ Enabled: false }))?.Enabled).toBe(false);
    expect((await putSms({ SenderId: 'Shop' }))?.Enabled).toBe(false);
  });

  it('is not found before it was configured, nor in an unknown project', async () => {
    await expect(getSms()).rejects.toEqual(missing);
    await expect(client.send(new DeleteSmsChannelCommand({ ApplicationId }))).rejects.toEqual(missing);
    ApplicationId = '0'.repeat(32);
    await expect(putSms({})).rejects.toEqual(missing);
    await expect(getSms()).rejects.toEqual(missing);
    await expect(client.send(new GetChannelsCommand({ ApplicationId }))).rejects.toEqual(missing);
  });

  it('is switched off and emptied when it is deleted, goes on to be told of, and begins anew', async () => {
    await putSms({ SenderId: 'Shop' });
    const { SMSChannelResponse: deleted } = await client.send(new DeleteSmsChannelCommand({ ApplicationId }));
    expect(deleted).toMatchObject({ Platform: 'SMS', Enabled: false, IsArchived: true, Version: 1 });
    expect(deleted).not.toHaveProperty('SenderId');
    expect(await getSms()).toEqual(deleted);
    expect(await putSms({})).toMatchObject({ Enabled: true, IsArchived: false, Version: 2 });
  });

  it('loses what it kept secret when it is deleted', async () => {
    await client.send(
      new UpdateBaiduChannelCommand({ ApplicationId, BaiduChannelRequest: { ApiKey: 'key', SecretKey: 'secret' } }),
    );
    const { BaiduChannelResponse } = await client.send(new DeleteBaiduChannelCommand({ ApplicationId }));
    expect(BaiduChannelResponse).toMatchObject({ Credential: '', HasCredential: false });
    await putApns(token);
    await client.send(new DeleteApnsChannelCommand({ ApplicationId }));
    await expect(putApns({ Enabled: true })).rejects.toEqual(bad(/must be given/));
  });

  it('keeps both of two changes at once', async () => {
    await putApns(token);
    const versions = await Promise.all([1, 2, 3, 4].map(() => putApns({ Enabled: false })));
    expect(versions.map((version) => version?.Version).sort()).toEqual([2, 3, 4, 5]);
  });
});

it('of every kind can be configured, read, and found in the list, enabled or not', async () => {
  const { Certificate, PrivateKey } = await newCertificate();
  const app = { ApplicationId };
  const answers = await Promise.all([
    client.send(new UpdateAdmChannelCommand({ ...app, ADMChannelRequest: { ClientId: 'i', ClientSecret: 's' } })),
    client.send(new UpdateApnsChannelCommand({ ...app, APNSChannelRequest: token })),
    client.send(
      new UpdateApnsSandboxChannelCommand({ ...app, APNSSandboxChannelRequest: { Certificate, PrivateKey } }),
    ),
    client.send(new UpdateApnsVoipChannelCommand({ ...app, APNSVoipChannelRequest: token })),
    client.send(new UpdateApnsVoipSandboxChannelCommand({ ...app, APNSVoipSandboxChannelRequest: { Enabled: false } })),
    client.send(new UpdateBaiduChannelCommand({ ...app, BaiduChannelRequest: { ApiKey: 'a', SecretKey: 's' } })),
    client.send(new UpdateEmailChannelCommand({ ...app, EmailChannelRequest: email })),
    client.send(new UpdateGcmChannelCommand({ ...app, GCMChannelRequest: { ServiceJson: newServiceJson() } })),
    client.send(new UpdateSmsChannelCommand({ ...app, SMSChannelRequest: {} })),
    client.send(new UpdateVoiceChannelCommand({ ...app, VoiceChannelRequest: { Enabled: true } })),
  ]);
  const read = await Promise.all([
    client.send(new GetAdmChannelCommand(app)),
    client.send(new GetApnsChannelCommand(app)),
    client.send(new GetApnsSandboxChannelCommand(app)),
    client.send(new GetApnsVoipChannelCommand(app)),
    client.send(new GetApnsVoipSandboxChannelCommand(app)),
    client.send(new GetBaiduChannelCommand(app)),
    client.send(new GetEmailChannelCommand(app)),
    client.send(new GetGcmChannelCommand(app)),
    client.send(new GetSmsChannelCommand(app)),
    client.send(new GetVoiceChannelCommand(app)),
  ]);
  const channelOf = ({ $metadata: _metadata, ...answer }: object & { $metadata: unknown }) =>
    Object.values(answer)[0] as { Platform: string; Id: string };
  expect(read.map(channelOf)).toEqual(answers.map(channelOf));
  const platforms = read.map(channelOf).map(({ Platform }) => Platform);
  expect(platforms).toEqual([
    ...['ADM', 'APNS', 'APNS_SANDBOX', 'APNS_VOIP', 'APNS_VOIP_SANDBOX', 'BAIDU', 'EMAIL', 'GCM', 'SMS', 'VOICE'],
  ]);
  expect(read.map(channelOf).map(({ Id }) => Id)).toEqual(platforms.map((platform) => platform.toLowerCase()));
  expect(channelOf(read[1])).toMatchObject({ DefaultAuthenticationMethod: 'key', HasTokenKey: true });
  expect(channelOf(read[2])).toMatchObject({ DefaultAuthenticationMethod: 'certificate', HasTokenKey: false });
  expect(channelOf(read[6])).toMatchObject(email);

  const { ChannelsResponse } = await client.send(new GetChannelsCommand(app));
  expect(Object.keys(ChannelsResponse?.Channels ?? {}).sort()).toEqual(platforms);
  expect(ChannelsResponse?.Channels?.['APNS_VOIP_SANDBOX']).toMatchObject({ Enabled: false, Version: 1 });
  expect(ChannelsResponse?.Channels?.['GCM']).not.toHaveProperty('Platform');
});

describe('credentials', () => {
  it('never come back, but for the keys that the contract shows [68]', async () => {
    const service = await putGcm({ ServiceJson: newServiceJson(), DefaultAuthenticationMethod: 'TOKEN' });
    expect(service).toMatchObject({ HasFcmServiceCredentials: true, HasCredential: true });
    expect(JSON.stringify(service)).not.toMatch(/PRIVATE KEY|client_email/);
    const withKey = await putGcm({ ApiKey: 'AIza-legacy' });
    expect(withKey).toMatchObject({ Credential: 'AIza-legacy', HasFcmServiceCredentials: true });

    const pair = await newCertificate();
    const apns = await putApns({ ...token, ...pair, DefaultAuthenticationMethod: 'CERTIFICATE' });
    expect(apns).toMatchObject({ DefaultAuthenticationMethod: 'CERTIFICATE', HasTokenKey: true });
    expect(JSON.stringify(apns)).not.toMatch(/PRIVATE KEY|BEGIN|ABCDE12345|TEAM123456/);
  });

  it('are sealed in the database', async () => {
    const ApiKey = 'find-me-8c51';
    await putGcm({ ApiKey });
    await putApns({ ...token, BundleId: ApiKey });
    expect(await tablesWith(server.database, ApiKey)).toEqual([]);
  });

  it('are kept where a change leaves them out, and taken away by an empty text', async () => {
    await putApns(token);
    expect(await putApns({ Enabled: false })).toMatchObject({ HasTokenKey: true, Enabled: false });
    const pair = await newCertificate();
    const both = await putApns({ ...pair, Enabled: true });
    expect(both).toMatchObject({ HasTokenKey: true, DefaultAuthenticationMethod: 'key' });
    const { TokenKey: _key, ...rest } = token;
    await expect(putApns({ TokenKey: '', ...rest })).rejects.toEqual(bad(/TokenKey must be given/));
    const emptied = { TokenKey: '', TokenKeyId: '', TeamId: '' };
    expect(await putApns(emptied)).toMatchObject({ HasTokenKey: false, DefaultAuthenticationMethod: 'certificate' });
  });

  it('are refused when they cannot work, and nothing changes', async () => {
    await putApns(token);
    await expect(putApns({ TokenKey: newTokenKey('secp384r1') })).rejects.toEqual(bad(/P-256/));
    await expect(putApns(await newCertificate(-1))).rejects.toEqual(bad(/^Certificate has expired$/));
    const { Certificate } = await newCertificate();
    const { PrivateKey } = await newCertificate();
    await expect(putApns({ Certificate, PrivateKey })).rejects.toEqual(bad(/does not belong/));
    await expect(putGcm({ ServiceJson: '{}' })).rejects.toEqual(bad(/project_id/));
    await expect(putGcm({})).rejects.toEqual(bad(/ServiceJson or ApiKey/));
    await expect(putSms({ SenderId: '12' })).rejects.toEqual(bad(/^SenderId/));
    const EmailChannelRequest = { ...email, FromAddress: 'nobody' };
    await expect(client.send(new UpdateEmailChannelCommand({ ApplicationId, EmailChannelRequest }))).rejects.toEqual(
      bad(/^FromAddress/),
    );
    const { APNSChannelResponse } = await client.send(new GetApnsChannelCommand({ ApplicationId }));
    expect(APNSChannelResponse?.Version).toBe(1);
  });
});

it('is written down in the audit log, without what it was given', async () => {
  await putGcm({ ApiKey: 'not-in-the-log' });
  const { body } = await callApi(server, `GET /repoint/v1/audit-log?project=${ApplicationId}`);
  expect(body.Item[0]).toMatchObject({ Operation: 'UpdateGcmChannel', ProjectId: ApplicationId, Status: 200 });
  expect(JSON.stringify(body)).not.toContain('not-in-the-log');
});
