/** Settings of an APNs channel in the contract's spelling (dossier/messaging §8.2), and where to send. */
import { X509Certificate } from 'node:crypto';
import { badRequest } from '../../../../kernel/errors.ts';
import {
  type Given,
  optionalBoolean,
  optionalPem,
  optionalText,
  optionalUrl,
  readCertificate,
  readPrivateKey,
} from '../push-settings.ts';

export type ApnsAuthentication = 'TOKEN' | 'CERTIFICATE';

export interface ApnsSettings {
  /** @default production */
  readonly Environment: 'production' | 'sandbox';
  /** The topic is that of the app with `.voip`. */
  readonly Voip: boolean;
  readonly BundleId?: string;
  readonly TeamId?: string;
  readonly TokenKey?: string;
  readonly TokenKeyId?: string;
  readonly Certificate?: string;
  readonly PrivateKey?: string;
  readonly DefaultAuthenticationMethod: ApnsAuthentication;
  /** Instead of Apple's host. */
  readonly BaseUrl?: string;
}

export function readApnsSettings(given: Given): ApnsSettings {
  const settings = {
    Environment: readEnvironment(given),
    Voip: optionalBoolean(given, 'Voip'),
    BundleId: optionalText(given, 'BundleId'),
    TeamId: optionalText(given, 'TeamId'),
    TokenKey: optionalPem(given, 'TokenKey', 'PRIVATE KEY'),
    TokenKeyId: optionalText(given, 'TokenKeyId'),
    Certificate: optionalPem(given, 'Certificate', 'CERTIFICATE'),
    PrivateKey: optionalPem(given, 'PrivateKey', 'PRIVATE KEY'),
    BaseUrl: optionalUrl(given, 'BaseUrl'),
  };
  if (settings.TokenKey !== undefined) checkToken(settings);
  if (settings.Certificate !== undefined || settings.PrivateKey !== undefined) checkCertificate(settings);
  return { ...settings, DefaultAuthenticationMethod: readMethod(given, settings) };
}

function readEnvironment(given: Given): ApnsSettings['Environment'] {
  const environment = optionalText(given, 'Environment') ?? 'production';
  if (environment !== 'production' && environment !== 'sandbox') {
    throw badRequest('Environment must be production or sandbox.');
  }
  return environment;
}

type Credentials = Omit<ApnsSettings, 'DefaultAuthenticationMethod'>;

function checkToken({ TokenKey = '', TokenKeyId, TeamId, BundleId }: Credentials): void {
  const key = readPrivateKey(TokenKey, 'TokenKey');
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw badRequest('TokenKey must be an elliptic-curve key (P-256), as Apple issues them.');
  }
  for (const [member, value] of Object.entries({ TokenKeyId, TeamId, BundleId })) {
    if (value === undefined) throw badRequest(`${member} is required with TokenKey.`);
  }
}

function checkCertificate({ Certificate, PrivateKey }: Credentials): void {
  if (Certificate === undefined) throw badRequest('Certificate is required with PrivateKey.');
  if (PrivateKey === undefined) throw badRequest('PrivateKey is required with Certificate.');
  const belongs = readCertificate(Certificate, 'Certificate').checkPrivateKey(readPrivateKey(PrivateKey, 'PrivateKey'));
  if (!belongs) throw badRequest('PrivateKey does not belong to Certificate.');
}

/** The channel says `key` or `certificate`; without a word the method whose credentials are there, token first. */
function readMethod(given: Given, { TokenKey, Certificate }: Credentials): ApnsAuthentication {
  if (TokenKey === undefined && Certificate === undefined) {
    throw badRequest('TokenKey with TokenKeyId and TeamId, or Certificate with PrivateKey, is required.');
  }
  const method = optionalText(given, 'DefaultAuthenticationMethod');
  if (method === undefined) return TokenKey === undefined ? 'CERTIFICATE' : 'TOKEN';
  if (/^(key|token)$/i.test(method)) return 'TOKEN';
  if (/^certificate$/i.test(method)) return 'CERTIFICATE';
  throw badRequest('DefaultAuthenticationMethod must be key or certificate.');
}

export function showApnsSettings(settings: ApnsSettings): Readonly<Record<string, unknown>> {
  const { TokenKey, Certificate, PrivateKey: _secret, ...shown } = settings;
  return {
    ...shown,
    HasTokenKey: TokenKey !== undefined,
    HasCertificate: Certificate !== undefined,
    CertificateNotAfter:
      Certificate === undefined ? undefined : new X509Certificate(Certificate).validToDate.toISOString(),
  };
}

export function originOf({ BaseUrl, Environment }: ApnsSettings): string {
  if (BaseUrl !== undefined) return BaseUrl;
  return Environment === 'sandbox' ? 'https://api.sandbox.push.apple.com' : 'https://api.push.apple.com';
}

/** Apple's conventions for topics of each push type; a bundle id that has the ending already keeps it. */
const topicEndings: Readonly<Record<string, string>> = {
  voip: '.voip',
  complication: '.complication',
  fileprovider: '.pushkit.fileprovider',
};

export function topicOf({ BundleId }: ApnsSettings, pushType: string | undefined): string | undefined {
  const ending = topicEndings[pushType ?? ''] ?? '';
  return BundleId === undefined || BundleId.endsWith(ending) ? BundleId : `${BundleId}${ending}`;
}
