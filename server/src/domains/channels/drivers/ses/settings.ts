/** What an administrator may configure of Amazon SES; what is left out comes from the standard AWS environment. */
import { badRequest } from '../../../../kernel/errors.ts';
import { readMembers } from '../../email/members.ts';

/** Plain data, so that it can be sealed. */
export interface SesSettings {
  readonly region?: string | undefined;
  readonly credentials?: SesCredentials | undefined;
  /** Another server that speaks SES v2. */
  readonly baseUrl?: string | undefined;
  /** Of messages that name none. */
  readonly configurationSet?: string | undefined;
  /** The SNS topic whose callbacks are believed. */
  readonly topicArn?: string | undefined;
  readonly messagesPerSecond?: number | undefined;
}

export interface SesCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

const members = [
  ...['Region', 'AccessKeyId', 'SecretAccessKey', 'SessionToken', 'BaseUrl', 'ConfigurationSet', 'TopicArn'],
  'MessagesPerSecond',
];

/** @throws BadRequestException */
export function readSettings(given: Readonly<Record<string, unknown>>): SesSettings {
  const read = readMembers(given, members);
  const text = (name: string, form: RegExp): string | undefined => {
    const value = read.text(name);
    if (value !== undefined && !form.test(value)) throw badRequest(`${name} is not valid`);
    return value;
  };
  const baseUrl = readBaseUrl(read.text('BaseUrl'));
  const credentials = readCredentials(text);
  // Requests signed by the operator's own credentials go to AWS, not to an address that somebody typed in.
  if (baseUrl !== undefined && credentials === undefined) throw badRequest('BaseUrl needs AccessKeyId beside it');
  return {
    region: text('Region', /^[a-z]{2}(?:-[a-z]+){1,3}-[0-9]{1,2}$/),
    credentials,
    baseUrl,
    configurationSet: text('ConfigurationSet', /^[A-Za-z0-9_-]{1,64}$/),
    topicArn: text('TopicArn', /^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]{1,256}$/),
    messagesPerSecond: read.wholeNumber('MessagesPerSecond', 1, 1_000_000),
  };
}

/** Without secrets. */
export function showSettings(settings: SesSettings): Readonly<Record<string, unknown>> {
  return {
    ...{ Region: settings.region, AccessKeyId: settings.credentials?.accessKeyId, BaseUrl: settings.baseUrl },
    ...{ ConfigurationSet: settings.configurationSet, TopicArn: settings.topicArn },
    MessagesPerSecond: settings.messagesPerSecond,
  };
}

function readCredentials(text: (name: string, form: RegExp) => string | undefined): SesCredentials | undefined {
  const accessKeyId = text('AccessKeyId', /^\w{4,128}$/);
  const secretAccessKey = text('SecretAccessKey', /^[!-~]{1,256}$/);
  const sessionToken = text('SessionToken', /^[!-~]+$/);
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw badRequest('AccessKeyId and SecretAccessKey go together');
  }
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return { accessKeyId, secretAccessKey, sessionToken };
  }
  if (sessionToken !== undefined) throw badRequest('SessionToken needs AccessKeyId beside it');
  return undefined;
}

function readBaseUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && `${url.username}${url.search}${url.hash}` === '';
  if (!isPlain) throw badRequest('BaseUrl must be an http or https URL without user, query and fragment');
  return url.href;
}
