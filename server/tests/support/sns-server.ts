/** A server that speaks the protocol of Amazon SNS (Publish, query protocol of 2010-03-31). */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll } from 'vitest';

export interface Publication {
  readonly topicArn: string;
  readonly message: string;
  /** Of the Region that signed it. */
  readonly region: string;
}

export interface SnsServer {
  readonly endpoint: string;
  /** Those that were answered with success. */
  readonly published: Publication[];
  /** An error code such as `NotFound`, to answer the next calls with; undefined: success. */
  refuse: string | undefined;
}

/** It is stopped after the tests of the file. */
export async function startSnsServer(): Promise<SnsServer> {
  const http = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    const [, region] = /Credential=[^/]+\/\d{8}\/([a-z0-9-]+)\/sns\//.exec(request.headers.authorization ?? '') ?? [];
    const [topicArn, message] = [form.get('TopicArn'), form.get('Message')];
    const isCall = form.get('Action') === 'Publish' && form.get('Version') === '2010-03-31' && region !== undefined;
    response.setHeader('content-type', 'text/xml');
    if (!isCall || topicArn === null || message === null || server.refuse !== undefined) {
      const code = server.refuse ?? 'InvalidParameter';
      response.writeHead(code === 'NotFound' ? 404 : 400);
      response.end(`<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>x</Message></Error>
        <RequestId>${randomUUID()}</RequestId></ErrorResponse>`);
      return;
    }
    server.published.push({ topicArn, message, region });
    response.end(`<PublishResponse><PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult>
      <ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></PublishResponse>`);
  });
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  afterAll(() => {
    http.closeAllConnections();
    http.close();
  });
  const server: SnsServer = {
    endpoint: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    published: [],
    refuse: undefined,
  };
  return server;
}
