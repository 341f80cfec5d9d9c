/**
 * Messages of Amazon SNS over HTTP, believed only with their signature. The certificate comes from a host of SNS, and the
 * topic must be the one that is configured: anybody may have a topic of their own that Amazon signs for.
 */
import { verify, X509Certificate } from 'node:crypto';
import { CallbackRefused, type CallbackRequest, type DriverParts } from '../../driver.ts';
import { readAnswer } from '../delivery/json-answer.ts';
import type { SesSettings } from './settings.ts';

export interface SnsMessage {
  readonly Type: string;
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Message: string;
  readonly Timestamp: string;
  readonly Signature: string;
  readonly SignatureVersion: string;
  readonly SigningCertURL: string;
  readonly Subject?: string;
  readonly SubscribeURL?: string;
  readonly Token?: string;
}

type Rule = Pick<SesSettings, 'baseUrl' | 'topicArn'>;

const required = [
  ...['Type', 'MessageId', 'TopicArn', 'Message', 'Timestamp', 'Signature', 'SignatureVersion'],
  'SigningCertURL',
] as const;
const optional = ['Subject', 'SubscribeURL', 'Token'] as const;

/** SNS guide, "Verifying the signatures of Amazon SNS messages": members in this order, a name and a value a line. */
const signedOfNotification = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const;
const signedOfConfirmation = [
  ...(['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const),
];

const algorithms = new Map([
  ['1', 'sha1'],
  ['2', 'sha256'],
]);

/** @throws CallbackRefused */
export async function readSnsMessage(
  request: CallbackRequest,
  rule: Rule,
  parts: Pick<DriverParts, 'http' | 'clock'>,
): Promise<SnsMessage> {
  if (rule.topicArn === undefined) throw new CallbackRefused('TopicArn is not configured');
  const message = readMembers(request.body);
  if (message.TopicArn !== rule.topicArn) throw new CallbackRefused('The message is of another topic');
  const algorithm = algorithms.get(message.SignatureVersion);
  if (algorithm === undefined) throw new CallbackRefused('The version of the signature is not known');
  const certificate = await readCertificate(checkSnsUrl(message.SigningCertURL, rule), parts);
  const now = parts.clock.now();
  if (now < certificate.validFromDate || now > certificate.validToDate) {
    throw new CallbackRefused('The certificate is not valid now');
  }
  const names = message.Type === 'Notification' ? signedOfNotification : signedOfConfirmation;
  const lines = names.flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`]));
  const signature = Buffer.from(message.Signature, 'base64');
  if (!verify(algorithm, Buffer.from(lines.join('')), certificate.publicKey, signature)) {
    throw new CallbackRefused('The signature does not fit');
  }
  return message;
}

/** @throws CallbackRefused when it does not lead to SNS, or to the server that stands for it */
export function checkSnsUrl(text: string, { baseUrl }: Rule): URL {
  const url = URL.parse(text);
  const isOfSns =
    url?.protocol === 'https:' && url.port === '' && /^sns\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/.test(url.hostname);
  const isOfBaseUrl = url !== null && baseUrl !== undefined && url.origin === new URL(baseUrl).origin;
  if (url === null || url.username !== '' || !(isOfSns || isOfBaseUrl)) {
    throw new CallbackRefused('The message names a host that is not of SNS');
  }
  return url;
}

function readMembers(body: Buffer): SnsMessage {
  const given = readAnswer(body.toString('utf8'));
  const isText = (name: string) => typeof given[name] === 'string';
  const isAbsent = (name: string) => given[name] === undefined || given[name] === null;
  if (!required.every(isText) || !optional.every((name) => isText(name) || isAbsent(name))) {
    throw new CallbackRefused('The body is no message of SNS');
  }
  const members = [...required, ...optional].flatMap((name) => (isText(name) ? [[name, given[name]]] : []));
  return Object.fromEntries(members) as SnsMessage;
}

/** A certificate of SNS never changes under its URL. */
const certificates = new Map<string, X509Certificate>();
const maximumCertificates = 16;

async function readCertificate(url: URL, { http }: Pick<DriverParts, 'http'>): Promise<X509Certificate> {
  const known = certificates.get(url.href);
  if (known !== undefined) return known;
  const { status, text } = await http.request({ method: 'GET', url, maximumBytes: 65_536 });
  if (status !== 200) throw new Error(`The certificate of SNS was answered with ${status}`);
  const certificate = parseCertificate(text);
  if (certificates.size >= maximumCertificates) certificates.clear();
  certificates.set(url.href, certificate);
  return certificate;
}

function parseCertificate(text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (error) {
    throw new CallbackRefused('The certificate cannot be read', { cause: error });
  }
}
