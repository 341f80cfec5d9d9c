/** PutEventStream, GetEventStream and DeleteEventStream (dossier/events-journeys-console §2.1), and ours beside them. */
import type { EventStream } from '../../../contract/pinpoint-types.ts';
import type { Database } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { notFound } from '../../../kernel/errors.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import type { Handlers, ProjectCall } from '../../../operations/call.ts';
import type { EventLog } from '../append.ts';
import { checkRoleArn, readStreamArn } from './arn.ts';
import { configureStream, endStream } from './configure.ts';
import { destinationOperations } from './destination-operations.ts';
import { findStream } from './store.ts';
import type { Destination, StoredStream } from './stream.ts';

export interface StreamOperationParts {
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly events: EventLog;
}

type Operation =
  | 'PutEventStream'
  | 'GetEventStream'
  | 'DeleteEventStream'
  | 'GetEventStreamDestination'
  | 'UpdateEventStreamDestination'
  | 'DeleteEventStreamDestination';

export function streamOperations(parts: StreamOperationParts): Handlers<Operation> {
  const { database, events } = parts;
  return {
    ...destinationOperations(parts),

    async PutEventStream({ WriteEventStream: { DestinationStreamArn, RoleArn } }, call) {
      const { service } = readStreamArn(DestinationStreamArn, call.region);
      checkRoleArn(RoleArn);
      const destination: Destination = {
        kind: service === 'kinesis' ? 'KINESIS' : 'FIREHOSE',
        settings: { arn: DestinationStreamArn, roleArn: RoleArn },
      };
      return call.transaction(async (tx) =>
        show(call, await configureStream(events, tx, call, { destination, sealedSecret: null })),
      );
    },

    async GetEventStream(_input, call) {
      const stream = await findStream(database.query, call.project.number);
      if (stream === undefined || !isOfPinpoint(stream)) throw notFound();
      return show(call, stream);
    },

    async DeleteEventStream(_input, call) {
      return call.transaction(async (tx) => show(call, await endStream(tx, call, isOfPinpoint)));
    },
  };
}

/** To who knows Pinpoint's API only, a destination that it has no words for is none. */
function isOfPinpoint({ kind }: StoredStream): boolean {
  return kind === 'KINESIS' || kind === 'FIREHOSE';
}

function show({ project }: ProjectCall, stream: StoredStream): EventStream {
  if (stream.kind !== 'KINESIS' && stream.kind !== 'FIREHOSE') throw notFound();
  return {
    ApplicationId: project.id,
    DestinationStreamArn: stream.settings.arn,
    RoleArn: stream.settings.roleArn,
    LastModifiedDate: toTimestamp(stream.lastModifiedAt),
    LastUpdatedBy: stream.lastModifiedBy,
  };
}
