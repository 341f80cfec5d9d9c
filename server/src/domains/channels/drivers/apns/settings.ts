/** Settings of an APNs channel in the contract's spelling (dossier/messaging §8.2), and where to send. */
import { X509Certificate } from 'node:crypto';
import { badRequest } from '../../../../kernel/errors.ts';
import { readClientCertificate, readP256Key, toPem } from '../../pem.ts';
import { type GivenSettings, type SettingsReader, settingsReader } from '../../settings-reader.ts';

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

export function readApnsSettings(given: GivenSettings): ApnsSettings {
  const read = settingsReader(given, undefined, { trims: true });
  const settings = {
    Environment: read.choice('Environment', ['production', 'sandbox']) ?? 'production',
    Voip: read.flag('Voip') ?? false,
    BundleId: read.text('BundleId'),
    ...readToken(read),
    ...readCertificatePair(read),
    BaseUrl: read.baseUrl('BaseUrl'),
  };
  return { ...settings, DefaultAuthenticationMethod: readMethod(read, settings) };
}

type Credentials = Omit<ApnsSettings, 'DefaultAuthenticationMethod'>;

function readToken(read: SettingsReader): Pick<Credentials, 'TokenKey' | 'TokenKeyId' | 'TeamId'> {
  const [key, TokenKeyId, TeamId] = [read.text('TokenKey'), read.text('TokenKeyId'), read.text('TeamId')];
  if (key === undefined) return { TokenKeyId, TeamId };
  const TokenKey = toPem(readP256Key('TokenKey', key));
  for (const [member, value] of Object.entries({ TokenKeyId, TeamId, BundleId: read.text('BundleId') })) {
    if (value === undefined) throw badRequest(`${member} is required with TokenKey`);
  }
  return { TokenKey, TokenKeyId, TeamId };
}

function readCertificatePair(read: SettingsReader): Pick<Credentials, 'Certificate' | 'PrivateKey'> {
  const [Certificate, PrivateKey] = [read.text('Certificate'), read.text('PrivateKey')];
  if (Certificate === undefined && PrivateKey === undefined) return {};
  if (Certificate === undefined) throw badRequest('Certificate is required with PrivateKey');
  if (PrivateKey === undefined) throw badRequest('PrivateKey is required with Certificate');
  const { notAfter: _checkedWhenItIsGiven, ...pair } = readClientCertificate({ Certificate, PrivateKey });
  return pair;
}

/** The channel says `key` or `certificate`; without a word the method whose credentials are there, token first. */
function readMethod(read: SettingsReader, { TokenKey, Certificate }: Credentials): ApnsAuthentication {
  if (TokenKey === undefined && Certificate === undefined) {
    throw badRequest('TokenKey with TokenKeyId and TeamId, or Certificate with PrivateKey, is required');
  }
  const method = read.text('DefaultAuthenticationMethod');
  if (method === undefined) return TokenKey === undefined ? 'CERTIFICATE' : 'TOKEN';
  if (/^(key|token)$/i.test(method)) return 'TOKEN';
  if (/^certificate$/i.test(method)) return 'CERTIFICATE';
  throw badRequest('DefaultAuthenticationMethod must be key or certificate');
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
