/** What an app told through PutEvents (dossier/events-journeys-console §2.3). */
import type { Event, PublicEndpoint, Session } from '../../../contract/pinpoint-types.ts';
import { parseIsoDate } from '../../../kernel/iso-date.ts';
import {
  type EventProject,
  type EventRecord,
  type EventTimes,
  endpointContext,
  envelope,
  type NewEvent,
} from '../record.ts';

export interface AppEvent extends EventTimes {
  readonly endpointId: string;
  readonly generation?: number;
  /** As it is after the request that brought the event; undefined when there is none. */
  readonly endpoint: PublicEndpoint | undefined;
  readonly event: Event;
  /** Of a caller with a Cognito identity. */
  readonly cognito?: { readonly identityId: string; readonly identityPoolId: string };
}

/** What is not known is undefined, which JSON leaves out. */
export function appEvent(
  project: EventProject,
  { endpointId, generation, endpoint, event, cognito, ...times }: AppEvent,
): NewEvent {
  const record: EventRecord = {
    ...envelope(project, event.EventType, { ...times, clientId: endpointId }),
    application: {
      app_id: project.id,
      cognito_identity_pool_id: cognito?.identityPoolId,
      package_name: event.AppPackageName,
      sdk: { name: event.SdkName, version: event.ClientSdkVersion },
      title: event.AppTitle,
      version_name: endpoint?.Demographic?.AppVersion,
      version_code: event.AppVersionCode,
    },
    client: { client_id: endpointId, cognito_id: cognito?.identityId },
    device: endpoint === undefined ? unknownDevice : deviceOf(endpoint),
    session: event.Session === undefined ? {} : sessionOf(event.Session),
    attributes: event.Attributes ?? {},
    metrics: event.Metrics ?? {},
    client_context: endpoint === undefined ? undefined : endpointContext(endpoint),
  };
  return { projectNumber: project.number, endpointId, isOfApp: true, generation, record };
}

const unknownDevice: EventRecord['device'] = { platform: {} };

/** Of endpoints with many events at once. */
const devices = new WeakMap<PublicEndpoint, EventRecord['device']>();

function deviceOf(endpoint: PublicEndpoint): EventRecord['device'] {
  const known = devices.get(endpoint);
  if (known !== undefined) return known;
  const { Locale, Make, Model, Platform, PlatformVersion } = endpoint.Demographic ?? {};
  const device = {
    locale: Locale === undefined ? undefined : localeOf(Locale),
    ...{ make: Make, model: Model },
    platform: { name: Platform, version: PlatformVersion },
  };
  devices.set(endpoint, device);
  return device;
}

/** `pt_PT`, and as browsers spell it `pt-PT`. */
function localeOf(code: string) {
  const [, language, country] =
    /^([A-Za-z]{2,3})(?:[_-](?:[A-Za-z]{4}[_-])?([A-Za-z]{2}|\d{3}))?(?![A-Za-z])/.exec(code) ?? [];
  return { code, country, language };
}

/** Its Duration is no part of the documented record (dossier §2.3): it is the time between the two. */
function sessionOf({ Id, StartTimestamp, StopTimestamp }: Session): EventRecord['session'] {
  return {
    session_id: Id,
    start_timestamp: milliseconds(StartTimestamp),
    stop_timestamp: StopTimestamp === undefined ? undefined : milliseconds(StopTimestamp),
  };
}

function milliseconds(timestamp: string): number | undefined {
  return parseIsoDate(timestamp)?.getTime();
}
