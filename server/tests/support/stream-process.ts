/** A process that reads streams and sends to where the AWS variables lead, to be killed. Words: database URL, node id. */
import { randomBytes } from 'node:crypto';
import { Notifications, openDatabase } from '../../src/database/index.ts';
import { StreamReaders } from '../../src/domains/events/index.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { MasterKey } from '../../src/kernel/master-key.ts';
import { openObjectStore } from '../../src/object-store/index.ts';
import { OutgoingHttp } from '../../src/outgoing/http.ts';
import { OutgoingNetworks } from '../../src/outgoing/networks.ts';

const [url = '', nodeId = ''] = process.argv.slice(2);
const logger = createLogger('silent');
const database = await openDatabase({ connection: { url }, logger });
const notifications = new Notifications({ url }, logger);
const networks = new OutgoingNetworks([]);
const readers = new StreamReaders({
  ...{ database, notifications, logger, nodeId, networks, clock: systemClock },
  http: new OutgoingHttp(networks),
  masterKey: new MasterKey(randomBytes(32)),
  objectStore: openObjectStore({
    objectStore: 'local',
    dataDirectory: '/nowhere',
    s3: { endpoint: undefined, region: '' },
  }),
});
await notifications.run();
await readers.run();
