/** Our own API beside Pinpoint's event stream: further destinations, and how far a stream is. */
import type { EventStreamDestination } from '../../../contract/repoint-types.ts';
import type { Executor } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { notFound } from '../../../kernel/errors.ts';
import type { Handlers, ProjectCall } from '../../../operations/call.ts';
import { configureStream, endStream } from './configure.ts';
import { readDestination } from './form.ts';
import { lagSeconds } from './lag.ts';
import type { StreamOperationParts } from './operations.ts';
import { findBacklogs } from './pending.ts';
import { findStream, lockStream } from './store.ts';
import { type StoredStream, sealSecret } from './stream.ts';

type Operation = 'GetEventStreamDestination' | 'UpdateEventStreamDestination' | 'DeleteEventStreamDestination';

export function destinationOperations({ database, masterKey, events }: StreamOperationParts): Handlers<Operation> {
  return {
    async GetEventStreamDestination(_input, call) {
      const stream = await findStream(database.query, call.project.number);
      if (stream === undefined) throw notFound();
      return show(database.keyedQuery, call, stream);
    },

    async UpdateEventStreamDestination({ WriteEventStreamDestinationRequest: request }, call) {
      return call.transaction(async (tx) => {
        const before = await lockStream(tx, call.project.number);
        const { destination, secret, keepsSecret } = readDestination(request, before);
        const kept = keepsSecret ? (before?.sealedSecret ?? null) : null;
        const sealedSecret = secret === undefined ? kept : sealSecret(masterKey, call.project.number, secret);
        return show(tx, call, await configureStream(events, tx, call, { destination, sealedSecret }));
      });
    },

    async DeleteEventStreamDestination(_input, call) {
      return call.transaction(async (tx) => {
        const waiting = await findBacklogs(tx, call.project.number);
        return toShown(call, await endStream(tx, call, () => true), waiting[0]);
      });
    },
  };
}

async function show(query: Executor, call: ProjectCall, stream: StoredStream): Promise<EventStreamDestination> {
  const [backlog] = await findBacklogs(query, call.project.number);
  return toShown(call, stream, backlog);
}

function toShown(
  { now }: ProjectCall,
  stream: StoredStream,
  backlog: { readonly waiting: number; readonly oldestArrival: Date | null } | undefined,
): EventStreamDestination {
  const { waiting = 0, oldestArrival = null } = backlog ?? {};
  return {
    Kind: stream.kind,
    ...placeOf(stream),
    SentRecords: stream.sentRecords,
    DroppedRecords: stream.droppedRecords,
    WaitingRecords: waiting,
    LagSeconds: lagSeconds(oldestArrival, now),
    ...(stream.lastSentAt !== null && { LastSentDate: toTimestamp(stream.lastSentAt) }),
    ...(stream.failingSince !== null && { FailingSinceDate: toTimestamp(stream.failingSince) }),
    ...(stream.fault !== null && { Fault: stream.fault }),
    CreationDate: toTimestamp(stream.createdAt),
    LastModifiedDate: toTimestamp(stream.lastModifiedAt),
    LastModifiedBy: stream.lastModifiedBy,
  };
}

function placeOf(stream: StoredStream): Partial<EventStreamDestination> {
  switch (stream.kind) {
    case 'KINESIS':
    case 'FIREHOSE':
      return { DestinationStreamArn: stream.settings.arn, RoleArn: stream.settings.roleArn };
    case 'WEBHOOK':
      return { Webhook: { Url: stream.settings.url, HasSecret: stream.sealedSecret !== null } };
    case 'NATS': {
      const { url, subject, streamName } = stream.settings;
      const named = streamName !== undefined && { StreamName: streamName };
      return { Nats: { Url: url, Subject: subject, ...named, HasCredentials: stream.sealedSecret !== null } };
    }
    case 'FILES':
      return { Files: { Url: stream.settings.url, Seconds: stream.settings.seconds } };
  }
}
