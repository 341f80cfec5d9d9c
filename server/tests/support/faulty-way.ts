/**
 * A way to a server of AWS's JSON protocol that can be closed, that may lose answers, and that refuses records as AWS does
 * when a shard is too busy: they never reach the server, and the answer says so in their place.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll } from 'vitest';

export interface FaultyWay {
  readonly endpoint: string;
  /** Connections are broken off. */
  closed: boolean;
  /** The server takes the request, and nobody hears of it. */
  losesAnswer: () => boolean;
  /** Of a record, as it is in its request: its fault, if it has one. */
  refuses: (record: Record<string, unknown>) => string | undefined;
  /** Before a request is passed on. */
  delayMilliseconds: number;
  /** Numbers of records in requests, those included that failed. */
  readonly requests: number[];
}

/** @param form names of the protocol's members */
export async function startFaultyWay(
  target: string,
  form: { readonly results: string; readonly failed: string },
): Promise<FaultyWay> {
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request);
    if (way.closed) return void request.socket.destroy();
    if (way.delayMilliseconds > 0) await pause(way.delayMilliseconds);
    const input = JSON.parse(body.toString('utf8')) as { readonly Records?: readonly Record<string, unknown>[] };
    const records = input.Records ?? [];
    way.requests.push(records.length);
    const faults = records.map((record) => way.refuses(record));
    const taken = { ...input, Records: records.filter((_record, index) => faults[index] === undefined) };
    const headers = { ...(request.headers as Record<string, string>) };
    for (const name of ['host', 'content-length', 'connection']) delete headers[name];
    const answer =
      taken.Records.length === 0
        ? undefined
        : await fetch(target, { method: 'POST', headers, body: JSON.stringify(taken) });
    const output = answer === undefined ? { [form.results]: [] } : ((await answer.json()) as Record<string, unknown>);
    if (way.losesAnswer()) return void request.socket.destroy();
    const status = answer?.status ?? 200;
    if (status === 200) {
      const results = [...(output[form.results] as object[])];
      output[form.results] = faults.map((ErrorCode) =>
        ErrorCode === undefined ? results.shift() : { ErrorCode, ErrorMessage: 'Rate exceeded' },
      );
      output[form.failed] = faults.filter((fault) => fault !== undefined).length;
    }
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(output));
  };
  const server = createServer((request, response) => {
    pass(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const way: FaultyWay = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    closed: false,
    losesAnswer: () => false,
    refuses: () => undefined,
    delayMilliseconds: 0,
    requests: [],
  };
  return way;
}
