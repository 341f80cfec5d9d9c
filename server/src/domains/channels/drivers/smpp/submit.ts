/** A message as `submit_sm`: addresses with their types, text in its alphabet, one for each part. */
import { randomInt } from 'node:crypto';
import type { SmsContent } from '../../message.ts';
import { isShortCode, toE164 } from '../../sms/numbers.ts';
import { encodeSms, splitSms } from '../../sms/parts.ts';
import type { PduFields } from './pdu.ts';
import type { SmppSettings } from './settings.ts';

/** The message cannot be sent as it is, today or later. The text may be shown to the caller. */
export class Unsendable extends Error {}

/** Type of number and numbering plan (SMPP 3.4 §5.2.5, §5.2.6). */
const international = { ton: 1, npi: 1 };
const shortCode = { ton: 3, npi: 0 };
const alphanumeric = { ton: 5, npi: 0 };
const unknown = { ton: 0, npi: 0 };

const hasUserDataHeader = 0x40;
const dataCodingUcs2 = 8;
const receiptWhateverHappens = 1;

/**
 * A receipt is asked for the last part only: it stands for the message, whose id is that of the last part.
 * @throws Unsendable, SmsTooLong
 */
export function toSubmits(address: string, content: SmsContent, settings: SmppSettings): PduFields[] {
  const { encoding, parts } = splitSms(content.body);
  const texts = parts.map((part) => encodeSms(part, encoding));
  const common: PduFields = {
    service_type: settings.ServiceType,
    ...sourceOf(content, settings),
    ...destinationOf(address),
    data_coding: encoding === 'GSM_7' ? settings.Gsm7DataCoding : dataCodingUcs2,
    ...indianRegistration(content),
  };
  const registered_delivery = settings.BindMode === 'TRANSMITTER' ? 0 : receiptWhateverHappens;
  const [only] = texts;
  if (texts.length === 1) return [{ ...common, registered_delivery, short_message: only }];
  if (settings.LongMessages === 'MESSAGE_PAYLOAD') {
    return [{ ...common, registered_delivery, short_message: Buffer.alloc(0), message_payload: Buffer.concat(texts) }];
  }
  const reference = nextReference();
  return texts.map((text, at) => ({
    ...common,
    esm_class: hasUserDataHeader,
    registered_delivery: at === texts.length - 1 ? registered_delivery : 0,
    short_message: Buffer.concat([Buffer.from([5, 0, 3, reference, texts.length, at + 1]), text]),
  }));
}

/** Phones put parts together by sender and this number; it only has to differ between messages of the same minutes. */
let lastReference = randomInt(256);
function nextReference(): number {
  lastReference = (lastReference + 1) % 256;
  return lastReference;
}

function destinationOf(address: string): PduFields {
  const number = toDigits(address);
  if (number === undefined) throw new Unsendable('The address is no phone number in E.164 form');
  return { dest_addr_ton: international.ton, dest_addr_npi: international.npi, destination_addr: number };
}

function sourceOf({ originationNumber, senderId }: SmsContent, { SourceAddress }: SmppSettings): PduFields {
  const source = originationNumber ?? senderId ?? SourceAddress ?? '';
  const { form, text } = classify(source);
  return { source_addr_ton: form.ton, source_addr_npi: form.npi, source_addr: text };
}

/** Numbers that are in form are taken as they are: parsing each cost as much as sending it. */
function toDigits(number: string): string | undefined {
  return (/^\+[1-9][0-9]{7,14}$/.test(number) ? number : toE164(number))?.slice(1);
}

function classify(source: string): { readonly form: typeof international; readonly text: string } {
  if (source === '') return { form: unknown, text: source };
  if (isShortCode(source)) return { form: shortCode, text: source };
  const number = toDigits(source);
  if (number !== undefined) return { form: international, text: number };
  // National numbers and sender ids as registered with the provider, which knows better than we do what is allowed.
  if (/^\+?[0-9]{1,15}$/.test(source)) return { form: unknown, text: source.replace('+', '') };
  if (/^[\x20-\x7e]{1,11}$/.test(source)) return { form: alphanumeric, text: source };
  throw new Unsendable('The origination number or sender id is none that SMPP can carry');
}

function indianRegistration({ entityId, templateId }: SmsContent): PduFields {
  return {
    ...(entityId !== undefined && { dlt_entity_id: toField(entityId, 'EntityId') }),
    ...(templateId !== undefined && { dlt_template_id: toField(templateId, 'TemplateId') }),
  };
}

function toField(text: string, name: string): Buffer {
  if (!/^[\x20-\x7e]{1,50}$/.test(text)) throw new Unsendable(`${name} must be 1 to 50 ASCII characters`);
  return Buffer.from(text, 'latin1');
}
