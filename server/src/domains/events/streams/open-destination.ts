/** Opens the destination that a stream is configured for. */
import type { Database } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import { type ObjectStore, type Place, parsePlace } from '../../../object-store/index.ts';
import type { OutgoingHttp } from '../../../outgoing/http.ts';
import type { OutgoingNetworks } from '../../../outgoing/networks.ts';
import { parseStreamArn, type StreamArn } from './arn.ts';
import type { EventDestination } from './destination.ts';
import { openFiles } from './destinations/files.ts';
import { openFirehose } from './destinations/firehose.ts';
import { openKinesis } from './destinations/kinesis.ts';
import { openNats } from './destinations/nats.ts';
import { openWebhook } from './destinations/webhook.ts';
import { noteStreamFile } from './files-store.ts';
import { openSecret, type StoredStream } from './stream.ts';

export interface DestinationParts {
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly clock: Clock;
  readonly http: OutgoingHttp;
  readonly networks: OutgoingNetworks;
  readonly objectStore: ObjectStore;
}

/** @param streamId the project's id @throws Error when its secret was sealed under another master key */
export function openDestination(parts: DestinationParts, stream: StoredStream, streamId: string): EventDestination {
  switch (stream.kind) {
    case 'KINESIS':
      return openKinesis(parseStreamArn(stream.settings.arn) as StreamArn);
    case 'FIREHOSE':
      return openFirehose(parseStreamArn(stream.settings.arn) as StreamArn);
    case 'WEBHOOK': {
      const { signing = '' } = openSecret(parts.masterKey, stream);
      return openWebhook({ http: parts.http, clock: parts.clock, url: stream.settings.url, secret: signing, streamId });
    }
    case 'NATS': {
      const { url, subject, streamName } = stream.settings;
      const { nats = {} } = openSecret(parts.masterKey, stream);
      return openNats({ networks: parts.networks, url, subject, streamName, credentials: nats, streamId });
    }
    case 'FILES': {
      const place = parsePlace(stream.settings.url) as Place;
      const { objectStore, database, clock } = parts;
      const note = (file: Parameters<typeof noteStreamFile>[2]) =>
        noteStreamFile(database.query, stream.projectNumber, file, clock.now());
      return openFiles({ objectStore, place, seconds: stream.settings.seconds, streamId, note });
    }
  }
}
