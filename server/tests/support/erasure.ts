/** Requests about people as a privacy officer makes them, and a project full of somebody. */
import {
  CreateAppCommand,
  CreateImportJobCommand,
  GetImportJobCommand,
  PutEventsCommand,
  SendMessagesCommand,
  SendOTPMessageCommand,
  UpdateEmailChannelCommand,
  UpdateEndpointCommand,
  UpdateSmsChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { callApi } from './repoint-api.ts';
import type { TestServer } from './test-server.ts';

export const identity = (Type: string, Value: string, Format?: string) => ({ Type, Value, ...(Format && { Format }) });

export async function newProject(server: TestServer): Promise<string> {
  const client = server.client();
  const made = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'erasure' } }));
  const ApplicationId = made.ApplicationResponse?.Id as string;
  await client.send(new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest: { Enabled: true } }));
  await client.send(
    new UpdateEmailChannelCommand({
      ApplicationId,
      EmailChannelRequest: {
        ...{ FromAddress: 'Shop <shop@example.com>', Enabled: true },
        Identity: 'arn:aws:ses:us-east-1:123456789012:identity/example.com',
      },
    }),
  );
  return ApplicationId;
}

export async function numberOf(server: TestServer, ApplicationId: string): Promise<number> {
  const { rows } = await sql<{ number: number }>`select number from projects where id = ${ApplicationId}`.execute(
    server.database.query,
  );
  return rows[0]?.number as number;
}

/** Asks, and waits until it has ended. */
export async function erase(server: TestServer, ApplicationId: string, body: object) {
  const asked = await callApi(server, `POST /repoint/v1/apps/${ApplicationId}/erasure-requests`, { body });
  expect(asked.status, JSON.stringify(asked.body)).toBe(202);
  return ended(server, ApplicationId, asked.body.Id);
}

export async function ended(server: TestServer, ApplicationId: string, id: string) {
  return vi.waitFor(
    async () => {
      const { body } = await callApi(server, `GET /repoint/v1/apps/${ApplicationId}/erasure-requests/${id}`);
      expect(body.CompletedDate, `${body.State} ${body.Fault ?? ''}`).toBeDefined();
      return body;
    },
    { timeout: 30_000, interval: 50 },
  );
}

/** The newest request of a project: a deletion makes one. */
export async function newestRequest(server: TestServer, ApplicationId: string) {
  const { body } = await callApi(server, `GET /repoint/v1/apps/${ApplicationId}/erasure-requests?page-size=1`);
  return ended(server, ApplicationId, body.Item[0].Id);
}

export interface Somebody {
  readonly id: string;
  readonly userId: string;
  readonly email: string;
}

/** An endpoint with a user, who does things, is written to, and is in an imported segment. */
export async function plant(server: TestServer, ApplicationId: string, { id, userId, email }: Somebody): Promise<void> {
  const client = server.client();
  await client.send(
    new UpdateEndpointCommand({
      ApplicationId,
      EndpointId: id,
      EndpointRequest: {
        ...{ ChannelType: 'EMAIL', Address: email, Attributes: { nickname: [`nick-${id}`] } },
        User: { UserId: userId, UserAttributes: { plan: ['gold'] } },
      },
    }),
  );
  const event = { EventType: '_session.start', Timestamp: new Date().toISOString(), Attributes: { page: 'home' } };
  await client.send(
    new PutEventsCommand({
      ApplicationId,
      EventsRequest: { BatchItem: { [id]: { Endpoint: {}, Events: { one: event, two: event } } } },
    }),
  );
  await client.send(
    new SendMessagesCommand({
      ApplicationId,
      MessageRequest: {
        Endpoints: { [id]: {} },
        Addresses: { [`direct-${email}`]: { ChannelType: 'EMAIL' } },
        MessageConfiguration: { EmailMessage: { Body: 'Hello', FromAddress: 'shop@example.com' } },
      },
    }),
  );
}

/** An OTP that waits for its code. */
export async function sendCode(server: TestServer, ApplicationId: string, number: string): Promise<void> {
  await server.client().send(
    new SendOTPMessageCommand({
      ApplicationId,
      SendOTPMessageRequestParameters: {
        ...{ BrandName: 'Shop', Channel: 'SMS', DestinationIdentity: number, OriginationIdentity: '+12065550100' },
        ReferenceId: 'sign-in',
      },
    }),
  );
}

/** @returns the job when it has ended */
export async function importRows(server: TestServer, ApplicationId: string, s3Url: string) {
  const client = server.client();
  const { ImportJobResponse } = await client.send(
    new CreateImportJobCommand({
      ApplicationId,
      ImportJobRequest: {
        ...{ RoleArn: 'arn:aws:iam::1:role/r', S3Url: s3Url, Format: 'JSON' },
        ...{ RegisterEndpoints: true, DefineSegment: true, SegmentName: 'imported' },
      },
    }),
  );
  return vi.waitFor(
    async () => {
      const got = await client.send(new GetImportJobCommand({ ApplicationId, JobId: ImportJobResponse?.Id }));
      expect(got.ImportJobResponse?.CompletionDate).toBeDefined();
      return got.ImportJobResponse;
    },
    { timeout: 30_000, interval: 100 },
  );
}
