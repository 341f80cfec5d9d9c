/** Settings of a GCM channel in the contract's spelling (dossier/messaging §8.2), and what its service account says. */
import { badRequest } from '../../../../kernel/errors.ts';
import { type Given, optionalText, optionalUrl, readPrivateKey } from '../push-settings.ts';

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

/** The members of ServiceJson that sending needs. */
export interface ServiceAccount {
  readonly projectId: string;
  readonly clientEmail: string;
  readonly privateKey: string;
  readonly privateKeyId?: string;
  readonly tokenUri: string;
}

const defaultTokenUri = 'https://oauth2.googleapis.com/token';

export function readFcmSettings(given: Given): FcmSettings {
  const ApiKey = optionalText(given, 'ApiKey');
  const ServiceJson = optionalText(given, 'ServiceJson');
  const BaseUrl = optionalUrl(given, 'BaseUrl');
  if (ServiceJson !== undefined) checkAccount(readServiceAccount(ServiceJson), BaseUrl);
  if (ServiceJson === undefined && ApiKey === undefined) throw badRequest('ServiceJson or ApiKey is required.');
  const DefaultAuthenticationMethod = readMethod(given, ServiceJson);
  if (DefaultAuthenticationMethod === 'TOKEN' && ServiceJson === undefined) {
    throw badRequest('ServiceJson is required with DefaultAuthenticationMethod TOKEN.');
  }
  return { ApiKey, ServiceJson, DefaultAuthenticationMethod, BaseUrl };
}

/** The contract's default is KEY; a channel that has a service account alone can only mean TOKEN. */
function readMethod(given: Given, serviceJson: string | undefined): FcmSettings['DefaultAuthenticationMethod'] {
  const method = optionalText(given, 'DefaultAuthenticationMethod');
  if (method === undefined) return serviceJson !== undefined && given['ApiKey'] === undefined ? 'TOKEN' : 'KEY';
  if (/^key$/i.test(method)) return 'KEY';
  if (/^token$/i.test(method)) return 'TOKEN';
  throw badRequest('DefaultAuthenticationMethod must be KEY or TOKEN.');
}

export function readServiceAccount(serviceJson: string): ServiceAccount {
  let account: Given;
  try {
    account = { ...(JSON.parse(serviceJson) as Given) };
  } catch {
    // The parser's message quotes the key.
    throw badRequest('ServiceJson is not valid JSON.');
  }
  const member = (name: string): string => {
    const value = account[name];
    if (typeof value !== 'string' || value === '') throw badRequest(`ServiceJson has no ${name}.`);
    return value;
  };
  return {
    projectId: member('project_id'),
    clientEmail: member('client_email'),
    privateKey: member('private_key'),
    privateKeyId: typeof account['private_key_id'] === 'string' ? account['private_key_id'] : undefined,
    tokenUri: account['token_uri'] === undefined ? defaultTokenUri : member('token_uri'),
  };
}

/** An uploaded file must not send signed assertions wherever it likes. */
function checkAccount({ privateKey, tokenUri }: ServiceAccount, baseUrl: string | undefined): void {
  if (readPrivateKey(privateKey, 'private_key of ServiceJson').asymmetricKeyType !== 'rsa') {
    throw badRequest('private_key of ServiceJson must be an RSA key.');
  }
  const url = URL.parse(tokenUri);
  const isGoogle =
    url?.protocol === 'https:' && /^([a-z0-9-]+\.)*googleapis\.com$/.test(url.hostname) && url.port === '';
  if (!isGoogle && baseUrl === undefined) throw badRequest('token_uri of ServiceJson must be https on googleapis.com.');
  if (url === null) throw badRequest('token_uri of ServiceJson must be a URL.');
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
