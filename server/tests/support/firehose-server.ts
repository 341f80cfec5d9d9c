/** A server that speaks the JSON protocol of Firehose (PutRecordBatch), behind a way that may be faulty. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll } from 'vitest';
import { type FaultyWay, startFaultyWay } from './faulty-way.ts';

export interface FirehoseServer {
  readonly way: FaultyWay;
  /** What a delivery stream laid end to end. */
  content(name: string): string;
}

interface Batch {
  readonly DeliveryStreamName: string;
  readonly Records: readonly { readonly Data: string }[];
}

const most = { records: 500, batchBytes: 4 * 1024 * 1024, recordBytes: 1000 * 1024 };

/** @param names of the delivery streams that there are */
export async function startFirehoseServer(names: readonly string[]): Promise<FirehoseServer> {
  const contents = new Map(names.map((name) => [name, '']));
  const answer = (target: string | undefined, batch: Batch): { status: number; body: object } => {
    const refuse = (type: string) => ({ status: 400, body: { __type: type, message: 'refused' } });
    if (target !== 'Firehose_20150804.PutRecordBatch') return refuse('UnknownOperationException');
    const before = contents.get(batch.DeliveryStreamName);
    if (before === undefined) return refuse('ResourceNotFoundException');
    const datas = batch.Records.map(({ Data }) => Buffer.from(Data, 'base64'));
    const bytes = datas.reduce((sum, { length }) => sum + length, 0);
    const isTooMuch = datas.length > most.records || bytes > most.batchBytes;
    if (isTooMuch || datas.some(({ length }) => length > most.recordBytes)) return refuse('InvalidArgumentException');
    contents.set(batch.DeliveryStreamName, before + Buffer.concat(datas).toString('utf8'));
    const RequestResponses = datas.map((_data, index) => ({ RecordId: `record-${before.length}-${index}` }));
    return { status: 200, body: { FailedPutCount: 0, Encrypted: false, RequestResponses } };
  };
  const server = createServer(async (request, response) => {
    const target = request.headers['x-amz-target'] as string | undefined;
    const { status, body } = answer(target, (await json(request)) as Batch);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const way = await startFaultyWay(endpoint, { results: 'RequestResponses', failed: 'FailedPutCount' });
  process.env['AWS_ENDPOINT_URL_FIREHOSE'] = way.endpoint;
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  return { way, content: (name) => contents.get(name) ?? '' };
}
