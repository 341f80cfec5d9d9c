/** A server that speaks the protocol of AWS Lambda (Invoke, 2015-03-31), with functions written by the test. */
import { afterAll } from 'vitest';
import { serveHttp } from './provider-server.ts';

export interface LambdaAnswer {
  /** JSON text. */
  readonly payload?: string;
  /** The function ran, and threw. */
  readonly functionError?: 'Unhandled' | 'Handled';
  /** Of the service, not of the function. @default 200 */
  readonly status?: number;
  /** `TooManyRequestsException` and its like, with a status of 400 or more. */
  readonly errorType?: string;
}

export interface Invocation {
  readonly functionName: string;
  readonly payload: string;
}

export interface LambdaServer {
  readonly endpoint: string;
  readonly invocations: Invocation[];
  /** What the next calls answer; `never` lets the caller wait. */
  answer: (invocation: Invocation) => LambdaAnswer | 'never';
}

/** It is stopped after the tests of the file. */
export async function startLambdaServer(): Promise<LambdaServer> {
  const http = await serveHttp((request, response) => {
    const [, name] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(request.path) ?? [];
    if (request.method !== 'POST' || name === undefined || request.headers.authorization === undefined) {
      response.writeHead(404).end();
      return;
    }
    const invocation = { functionName: decodeURIComponent(name), payload: request.body.toString('utf8') };
    server.invocations.push(invocation);
    const answer = server.answer(invocation);
    if (answer === 'never') return;
    response.writeHead(answer.status ?? 200, {
      'content-type': 'application/json',
      ...(answer.functionError !== undefined && { 'x-amz-function-error': answer.functionError }),
      ...(answer.errorType !== undefined && { 'x-amzn-errortype': answer.errorType }),
    });
    response.end(answer.payload ?? '');
  });
  afterAll(() => http.close());
  const server: LambdaServer = {
    endpoint: http.origin,
    invocations: [],
    answer: () => ({}),
  };
  return server;
}
