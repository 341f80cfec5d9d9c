/** AWS's own clients against the verifier, over a real socket: SDK, botocore and CLI as far as the machine has them. */
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import {
  DeleteUserEndpointsCommand,
  GetAppCommand,
  PinpointClient,
  UntagResourceCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../kernel/clock.ts';
import { ServiceError } from '../../kernel/errors.ts';
import { type Authenticate, createAuthenticator } from './authenticator.ts';

const run = promisify(execFile);
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const identity = { accountId: '123456789012', userName: 'u', arn: 'arn', accessKeyId: credentials.accessKeyId };
const used: string[] = [];

const authenticate: Authenticate = createAuthenticator({
  clock: systemClock,
  findCredential: (id) =>
    id === credentials.accessKeyId
      ? {
          secretAccessKey: credentials.secretAccessKey,
          sessionTokenHash: undefined,
          identity: { ...identity, kind: 'access key' },
        }
      : undefined,
  used: (accessKeyId, region, operation) => used.push(`${accessKeyId} ${region} ${operation}`),
});

let server: Server;
let endpoint: string;
const accepted: string[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [rawPath = '', rawQuery = ''] = (request.url ?? '').split('?');
    try {
      const { caller, region } = await authenticate(
        {
          method: request.method ?? '',
          rawPath,
          rawQuery,
          rawHeaders: request.rawHeaders,
          body: Buffer.concat(chunks),
          sourceAddress: '192.0.2.1',
          secureTransport: false,
        },
        { service: 'pinpoint', name: 'GetApp' },
      );
      accepted.push(`${request.method} ${request.url} ${region} ${caller.userName} ${caller.sourceAddress}`);
      response.setHeader('content-type', 'application/json').end('{"Message":"Accepted"}');
    } catch (error) {
      const code = error instanceof ServiceError ? error.code : 'Fault';
      response.writeHead(error instanceof ServiceError ? error.status : 500, { 'x-amzn-ErrorType': code }).end('{}');
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((closed) => server.close(closed)));

describe('@aws-sdk/client-pinpoint', () => {
  const client = () => new PinpointClient({ endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 });

  test('hostile labels, repeated query parameters and unicode bodies are accepted', async () => {
    const sdk = client();
    const ids = ['plain', 'a/b:c', "it's (a) test*!", '100%', 'ünï 漢😀', '+49 170/123', '~._-'];
    for (const id of ids) {
      await sdk.send(
        new UpdateEndpointCommand({ ApplicationId: 'abc', EndpointId: id, EndpointRequest: { Address: '漢😀' } }),
      );
      await sdk.send(new DeleteUserEndpointsCommand({ ApplicationId: 'abc', UserId: id }));
    }
    await sdk.send(
      new UntagResourceCommand({ ResourceArn: 'arn:aws:mobiletargeting:x:1:apps/a', TagKeys: ['b c', 'a', 'a+'] }),
    );
    expect(accepted).toHaveLength(ids.length * 2 + 1);
    expect(accepted[0]).toBe('PUT /v1/apps/abc/endpoints/plain eu-west-1 u 192.0.2.1');
    expect(used[0]).toBe(`${credentials.accessKeyId} eu-west-1 GetApp`);
    sdk.destroy();
  });

  test('a wrong secret is told by its code', async () => {
    const sdk = new PinpointClient({
      endpoint,
      region: 'eu-west-1',
      credentials: { ...credentials, secretAccessKey: 'wrong' },
      maxAttempts: 1,
    });
    await expect(sdk.send(new GetAppCommand({ ApplicationId: 'abc' }))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    });
    sdk.destroy();
  });
});

const environment = () => ({
  ...process.env,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_MAX_ATTEMPTS: '1',
});

const works = async (command: string, parameters: string[]) => {
  try {
    await run(command, parameters, { env: environment() });
    return true;
  } catch {
    return false;
  }
};
const hasBotocore = await works('python3', ['-c', 'import botocore']);
const hasCli = await works('aws', ['--version']);

/** Calls through botocore, and prints a presigned URL and what a signed request with awkward parts looks like. */
const botocoreScript = `
import sys, json, botocore.session
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
import urllib.request
endpoint = sys.argv[1]
session = botocore.session.get_session()
client = session.create_client('pinpoint', endpoint_url=endpoint)
for name in ['plain', 'a/b:c', "it's (a) test*!", '100%', '\\u00fcn\\u00ef \\u6f22\\U0001f600', '~._-']:
    client.update_endpoint(ApplicationId='abc', EndpointId=name, EndpointRequest={'Address': '\\u6f22'})
client.untag_resource(ResourceArn='arn:aws:mobiletargeting:x:1:apps/a', TagKeys=['b c', 'a', 'a+'])
credentials = session.get_credentials()
for auth in [SigV4Auth(credentials, 'mobiletargeting', 'us-east-1'), SigV4QueryAuth(credentials, 'mobiletargeting', 'us-east-1', expires=60)]:
    request = AWSRequest(method='GET', url=endpoint + '/v1/apps/x%2Fy/./segments?token=a%20b&page-size=5&empty=', headers={'x-amz-meta': 'a   b'})
    auth.add_auth(request)
    prepared = request.prepare()
    urllib.request.urlopen(urllib.request.Request(prepared.url, headers=dict(prepared.headers), method='GET')).read()
print('done')
`;

test.skipIf(!hasBotocore)('botocore: calls, header signatures and presigned URLs are accepted', async () => {
  const before = accepted.length;
  const { stdout } = await run('python3', ['-c', botocoreScript, endpoint], { env: environment() });
  expect(stdout.trim()).toBe('done');
  expect(accepted.length - before).toBe(9);
});

test.skipIf(!hasCli)(
  'the AWS CLI is accepted',
  async () => {
    const before = accepted.length;
    const parameters = ['--application-id', 'abc', '--endpoint-id', 'a/b c', '--endpoint-url', endpoint];
    await run('aws', ['pinpoint', 'delete-endpoint', ...parameters], { env: environment() });
    expect(accepted.slice(before)).toEqual(['DELETE /v1/apps/abc/endpoints/a%2Fb%20c us-east-1 u 192.0.2.1']);
  },
  30_000,
);
