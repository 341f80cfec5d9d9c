/**
 * A subject of NATS that a JetStream stream takes in. Each record has an id, by which the stream leaves out what it has
 * taken already (as long as its window for duplicates is).
 */
import { lookup } from 'node:dns';
import { promisify } from 'node:util';
import type { JetStreamClient } from '@nats-io/jetstream';
import type { ConnectionOptions, NatsConnection, TlsOptions } from '@nats-io/transport-node';
import { AddressRefused, type OutgoingNetworks } from '../../../../outgoing/networks.ts';
import { DestinationFault, type EventDestination, type Refusal, type StreamRecord } from '../destination.ts';

export interface NatsCredentials {
  readonly Token?: string;
  readonly User?: string;
  readonly Password?: string;
  /** Content of a .creds file. */
  readonly Credentials?: string;
}

export interface NatsOptions {
  readonly networks: OutgoingNetworks;
  readonly url: string;
  readonly subject: string;
  /** Only this stream may take a record. */
  readonly streamName: string | undefined;
  readonly credentials: NatsCredentials;
  /** Of the project, in the ids of records. */
  readonly streamId: string;
  /** @default 10,000 */
  readonly answerMilliseconds?: number;
}

interface Link {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  /** Whether a fault of the library says that nothing was answered in time. */
  isTimeout(fault: unknown): boolean;
}

const connectTimeout = 5_000;
const answerTimeout = 10_000;

export function openNats(options: NatsOptions): EventDestination {
  let opened: Promise<Link> | undefined;
  const use = async (): Promise<Link> => {
    const link = opened && (await opened.catch(() => undefined));
    if (link !== undefined && !link.connection.isClosed()) return link;
    opened = connect(options);
    return opened;
  };
  /**
   * What the library cannot read ends its reading and nothing else: the connection looks open for minutes, and is deaf. The
   * next attempt makes another.
   */
  const leave = ({ connection }: Link) => {
    opened = undefined;
    connection.close().catch(() => undefined);
  };
  return {
    // A server takes messages of 1 MiB unless it is told otherwise; a request is as many as wait for their answers.
    limits: { records: 500, bytes: 4 * 1024 * 1024, recordBytes: 1024 * 1024 - 1024 },
    takesWhole: false,
    gatherMilliseconds: 0,
    async send(records) {
      const link = await use().catch((error: unknown) => {
        throw new DestinationFault(reasonOf(error), { cause: error });
      });
      const answers = await Promise.allSettled(records.map((record) => publish(link.client, options, record)));
      if (answers.every((answer) => answer.status === 'rejected' && link.isTimeout(answer.reason))) leave(link);
      return answers.flatMap((answer, index): Refusal[] =>
        answer.status === 'rejected' ? [{ index, reason: reasonOf(answer.reason) }] : [],
      );
    },
    async close() {
      const link = await opened?.catch(() => undefined);
      await link?.connection.close();
    },
  };
}

async function publish(
  client: JetStreamClient,
  { subject, streamName, streamId, answerMilliseconds = answerTimeout }: NatsOptions,
  { id, body }: StreamRecord,
): Promise<void> {
  await client.publish(subject, body, {
    msgID: `${streamId}-${id}`,
    timeout: answerMilliseconds,
    ...(streamName !== undefined && { expect: { streamName } }),
  });
}

/** Connects to addresses that were checked, and to none that the server names. The library is loaded with the first use. */
async function connect({ networks, url, credentials }: NatsOptions): Promise<Link> {
  const { connect: connectTo, credsAuthenticator, errors } = await import('@nats-io/transport-node');
  const { jetstream } = await import('@nats-io/jetstream');
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const { Token, User, Password, Credentials } = credentials;
  const settings: ConnectionOptions = {
    servers: (await addressesOf(networks, host)).map((address) => `${bracketed(address)}:${port || '4222'}`),
    ...{ name: 'repoint', timeout: connectTimeout, reconnect: false, ignoreClusterUpdates: true, resolve: false },
    // The certificate is for the name, not for the address.
    ...(protocol === 'tls:' && { tls: { servername: host } as TlsOptions }),
    ...(Token !== undefined && { token: Token }),
    ...(User !== undefined && { user: User, pass: Password ?? '' }),
    ...(Credentials !== undefined && { authenticator: credsAuthenticator(new TextEncoder().encode(Credentials)) }),
  };
  const connection = await connectTo(settings);
  return {
    ...{ connection, client: jetstream(connection) },
    isTimeout: (fault) => fault instanceof errors.TimeoutError,
  };
}

async function addressesOf(networks: OutgoingNetworks, host: string): Promise<string[]> {
  networks.checkHost(host);
  const found = await promisify(lookup)(host, { all: true });
  const permitted = found.map(({ address }) => address).filter((address) => networks.permits(address));
  if (permitted.length === 0) throw new AddressRefused();
  return permitted;
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** What the library calls its faults, and the code of JetStream's own: neither names a subject. */
function reasonOf(error: unknown): string {
  if (error instanceof AddressRefused) return 'refused address';
  const { name, code } = error as { readonly name?: unknown; readonly code?: unknown };
  const named = typeof name === 'string' && /^[A-Za-z]{1,64}$/.test(name) ? name : 'no answer';
  return typeof code === 'number' ? `${named} ${code}` : named;
}
