/** Settings of a GCM channel in the contract's spelling (dossier/messaging §8.2), and what its service account says. */
import { badRequest } from '../../../../kernel/errors.ts';
import { checkServiceAccount, readServiceAccount, type ServiceAccount } from '../../service-account.ts';
import { type GivenSettings, type SettingsReader, settingsReader } from '../../settings-reader.ts';

export interface FcmSettings {
  /** Legacy server key. Google switched its API off; a gateway at BaseUrl may still speak it. */
  readonly ApiKey?: string;
  /** The service account's file, as text. */
  readonly ServiceJson?: string;
  readonly DefaultAuthenticationMethod: 'KEY' | 'TOKEN';
  /**
   * Instead of Google: with TOKEN what stands before `/v1/projects/…`, with KEY the whole address of a gateway that speaks
   * the legacy HTTP form.
   */
  readonly BaseUrl?: string;
}

export function readFcmSettings(given: GivenSettings): FcmSettings {
  const read = settingsReader(given, undefined, { trims: true });
  const ApiKey = read.text('ApiKey');
  const ServiceJson = read.text('ServiceJson');
  const BaseUrl = read.baseUrl('BaseUrl');
  if (ServiceJson !== undefined) checkTokenUri(checkServiceAccount(ServiceJson), BaseUrl);
  if (ServiceJson === undefined && ApiKey === undefined) throw badRequest('ServiceJson or ApiKey is required');
  const DefaultAuthenticationMethod = readMethod(read, ServiceJson);
  if (DefaultAuthenticationMethod === 'TOKEN' && ServiceJson === undefined) {
    throw badRequest('ServiceJson is required with DefaultAuthenticationMethod TOKEN');
  }
  return { ApiKey, ServiceJson, DefaultAuthenticationMethod, BaseUrl };
}

/** The contract's default is KEY; a channel that has a service account alone can only mean TOKEN. */
function readMethod(read: SettingsReader, serviceJson: string | undefined): FcmSettings['DefaultAuthenticationMethod'] {
  const method = read.text('DefaultAuthenticationMethod');
  if (method === undefined) return serviceJson !== undefined && read.text('ApiKey') === undefined ? 'TOKEN' : 'KEY';
  if (/^key$/i.test(method)) return 'KEY';
  if (/^token$/i.test(method)) return 'TOKEN';
  throw badRequest('DefaultAuthenticationMethod must be KEY or TOKEN');
}

/** An uploaded file must not send signed assertions wherever it likes. */
function checkTokenUri({ tokenUri }: ServiceAccount, baseUrl: string | undefined): void {
  const url = URL.parse(tokenUri);
  const isGoogle =
    url?.protocol === 'https:' && /^([a-z0-9-]+\.)*googleapis\.com$/.test(url.hostname) && url.port === '';
  if (!isGoogle && baseUrl === undefined) throw badRequest('token_uri of ServiceJson must be https on googleapis.com');
  if (url === null) throw badRequest('token_uri of ServiceJson must be a URL');
}

export function showFcmSettings(settings: FcmSettings): Readonly<Record<string, unknown>> {
  const { DefaultAuthenticationMethod, BaseUrl, ServiceJson, ApiKey } = settings;
  return {
    DefaultAuthenticationMethod,
    BaseUrl,
    HasFcmServiceCredentials: ServiceJson !== undefined,
    HasApiKey: ApiKey !== undefined,
    ProjectId: ServiceJson === undefined ? undefined : readServiceAccount(ServiceJson).projectId,
  };
}
