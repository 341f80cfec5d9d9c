/**
 * An event as Pinpoint streamed it: one JSON document, an envelope that all have in common and what its family adds to it
 * (dossier/events-journeys-console §2.2). Consumers of customers read it, so its names are Pinpoint's.
 */
import type { PublicEndpoint } from '../../contract/pinpoint-types.ts';
import type { Project } from '../../operations/call.ts';

export interface EventRecord {
  readonly event_type: string;
  /** Milliseconds since 1970, as all times here. */
  readonly event_timestamp: number;
  readonly arrival_timestamp: number;
  readonly event_version: '3.1';
  readonly application: {
    readonly app_id: string;
    readonly cognito_identity_pool_id?: string;
    readonly package_name?: string;
    readonly sdk: { readonly name?: string; readonly version?: string };
    readonly title?: string;
    readonly version_name?: string;
    readonly version_code?: string;
  };
  readonly client: { readonly client_id: string; readonly cognito_id?: string };
  readonly device: {
    readonly locale?: { readonly code: string; readonly country?: string; readonly language?: string };
    readonly make?: string;
    readonly model?: string;
    readonly platform: { readonly name?: string; readonly version?: string };
  };
  readonly session: {
    readonly session_id?: string;
    readonly start_timestamp?: number;
    readonly stop_timestamp?: number;
  };
  readonly attributes: Readonly<Record<string, string>>;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly client_context?: { readonly custom: { readonly endpoint: string } | { readonly legacy_identifier: string } };
  readonly facets?: { readonly email_channel: { readonly mail_event: Readonly<Record<string, unknown>> } };
  readonly awsAccountId: string;
}

/** An event that is to be appended. */
export interface NewEvent {
  readonly projectNumber: number;
  /** In whose timeline it stands; of an event without an endpoint undefined. */
  readonly endpointId: string | undefined;
  /** Which life of the endpoint it is of, where that is known. */
  readonly generation?: number;
  /** Whom a message was for. The row has its key, so that the erasure of an address without an endpoint finds it. */
  readonly address?: string;
  /** It came through PutEvents; all others are the server's own. */
  readonly isOfApp?: true;
  readonly record: EventRecord;
}

export type EventProject = Pick<Project, 'number' | 'accountId' | 'id'>;

/** An endpoint as it was when the event happened. */
export interface EventEndpoint {
  /** As it is shown. */
  readonly id: string;
  readonly generation?: number;
  readonly endpoint: PublicEndpoint;
}

export interface EventTimes {
  /** As the app or the provider says. */
  readonly occurredAt: Date;
  readonly arrivedAt: Date;
}

/** The envelope of everything that the server itself does; app events fill in more of it. */
export function envelope(
  project: EventProject,
  type: string,
  { clientId, occurredAt, arrivedAt }: EventTimes & { readonly clientId: string },
) {
  return {
    event_type: type,
    event_timestamp: occurredAt.getTime(),
    arrival_timestamp: arrivedAt.getTime(),
    event_version: '3.1',
    application: { app_id: project.id, sdk: {} },
    client: { client_id: clientId },
    device: { platform: {} },
    session: {},
    awsAccountId: project.accountId,
  } as const;
}

/** Of endpoints with many events at once. */
const contexts = new WeakMap<PublicEndpoint, { readonly custom: { readonly endpoint: string } }>();

/** A document within the document, as text, and without the address, which the samples do not show either. */
export function endpointContext(endpoint: PublicEndpoint) {
  const known = contexts.get(endpoint);
  if (known !== undefined) return known;
  const { Address: _address, ...shown } = endpoint;
  const context = { custom: { endpoint: JSON.stringify(shown) } };
  contexts.set(endpoint, context);
  return context;
}
