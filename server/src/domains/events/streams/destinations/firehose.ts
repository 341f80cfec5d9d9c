/** A Firehose delivery stream: at AWS, or wherever `AWS_ENDPOINT_URL_FIREHOSE` points to. */
import type { FirehoseClient } from '@aws-sdk/client-firehose';
import type { StreamArn } from '../arn.ts';
import { DestinationFault, type EventDestination } from '../destination.ts';
import { awsFault, clientSettings } from './aws.ts';

/** Firehose lays records end to end: each brings the end of its line (dossier/events-journeys-console §2.2). */
export function openFirehose({ region, name }: StreamArn): EventDestination {
  let opened: Promise<FirehoseClient> | undefined;
  return {
    limits: { records: 500, bytes: 4 * 1024 * 1024 - 500, recordBytes: 1000 * 1024 - 1 },
    takesWhole: false,
    gatherMilliseconds: 0,
    async send(records, signal) {
      const { FirehoseClient, PutRecordBatchCommand } = await import('@aws-sdk/client-firehose');
      opened ??= Promise.resolve(new FirehoseClient(clientSettings(region)));
      const Records = records.map(({ body }) => ({ Data: Buffer.from(`${body}\n`) }));
      const request = new PutRecordBatchCommand({ DeliveryStreamName: name, Records });
      const answer = await (await opened).send(request, { abortSignal: signal }).catch((error: unknown) => {
        throw awsFault(error);
      });
      const results = answer.RequestResponses ?? [];
      if (results.length !== records.length) throw new DestinationFault('answer without results');
      return results.flatMap(({ ErrorCode }, index) => (ErrorCode ? [{ index, reason: ErrorCode }] : []));
    },
    async close() {
      (await opened)?.destroy();
    },
  };
}
