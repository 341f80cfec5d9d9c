/** What an administrator sets for a gateway that takes one HTTP request for each message. */
import { badRequest } from '../../../../kernel/errors.ts';
import { type GivenSettings, type SettingsReader, settingsReader, textUpTo } from '../../settings-reader.ts';
import { callbackSecretForm } from '../../signed-body.ts';
import { checkPlaces } from './template.ts';

export interface HttpSettings {
  /** May have places in its query, and nowhere else. */
  readonly Url: string;
  readonly Method: 'POST' | 'PUT' | 'GET';
  /** The values are secrets. */
  readonly Headers: Readonly<Record<string, string>>;
  /** Template: JSON text, or `to={to}&text={body}`. Absent: a request without a body. */
  readonly Body: string | undefined;
  readonly BodyFormat: 'JSON' | 'FORM';
  readonly SuccessStatuses: readonly number[];
  /** Where in the answer the provider's id stands. Absent: receipts name the `{id}` that the request carried. */
  readonly MessageIdPath: string | undefined;
  readonly TimeoutSeconds: number;
  /** Requests under way at once, in each process. */
  readonly ParallelRequests: number;
  readonly MessagesPerSecond: number | undefined;
  /** Secret: signs callbacks. Absent: none is believed. */
  readonly CallbackSecret: string | undefined;
  readonly SignatureHeader: string;
}

/** Shown in the place of secrets. Whoever changes settings may send back what was shown, with the secrets added. */
const shownOnly = ['HeaderNames', 'HasCallbackSecret'] as const;

const names = [
  ...shownOnly,
  ...(['Url', 'Method', 'Headers', 'Body', 'BodyFormat', 'SuccessStatuses', 'MessageIdPath'] as const),
  ...(['TimeoutSeconds', 'ParallelRequests', 'MessagesPerSecond', 'CallbackSecret', 'SignatureHeader'] as const),
] satisfies (keyof HttpSettings | (typeof shownOnly)[number])[];

type Reader = SettingsReader<(typeof names)[number]>;

const usualSuccess = [200, 201, 202, 203, 204];

/** @throws BadRequestException */
export function readHttpSettings(given: GivenSettings): HttpSettings {
  const read = settingsReader(given, names);
  const BodyFormat = read.choice('BodyFormat', ['JSON', 'FORM']) ?? 'JSON';
  const Method = read.choice('Method', ['POST', 'PUT', 'GET']) ?? 'POST';
  const Body = readBody(read, BodyFormat);
  if (Method === 'GET' && Body !== undefined) throw badRequest('Body cannot be sent with GET: use the query of Url');
  return {
    Url: readUrl(read),
    Method,
    Headers: readHeaders(given),
    Body,
    BodyFormat,
    SuccessStatuses: readStatuses(given),
    MessageIdPath: readPathSetting(read),
    TimeoutSeconds: read.wholeNumber('TimeoutSeconds', 1, 120) ?? 15,
    ParallelRequests: read.wholeNumber('ParallelRequests', 1, 1_000) ?? 64,
    MessagesPerSecond: read.positive('MessagesPerSecond'),
    CallbackSecret: read.text('CallbackSecret', ...callbackSecretForm),
    SignatureHeader: readHeaderName(read.text('SignatureHeader', ...textUpTo(100)) ?? 'x-signature', 'SignatureHeader'),
  };
}

/** Names of headers are shown, their values are not. */
export function showHttpSettings({ CallbackSecret, Headers, ...shown }: HttpSettings): GivenSettings {
  return { ...shown, HeaderNames: Object.keys(Headers), HasCallbackSecret: CallbackSecret !== undefined };
}

function readUrl(read: Reader): string {
  const text = read.requiredText('Url', ...textUpTo(2_000));
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw badRequest('Url must be an http or https URL');
  if (url.username !== '' || url.password !== '') throw badRequest('Url must not carry credentials: use Headers');
  if (/[{}]|%7[bd]/i.test(`${url.host}${url.pathname}`)) throw badRequest('Url may have places in its query only');
  for (const [, value] of url.searchParams) checkPlaces(value, 'Url');
  return url.href;
}

function readBody(read: Reader, format: HttpSettings['BodyFormat']): string | undefined {
  const text = read.text('Body', ...textUpTo(20_000));
  if (text === undefined) return undefined;
  if (format === 'FORM') {
    for (const [, value] of new URLSearchParams(text)) checkPlaces(value, 'Body');
    return text;
  }
  try {
    JSON.parse(text, (_name, value) => {
      if (typeof value === 'string') checkPlaces(value, 'Body');
      return value;
    });
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest('Body must be JSON, with places inside its strings');
    throw error;
  }
  return text;
}

/** Those that belong to the connection are not for an administrator. */
const reserved = /^(host|connection|content-length|transfer-encoding|upgrade|te|trailer|expect|keep-alive|proxy-.*)$/;

function readHeaders(given: GivenSettings): Record<string, string> {
  const headers = given['Headers'] ?? {};
  if (typeof headers !== 'object' || Array.isArray(headers) || headers === null) {
    throw badRequest('Headers must be an object of names and values');
  }
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      readHeaderName(name, 'Headers');
      if (typeof value !== 'string' || value.length > 8_000 || !/^[\x20-\x7e]*$/.test(value)) {
        throw badRequest('Headers must have values of printable ASCII');
      }
      return [name.toLowerCase(), value];
    }),
  );
}

function readHeaderName(name: string, setting: string): string {
  const lower = name.toLowerCase();
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(lower) || reserved.test(lower)) {
    throw badRequest(`${setting} must name headers, and none of the connection`);
  }
  return lower;
}

function readStatuses(given: GivenSettings): readonly number[] {
  const statuses = given['SuccessStatuses'] ?? usualSuccess;
  const isSuccess = (status: unknown) => Number.isInteger(status) && Number(status) >= 200 && Number(status) <= 299;
  if (!Array.isArray(statuses) || statuses.length === 0 || !statuses.every(isSuccess)) {
    throw badRequest('SuccessStatuses must be a list of numbers from 200 to 299');
  }
  return statuses as number[];
}

function readPathSetting(read: Reader): string | undefined {
  const path = read.text('MessageIdPath', ...textUpTo(200));
  if (path?.split('.').includes('') === true) {
    throw badRequest('MessageIdPath must be names with dots between them');
  }
  return path;
}
