/** What an administrator sets for a connection to an SMSC. */
import { isIP } from 'node:net';
import { badRequest } from '../../../../kernel/errors.ts';
import { readAuthorities } from '../../pem.ts';
import { asciiUpTo, type GivenSettings, type SettingsReader, settingsReader } from '../../settings-reader.ts';

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

const names = [
  // Shown in the place of the secret; it may come back with what was shown.
  ...(['HasPassword'] as const),
  ...(['Host', 'Port', 'Tls', 'CertificateAuthority', 'SystemId', 'Password', 'SystemType', 'BindMode'] as const),
  ...(['Window', 'EnquireLinkSeconds', 'AnswerTimeoutSeconds', 'LongMessages', 'ServiceType'] as const),
  ...(['SourceAddress', 'Gsm7DataCoding', 'ReceiptIds', 'MessagesPerSecond'] as const),
] satisfies (keyof SmppSettings | 'HasPassword')[];

type Reader = SettingsReader<(typeof names)[number]>;

/** @throws BadRequestException */
export function readSmppSettings(given: GivenSettings): SmppSettings {
  const read = settingsReader(given, names);
  const Tls = read.flag('Tls') ?? false;
  return {
    Host: readHost(read),
    Port: read.wholeNumber('Port', 1, 65_535) ?? (Tls ? 3_550 : 2_775),
    Tls,
    CertificateAuthority: readAuthority(read),
    SystemId: read.requiredText('SystemId', ...asciiUpTo(64)),
    Password: read.text('Password', ...asciiUpTo(64)) ?? '',
    SystemType: read.text('SystemType', ...asciiUpTo(12)) ?? '',
    BindMode: read.choice('BindMode', ['TRANSCEIVER', 'TRANSMITTER_AND_RECEIVER', 'TRANSMITTER']) ?? 'TRANSCEIVER',
    Window: read.wholeNumber('Window', 1, 1_000) ?? 50,
    EnquireLinkSeconds: read.wholeNumber('EnquireLinkSeconds', 1, 3_600) ?? 30,
    AnswerTimeoutSeconds: read.wholeNumber('AnswerTimeoutSeconds', 1, 300) ?? 30,
    LongMessages: read.choice('LongMessages', ['UDH', 'MESSAGE_PAYLOAD']) ?? 'UDH',
    ServiceType: read.text('ServiceType', ...asciiUpTo(5)) ?? '',
    SourceAddress: readSource(read),
    Gsm7DataCoding: read.wholeNumber('Gsm7DataCoding', 0, 255) ?? 0,
    ReceiptIds: read.choice('ReceiptIds', ['SAME', 'DECIMAL_OF_HEX', 'HEX_OF_DECIMAL']) ?? 'SAME',
    MessagesPerSecond: read.positive('MessagesPerSecond'),
  };
}

export function showSmppSettings({ Password, ...shown }: SmppSettings): GivenSettings {
  return { ...shown, HasPassword: Password !== '' };
}

function readHost(read: Reader): string {
  const host = read.requiredText('Host', ...asciiUpTo(253));
  if (isIP(host) === 0 && !/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(host)) {
    throw badRequest('Host must be a host name or an IP address');
  }
  return host;
}

function readAuthority(read: Reader): string | undefined {
  const text = read.text('CertificateAuthority');
  return text && readAuthorities('CertificateAuthority', text);
}

function readSource(read: Reader): string | undefined {
  const source = read.text('SourceAddress', ...asciiUpTo(20));
  if (source !== undefined && !/^(\+?[0-9]{3,15}|[A-Za-z0-9]{1,11})$/.test(source)) {
    throw badRequest('SourceAddress must be a phone number, a short code or a sender id');
  }
  return source;
}
