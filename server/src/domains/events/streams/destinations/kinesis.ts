/** A Kinesis data stream: at AWS, or wherever `AWS_ENDPOINT_URL_KINESIS` points to. */
import { createHash } from 'node:crypto';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { StreamArn } from '../arn.ts';
import { DestinationFault, type EventDestination, type StreamRecord } from '../destination.ts';
import { awsFault, clientSettings } from './aws.ts';

const longestKey = 256;

/** The same key, the same shard: records of an endpoint stay in their order (dossier/events-journeys-console §2.2). */
export function openKinesis({ region, name }: StreamArn): EventDestination {
  let opened: Promise<KinesisClient> | undefined;
  return {
    limits: { records: 500, bytes: 5 * 1024 * 1024, recordBytes: 1024 * 1024 },
    takesWhole: false,
    gatherMilliseconds: 0,
    async send(records, signal) {
      const { KinesisClient, PutRecordsCommand } = await import('@aws-sdk/client-kinesis');
      opened ??= Promise.resolve(new KinesisClient(clientSettings(region)));
      const request = new PutRecordsCommand({ StreamName: name, Records: records.map(toEntry) });
      const answer = await (await opened).send(request, { abortSignal: signal }).catch((error: unknown) => {
        throw awsFault(error);
      });
      const results = answer.Records ?? [];
      if (results.length !== records.length) throw new DestinationFault('answer without results');
      return results.flatMap(({ ErrorCode }, index) => (ErrorCode ? [{ index, reason: ErrorCode }] : []));
    },
    async close() {
      (await opened)?.destroy();
    },
  };
}

function toEntry({ key, body }: StreamRecord) {
  const isLong = key.length > longestKey;
  // A key may not be empty either.
  return { Data: Buffer.from(body), PartitionKey: isLong || key === '' ? hashOf(key) : key };
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
