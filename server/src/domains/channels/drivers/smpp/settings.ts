/** What an administrator sets for a connection to an SMSC. */
import { isIP } from 'node:net';
import { badRequest } from '../../../../kernel/errors.ts';

export interface SmppSettings {
  readonly Host: string;
  readonly Port: number;
  readonly Tls: boolean;
  /** PEM, for an SMSC whose certificate no public authority signed. */
  readonly CertificateAuthority: string | undefined;
  readonly SystemId: string;
  /** Secret. */
  readonly Password: string;
  readonly SystemType: string;
  readonly BindMode: BindMode;
  /** `submit_sm` on their way at once. */
  readonly Window: number;
  readonly EnquireLinkSeconds: number;
  readonly AnswerTimeoutSeconds: number;
  readonly LongMessages: 'UDH' | 'MESSAGE_PAYLOAD';
  readonly ServiceType: string;
  /** Sends what names no number and no sender id of its own. */
  readonly SourceAddress: string | undefined;
  /** Of GSM-7 text: 0 is the alphabet of the SMSC. */
  readonly Gsm7DataCoding: number;
  readonly ReceiptIds: ReceiptIds;
  readonly MessagesPerSecond: number | undefined;
}

/** `TRANSMITTER` receives nothing: no receipts, no inbound messages. */
export type BindMode = 'TRANSCEIVER' | 'TRANSMITTER_AND_RECEIVER' | 'TRANSMITTER';

/** How receipts spell the ids of answers: some SMSCs answer in hex and write the receipt in decimal, or the reverse. */
export type ReceiptIds = 'SAME' | 'DECIMAL_OF_HEX' | 'HEX_OF_DECIMAL';

type Given = Readonly<Record<string, unknown>>;

const names: ReadonlySet<string> = new Set<keyof SmppSettings>([
  ...(['Host', 'Port', 'Tls', 'CertificateAuthority', 'SystemId', 'Password', 'SystemType', 'BindMode'] as const),
  ...(['Window', 'EnquireLinkSeconds', 'AnswerTimeoutSeconds', 'LongMessages', 'ServiceType'] as const),
  ...(['SourceAddress', 'Gsm7DataCoding', 'ReceiptIds', 'MessagesPerSecond'] as const),
]);

/** @throws BadRequestException */
export function readSmppSettings(given: Given): SmppSettings {
  for (const name of Object.keys(given)) if (!names.has(name)) throw badRequest(`${name} is no setting of SMPP`);
  const Tls = readBoolean(given, 'Tls');
  return {
    Host: readHost(given),
    Port: readNumber(given, 'Port', 1, 65_535) ?? (Tls ? 3_550 : 2_775),
    Tls,
    CertificateAuthority: readAuthority(given),
    SystemId: required(readText(given, 'SystemId', 64), 'SystemId'),
    Password: readText(given, 'Password', 64) ?? '',
    SystemType: readText(given, 'SystemType', 12) ?? '',
    BindMode: readChoice(given, 'BindMode', ['TRANSCEIVER', 'TRANSMITTER_AND_RECEIVER', 'TRANSMITTER']),
    Window: readNumber(given, 'Window', 1, 1_000) ?? 50,
    EnquireLinkSeconds: readNumber(given, 'EnquireLinkSeconds', 1, 3_600) ?? 30,
    AnswerTimeoutSeconds: readNumber(given, 'AnswerTimeoutSeconds', 1, 300) ?? 30,
    LongMessages: readChoice(given, 'LongMessages', ['UDH', 'MESSAGE_PAYLOAD']),
    ServiceType: readText(given, 'ServiceType', 5) ?? '',
    SourceAddress: readSource(given),
    Gsm7DataCoding: readNumber(given, 'Gsm7DataCoding', 0, 255) ?? 0,
    ReceiptIds: readChoice(given, 'ReceiptIds', ['SAME', 'DECIMAL_OF_HEX', 'HEX_OF_DECIMAL']),
    MessagesPerSecond: readNumber(given, 'MessagesPerSecond', 1, 100_000),
  };
}

export function showSmppSettings({ Password: _secret, ...shown }: SmppSettings): Given {
  return shown;
}

/** Printable ASCII: other characters have no place in fields of SMPP. */
function readText(given: Given, name: string, longest: number): string | undefined {
  const value = given[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.length > longest || !/^[\x20-\x7e]*$/.test(value)) {
    throw badRequest(`${name} must be text of at most ${longest} ASCII characters`);
  }
  return value;
}

function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw badRequest(`${name} is required`);
  return value;
}

function readHost(given: Given): string {
  const host = required(readText(given, 'Host', 253), 'Host');
  if (isIP(host) === 0 && !/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(host)) {
    throw badRequest('Host must be a host name or an IP address');
  }
  return host;
}

function readNumber(given: Given, name: string, least: number, most: number): number | undefined {
  const value = given[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw badRequest(`${name} must be a whole number from ${least} to ${most}`);
  }
  return value;
}

function readBoolean(given: Given, name: string): boolean {
  const value = given[name] ?? false;
  if (typeof value !== 'boolean') throw badRequest(`${name} must be true or false`);
  return value;
}

/** The first choice is the default. */
function readChoice<Choice extends string>(
  given: Given,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const value = given[name] ?? choices[0];
  const choice = choices.find((each) => each === value);
  if (choice === undefined) throw badRequest(`${name} must be one of ${choices.join(', ')}`);
  return choice;
}

function readAuthority(given: Given): string | undefined {
  const value = given['CertificateAuthority'];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || !value.includes('-----BEGIN CERTIFICATE-----') || value.length > 100_000) {
    throw badRequest('CertificateAuthority must be certificates in PEM');
  }
  return value;
}

function readSource(given: Given): string | undefined {
  const source = readText(given, 'SourceAddress', 20);
  if (source !== undefined && !/^(\+?[0-9]{3,15}|[A-Za-z0-9]{1,11})$/.test(source)) {
    throw badRequest('SourceAddress must be a phone number, a short code or a sender id');
  }
  return source;
}
