/** What callers may set as a destination. Faults name the member and never quote a value. */
import type { WriteEventStreamDestinationRequest } from '../../../contract/repoint-types.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { parsePlace } from '../../../object-store/index.ts';
import { isWebhookSecret } from '../../../outgoing/standard-webhooks.ts';
import type { NatsCredentials } from './destinations/nats.ts';
import type { Destination, Secret, StoredStream } from './stream.ts';

export interface WantedDestination {
  readonly destination: Destination;
  readonly secret: Secret | undefined;
  /** Without a new one. */
  readonly keepsSecret: boolean;
}

/** @param before the stream that is there @throws BadRequestException */
export function readDestination(
  { Webhook, Nats, Files }: WriteEventStreamDestinationRequest,
  before: StoredStream | undefined,
): WantedDestination {
  const given = [Webhook, Nats, Files].filter((member) => member !== undefined);
  if (given.length !== 1) throw badRequest('Exactly one of Webhook, Nats and Files is required');
  if (Webhook !== undefined) return readWebhook(Webhook, before);
  if (Nats !== undefined) return readNats(Nats, before);
  return readFiles(Files as NonNullable<typeof Files>);
}

type Webhook = NonNullable<WriteEventStreamDestinationRequest['Webhook']>;
type Nats = NonNullable<WriteEventStreamDestinationRequest['Nats']>;
type Files = NonNullable<WriteEventStreamDestinationRequest['Files']>;

function readWebhook({ Url, Secret: signing = '' }: Webhook, before: StoredStream | undefined): WantedDestination {
  checkUrl(Url, 'Webhook.Url', ['https:', 'http:']);
  if (signing !== '' && !isWebhookSecret(signing)) {
    throw badRequest('Webhook.Secret must be whsec_ and base64 of 24 to 64 bytes');
  }
  const keepsSecret = before?.kind === 'WEBHOOK';
  if (signing === '' && !keepsSecret) throw badRequest('Webhook.Secret is required');
  const secret = signing === '' ? undefined : { signing };
  return { destination: { kind: 'WEBHOOK', settings: { url: Url } }, secret, keepsSecret };
}

/** One that is published to: no wildcards. */
const subjectForm = /^[^\s.*>]+(\.[^\s.*>]+)*$/;
const streamNameForm = /^[^\s.*>/\\]+$/;

/** Credentials stay with the server that they were given for. */
function readNats(nats: Nats, before: StoredStream | undefined): WantedDestination {
  const { Url, Subject, StreamName = '' } = nats;
  checkUrl(Url, 'Nats.Url', ['nats:', 'tls:']);
  if (!subjectForm.test(Subject)) throw badRequest('Nats.Subject must be a subject without wildcards');
  if (StreamName !== '' && !streamNameForm.test(StreamName)) throw badRequest('Nats.StreamName is no name of a stream');
  const named = StreamName !== '' && { streamName: StreamName };
  return {
    destination: { kind: 'NATS', settings: { url: Url, subject: Subject, ...named } },
    secret: readCredentials(nats),
    keepsSecret: before?.kind === 'NATS' && before.settings.url === Url,
  };
}

function readCredentials({ Token = '', User = '', Password = '', Credentials = '' }: Nats): Secret | undefined {
  const kinds = [Token, User, Credentials].filter((text) => text !== '').length;
  if (kinds > 1) throw badRequest('Only one of Nats.Token, Nats.User and Nats.Credentials may be given');
  if (Password !== '' && User === '') throw badRequest('Nats.User is required with Nats.Password');
  if (kinds === 0) return undefined;
  const nats: NatsCredentials = {
    ...(Token !== '' && { Token }),
    ...(User !== '' && { User, Password }),
    ...(Credentials !== '' && { Credentials }),
  };
  return { nats };
}

function readFiles({ Url, Seconds = 60 }: Files): WantedDestination {
  if (parsePlace(Url) === undefined) throw badRequest('Files.Url must be s3://bucket or s3://bucket/prefix');
  const destination = { kind: 'FILES', settings: { url: Url, seconds: Seconds } } as const;
  return { destination, secret: undefined, keepsSecret: false };
}

/** Form only: into which networks it may lead is looked at whenever something is sent. */
function checkUrl(text: string, member: string, protocols: readonly string[]): void {
  const url = URL.parse(text);
  const isPlain = url !== null && url.username === '' && url.password === '' && url.hash === '' && url.hostname !== '';
  if (!isPlain || !protocols.includes(url.protocol)) {
    const forms = protocols.map((protocol) => `${protocol}//`).join(' or ');
    throw badRequest(`${member} must be a URL that begins with ${forms}, without user and fragment`);
  }
}
