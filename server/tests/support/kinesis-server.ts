/** Kinesalite, a server of the Kinesis protocol, in the process of the test, behind a way that may be faulty. */
import type { AddressInfo } from 'node:net';
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import kinesalite from 'kinesalite';
import { afterAll, vi } from 'vitest';
import type { EventRecord } from '../../src/domains/events/record.ts';
import { type FaultyWay, startFaultyWay } from './faulty-way.ts';

export interface KinesisRecord {
  readonly partitionKey: string;
  readonly record: EventRecord;
  readonly text: string;
}

export interface KinesisServer {
  readonly way: FaultyWay;
  /** A stream of two shards. @returns its ARN */
  create(name: string): Promise<string>;
  /** All that arrived, shard after shard, each in its order. */
  read(name: string): Promise<KinesisRecord[]>;
}

/** It is stopped after the tests of the file; until then the AWS variables of this process lead to it. */
export async function startKinesisServer(): Promise<KinesisServer> {
  const server = kinesalite({ createStreamMs: 5, shardLimit: 200 });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const way = await startFaultyWay(endpoint, { results: 'Records', failed: 'FailedRecordCount' });
  process.env['AWS_ENDPOINT_URL_KINESIS'] = way.endpoint;
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  const client = new KinesisClient({ endpoint, region: 'us-east-1', requestHandler: new NodeHttpHandler() });
  afterAll(() => {
    client.destroy();
    server.close();
  });
  const describeStream = (StreamName: string) => client.send(new DescribeStreamCommand({ StreamName }));
  return {
    way,
    async create(StreamName) {
      await client.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
      await vi.waitUntil(async () => (await describeStream(StreamName)).StreamDescription?.StreamStatus === 'ACTIVE', {
        timeout: 10_000,
        interval: 10,
      });
      return `arn:aws:kinesis:us-east-1:123456789012:stream/${StreamName}`;
    },
    async read(StreamName) {
      const { StreamDescription } = await describeStream(StreamName);
      const found: KinesisRecord[] = [];
      for (const { ShardId } of StreamDescription?.Shards ?? []) {
        const start = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
        let { ShardIterator } = await client.send(new GetShardIteratorCommand(start));
        for (let last = false; !last; ) {
          const page = await client.send(new GetRecordsCommand({ ShardIterator, Limit: 10_000 }));
          for (const { Data, PartitionKey } of page.Records ?? []) {
            const text = Buffer.from(Data as Uint8Array).toString('utf8');
            found.push({ partitionKey: PartitionKey as string, record: JSON.parse(text) as EventRecord, text });
          }
          last = (page.Records ?? []).length === 0;
          ShardIterator = page.NextShardIterator;
        }
      }
      return found;
    },
  };
}
