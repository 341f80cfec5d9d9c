/** What each kind of destination is told, and how a destination that is there fills the form again. Pure. */
import type { EventStreamDestination } from '../../../../server/src/contract/repoint-types.ts';
import { type SettingField, type SettingTexts, toTexts } from '../channels/settings-form.ts';

export type DestinationKind = EventStreamDestination['Kind'];

export interface DestinationForm {
  readonly kind: DestinationKind;
  readonly title: string;
  readonly about: string;
  readonly fields: readonly SettingField[];
}

const role: SettingField = {
  ...{ name: 'RoleArn', label: 'IAM role', required: true },
  hint: 'Kept and shown as Pinpoint did; the server signs with the credentials of its own environment.',
};

function aws(kind: 'KINESIS' | 'FIREHOSE', title: string, about: string, example: string): DestinationForm {
  const stream = { name: 'DestinationStreamArn', label: 'ARN of the stream', hint: example, required: true };
  return { kind, title, about, fields: [stream, role] };
}

export const destinationForms: readonly DestinationForm[] = [
  {
    ...{ kind: 'WEBHOOK', title: 'Webhook', about: 'Signed batches to an address of yours (Standard Webhooks).' },
    fields: [
      { name: 'Webhook.Url', label: 'URL', hint: 'https://example.com/events', required: true },
      {
        ...{ name: 'Webhook.Secret', label: 'Signing secret', secret: true, required: true },
        hint: 'whsec_ and base64 of 24 to 64 bytes.',
      },
    ],
  },
  {
    ...{ kind: 'FILES', title: 'Files', about: 'Compressed files of one record a line, in a bucket.' },
    fields: [
      { name: 'Files.Url', label: 'Place', hint: 's3://bucket/prefix', required: true },
      { name: 'Files.Seconds', label: 'A new file every so many seconds', kind: 'number', hint: '60 when empty.' },
    ],
  },
  {
    ...{ kind: 'NATS', title: 'NATS JetStream', about: 'Published to a subject, each acknowledged by its stream.' },
    fields: [
      { name: 'Nats.Url', label: 'Server', hint: 'nats://host:4222 or tls://host:4222', required: true },
      { name: 'Nats.Subject', label: 'Subject', hint: 'Without wildcards.', required: true },
      { name: 'Nats.StreamName', label: 'Stream', hint: 'That has to take it.' },
      { name: 'Nats.Token', label: 'Token', secret: true },
      { name: 'Nats.User', label: 'User' },
      { name: 'Nats.Password', label: 'Password', secret: true },
      { name: 'Nats.Credentials', label: 'Credentials file', rows: 4, secret: true },
    ],
  },
  aws(
    ...(['KINESIS', 'Kinesis', 'As Pinpoint streamed: one record an event, by its client.'] as const),
    'arn:aws:kinesis:us-east-1:123456789012:stream/events',
  ),
  aws(
    ...(['FIREHOSE', 'Data Firehose', 'As Pinpoint streamed: one record an event, each on a line.'] as const),
    'arn:aws:firehose:us-east-1:123456789012:deliverystream/events',
  ),
];

export function formOf(kind: DestinationKind): DestinationForm {
  const found = destinationForms.find((form) => form.kind === kind);
  if (found === undefined) throw new Error(`There is no form for ${kind}`);
  return found;
}

/** Of another kind, nothing is known. */
export function textsOf({ kind, fields }: DestinationForm, destination: EventStreamDestination | null): SettingTexts {
  return toTexts(destination?.Kind === kind ? { ...destination } : {}, fields);
}

/** The secret of a webhook is kept by the server while it stays one: it is needed the first time only. */
export function neededFields(
  { kind, fields }: DestinationForm,
  destination: EventStreamDestination | null,
): readonly SettingField[] {
  return fields.filter(({ secret }) => !(secret && destination?.Kind === kind));
}

/** Where it leads, in a line. */
export function placeOf({ DestinationStreamArn, Webhook, Nats, Files }: EventStreamDestination): string {
  if (Nats !== undefined) return `${Nats.Url} ${Nats.Subject}`;
  return DestinationStreamArn ?? Webhook?.Url ?? Files?.Url ?? '';
}

/** 32 random bytes, as Standard Webhooks writes them. */
export function newSigningSecret(random: Uint8Array = crypto.getRandomValues(new Uint8Array(32))): string {
  return `whsec_${btoa(String.fromCharCode(...random))}`;
}
