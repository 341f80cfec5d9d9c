/** What an app told through PutEvents (dossier/events-journeys-console §2.3). */
import type { EndpointDemographic, Event, PublicEndpoint, Session } from '../../../contract/pinpoint-types.ts';
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

export function appEvent(
  project: EventProject,
  { endpointId, generation, endpoint, event, cognito, ...times }: AppEvent,
): NewEvent {
  const common = envelope(project, event.EventType, { ...times, clientId: endpointId });
  const record: EventRecord = {
    ...common,
    application: {
      ...common.application,
      ...(cognito && { cognito_identity_pool_id: cognito.identityPoolId }),
      ...given('package_name', event.AppPackageName),
      sdk: { ...given('name', event.SdkName), ...given('version', event.ClientSdkVersion) },
      ...given('title', event.AppTitle),
      ...given('version_name', endpoint?.Demographic?.AppVersion),
      ...given('version_code', event.AppVersionCode),
    },
    client: { client_id: endpointId, ...(cognito && { cognito_id: cognito.identityId }) },
    device: deviceOf(endpoint?.Demographic ?? {}),
    session: event.Session === undefined ? {} : sessionOf(event.Session),
    attributes: { ...event.Attributes },
    metrics: { ...event.Metrics },
    ...(endpoint !== undefined && { client_context: endpointContext(endpoint) }),
  };
  return { projectNumber: project.number, endpointId, isOfApp: true, ...given('generation', generation), record };
}

function deviceOf({ Locale, Make, Model, Platform, PlatformVersion }: EndpointDemographic): EventRecord['device'] {
  return {
    ...(Locale !== undefined && { locale: localeOf(Locale) }),
    ...given('make', Make),
    ...given('model', Model),
    platform: { ...given('name', Platform), ...given('version', PlatformVersion) },
  };
}

/** `pt_PT`, and as browsers spell it `pt-PT`. */
function localeOf(code: string) {
  const [, language, country] =
    /^([A-Za-z]{2,3})(?:[_-](?:[A-Za-z]{4}[_-])?([A-Za-z]{2}|\d{3}))?(?![A-Za-z])/.exec(code) ?? [];
  return { code, ...given('country', country), ...given('language', language) };
}

/** Its Duration is no part of the documented record (dossier §2.3): it is the time between the two. */
function sessionOf({ Id, StartTimestamp, StopTimestamp }: Session): EventRecord['session'] {
  return {
    session_id: Id,
    ...given('start_timestamp', milliseconds(StartTimestamp)),
    ...given('stop_timestamp', milliseconds(StopTimestamp)),
  };
}

function milliseconds(timestamp: string | undefined): number | undefined {
  return parseIsoDate(timestamp ?? '')?.getTime();
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): { [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [Key in Name]: Value });
}
