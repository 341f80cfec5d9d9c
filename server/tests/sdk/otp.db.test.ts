/** One-time passwords through the SDK: sent once, entered once, tried a few times (dossier/messaging §6, §18 65 and 66). */
import {
  CreateAppCommand,
  SendOTPMessageCommand,
  UpdateSmsChannelCommand,
  VerifyOTPMessageCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const client = server.client();
let ApplicationId: string;
let numbers = 0;

beforeAll(async () => {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'otp' } }),
  );
  ApplicationId = ApplicationResponse?.Id as string;
  await client.send(new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest: { Enabled: true } }));
});

function newNumber(): string {
  numbers += 1;
  return `+1206555${3000 + numbers}`;
}

const parameters = (DestinationIdentity: string) => ({
  ...{ Channel: 'SMS', BrandName: '{{Shop}}', DestinationIdentity, OriginationIdentity: 'SHOP', ReferenceId: 'Ref-1' },
});

async function sendCode(number: string, changes: object = {}) {
  const { MessageResponse } = await client.send(
    new SendOTPMessageCommand({
      ApplicationId,
      SendOTPMessageRequestParameters: { ...parameters(number), ...changes },
    }),
  );
  return MessageResponse;
}

/** The newest code that the number got. */
async function codeOf(number: string): Promise<string> {
  const path = `/repoint/v1/apps/${ApplicationId}/outbox`;
  const { body } = await callApi(server, `GET ${path}?address=${encodeURIComponent(number)}`);
  const sent = (await callApi(server, `GET ${path}/${body.Item[0].MessageId}`)).body;
  return /: ([0-9]+) from \{\{Shop\}\}$/.exec(sent.Sms.Body)?.[1] as string;
}

async function enter(DestinationIdentity: string, Otp: string, ReferenceId = 'Ref-1') {
  const { VerificationResponse } = await client.send(
    new VerifyOTPMessageCommand({
      ApplicationId,
      VerifyOTPMessageRequestParameters: { DestinationIdentity, Otp, ReferenceId },
    }),
  );
  return VerificationResponse?.Valid;
}

const wrong = (code: string) => code.replace(/.$/, (last) => String((Number(last) + 1) % 10));

it('a code is answered for by number, is good once, and stands nowhere but in its message (66)', async () => {
  const number = newNumber();
  const answer = await sendCode(number, { CodeLength: 8 });
  const MessageId = answer?.Result?.[number]?.MessageId;
  expect(answer?.Result).toEqual({
    [number]: { DeliveryStatus: 'SUCCESSFUL', StatusCode: 200, MessageId, StatusMessage: `MessageId: ${MessageId}` },
  });
  const code = await codeOf(number);
  expect(code).toMatch(/^[0-9]{8}$/);
  expect(await tablesWith(server.database, code)).toEqual(['outbox_messages']);
  expect(await enter(number, code, 'ref-1')).toBe(false);
  expect(await enter(newNumber(), code)).toBe(false);
  expect(await enter(number, code)).toBe(true);
  expect(await enter(number, code)).toBe(false);
});

it('is dead after as many wrong tries as are allowed, also when all come at once (66)', async () => {
  const number = newNumber();
  await sendCode(number, { AllowedAttempts: 2 });
  const first = await codeOf(number);
  expect(await enter(number, wrong(first))).toBe(false);
  expect(await enter(number, first)).toBe(true);
  await sendCode(number, { AllowedAttempts: 2 });
  const second = await codeOf(number);
  const tries = Array.from({ length: 20 }, (_each, index) => String(index).padStart(second.length, '0'));
  const valid = await Promise.all(tries.filter((code) => code !== second).map((code) => enter(number, code)));
  expect(valid).not.toContain(true);
  expect(await enter(number, second)).toBe(false);
});

it('the right code entered many times at once is right once', async () => {
  const number = newNumber();
  await sendCode(number, { AllowedAttempts: 5 });
  const code = await codeOf(number);
  const valid = await Promise.all(Array.from({ length: 5 }, () => enter(number, code)));
  expect(valid.filter(Boolean)).toHaveLength(1);
});

it('a new code replaces the old one, and time ends it', async () => {
  const number = newNumber();
  await sendCode(number);
  const old = await codeOf(number);
  await sendCode(number, { ValidityPeriod: 5 });
  const code = await codeOf(number);
  if (old !== code) expect(await enter(number, old)).toBe(false);
  // As if five minutes had passed: callers sign with clocks of their own.
  await sql`update one_time_passwords set expires_at = expires_at - interval '5 minutes'`.execute(
    server.database.query,
  );
  expect(await enter(number, code)).toBe(false);
});

it('a project that is another one knows nothing of it', async () => {
  const number = newNumber();
  await sendCode(number);
  const code = await codeOf(number);
  const { ApplicationResponse } = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'b' } }));
  const { VerificationResponse } = await client.send(
    new VerifyOTPMessageCommand({
      ApplicationId: ApplicationResponse?.Id,
      VerifyOTPMessageRequestParameters: { DestinationIdentity: number, Otp: code, ReferenceId: 'Ref-1' },
    }),
  );
  expect(VerificationResponse?.Valid).toBe(false);
});

describe('a request that is out of bounds (65)', () => {
  it.each([
    ['CodeLength', 4],
    ['CodeLength', 9],
    ['ValidityPeriod', 4],
    ['ValidityPeriod', 61],
    ['AllowedAttempts', 6],
    ['BrandName', 'x'.repeat(21)],
    ['ReferenceId', 'x'.repeat(49)],
    ['Channel', 'EMAIL'],
  ])('%s %j is refused with 400', async (member, value) => {
    await expect(sendCode(newNumber(), { [member]: value })).rejects.toMatchObject({
      name: 'BadRequestException',
      message: expect.stringContaining(member),
    });
  });
});

it('what became of messages, and of codes that were entered, is counted', async () => {
  const count = async (line: string) => {
    const metrics = await (await fetch(`${server.origin}/metrics`)).text();
    return Number(
      metrics
        .split('\n')
        .find((each) => each.startsWith(line))
        ?.slice(line.length) ?? 0,
    );
  };
  const messages = 'repoint_messages_total{channel="SMS",status="SUCCESSFUL"} ';
  const failures = 'repoint_otp_verifications_total{result="FAILURE"} ';
  const before = [await count(messages), await count(failures)] as const;
  const number = newNumber();
  await sendCode(number);
  await enter(number, wrong(await codeOf(number)));
  expect([await count(messages), await count(failures)]).toEqual([before[0] + 1, before[1] + 1]);
});
