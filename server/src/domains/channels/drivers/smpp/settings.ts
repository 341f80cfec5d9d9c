/** What an administrator sets for a connection to an SMSC. */
import { isIP } from 'node:net';
import { badRequest } from '../../../../kernel/errors.ts';
import {
  type GivenSettings,
  readAscii,
  readBoolean,
  readChoice,
  readText,
  readWholeNumber,
  refuseUnknown,
  required,
} from '../../read-setting.ts';

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

const names: ReadonlySet<string> = new Set<keyof SmppSettings | 'HasPassword'>([
  // Shown in the place of the secret; it may come back with what was shown.
  'HasPassword',
  ...(['Host', 'Port', 'Tls', 'CertificateAuthority', 'SystemId', 'Password', 'SystemType', 'BindMode'] as const),
  ...(['Window', 'EnquireLinkSeconds', 'AnswerTimeoutSeconds', 'LongMessages', 'ServiceType'] as const),
  ...(['SourceAddress', 'Gsm7DataCoding', 'ReceiptIds', 'MessagesPerSecond'] as const),
]);

/** @throws BadRequestException */
export function readSmppSettings(given: GivenSettings): SmppSettings {
  refuseUnknown(given, names, 'SMPP');
  const Tls = readBoolean(given, 'Tls');
  return {
    Host: readHost(given),
    Port: readWholeNumber(given, 'Port', 1, 65_535) ?? (Tls ? 3_550 : 2_775),
    Tls,
    CertificateAuthority: readAuthority(given),
    SystemId: required(readAscii(given, 'SystemId', 64), 'SystemId'),
    Password: readAscii(given, 'Password', 64) ?? '',
    SystemType: readAscii(given, 'SystemType', 12) ?? '',
    BindMode: readChoice(given, 'BindMode', ['TRANSCEIVER', 'TRANSMITTER_AND_RECEIVER', 'TRANSMITTER']),
    Window: readWholeNumber(given, 'Window', 1, 1_000) ?? 50,
    EnquireLinkSeconds: readWholeNumber(given, 'EnquireLinkSeconds', 1, 3_600) ?? 30,
    AnswerTimeoutSeconds: readWholeNumber(given, 'AnswerTimeoutSeconds', 1, 300) ?? 30,
    LongMessages: readChoice(given, 'LongMessages', ['UDH', 'MESSAGE_PAYLOAD']),
    ServiceType: readAscii(given, 'ServiceType', 5) ?? '',
    SourceAddress: readSource(given),
    Gsm7DataCoding: readWholeNumber(given, 'Gsm7DataCoding', 0, 255) ?? 0,
    ReceiptIds: readChoice(given, 'ReceiptIds', ['SAME', 'DECIMAL_OF_HEX', 'HEX_OF_DECIMAL']),
    MessagesPerSecond: readWholeNumber(given, 'MessagesPerSecond', 1, 100_000),
  };
}

export function showSmppSettings({ Password, ...shown }: SmppSettings): GivenSettings {
  return { ...shown, HasPassword: Password !== '' };
}

function readHost(given: GivenSettings): string {
  const host = required(readAscii(given, 'Host', 253), 'Host');
  if (isIP(host) === 0 && !/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(host)) {
    throw badRequest('Host must be a host name or an IP address');
  }
  return host;
}

function readAuthority(given: GivenSettings): string | undefined {
  const value = readText(given, 'CertificateAuthority', 100_000);
  if (value?.includes('-----BEGIN CERTIFICATE-----') === false) {
    throw badRequest('CertificateAuthority must be certificates in PEM');
  }
  return value;
}

function readSource(given: GivenSettings): string | undefined {
  const source = readAscii(given, 'SourceAddress', 20);
  if (source !== undefined && !/^(\+?[0-9]{3,15}|[A-Za-z0-9]{1,11})$/.test(source)) {
    throw badRequest('SourceAddress must be a phone number, a short code or a sender id');
  }
  return source;
}
