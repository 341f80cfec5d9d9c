/** The text of a message that somebody wrote, or of one part of it: header, alphabet, place among the parts. */
import { decodeGsm7 } from '../../sms/gsm7.ts';
import type { Pdu } from './pdu.ts';

/** Which part of which message (3GPP TS 23.040 §9.2.3.24.1, or fields of SMPP). */
export interface PartPlace {
  readonly reference: number;
  readonly total: number;
  /** From 1. */
  readonly number: number;
}

export interface InboundText {
  readonly bytes: Buffer;
  readonly alphabet: Alphabet;
  readonly place: PartPlace | undefined;
}

export type Alphabet = 'GSM_7' | 'UCS_2' | 'ascii' | 'latin1' | 'iso-8859-5' | 'iso-8859-8';

const hasUserDataHeader = 0x40;

/** Undefined for binary messages: settings of phones, ringing tones. */
export function readInboundText(pdu: Pdu): InboundText | undefined {
  const alphabet = alphabetOf(pdu.data_coding ?? 0);
  if (alphabet === undefined) return undefined;
  const content = pdu.short_message?.length ? pdu.short_message : (pdu.message_payload ?? Buffer.alloc(0));
  const headerLength = content[0];
  const inFields = placeInFields(pdu);
  const hasHeader = ((pdu.esm_class ?? 0) & hasUserDataHeader) !== 0 && headerLength !== undefined;
  if (!hasHeader || headerLength >= content.length) return { bytes: content, alphabet, place: inFields };
  const header = content.subarray(1, headerLength + 1);
  return { bytes: content.subarray(headerLength + 1), alphabet, place: placeInHeader(header) ?? inFields };
}

/** @param texts of one message, in order */
export function decodeTexts(texts: readonly InboundText[]): string {
  const [first] = texts;
  if (first === undefined) return '';
  // Together where they can be: a pair of surrogates or an escape may have been parted.
  if (texts.every(({ alphabet }) => alphabet === first.alphabet)) {
    return decode(Buffer.concat(texts.map(({ bytes }) => bytes)), first.alphabet);
  }
  return texts.map(({ bytes, alphabet }) => decode(bytes, alphabet)).join('');
}

function decode(bytes: Buffer, alphabet: Alphabet): string {
  if (alphabet === 'GSM_7') return decodeGsm7(bytes);
  if (alphabet === 'ascii' || alphabet === 'latin1') return bytes.toString('latin1');
  return new TextDecoder(alphabet === 'UCS_2' ? 'utf-16be' : alphabet).decode(bytes);
}

/** SMPP 3.4 §5.2.19, and the groups of 3GPP TS 23.038 §4 for the codings above it. */
function alphabetOf(dataCoding: number): Alphabet | undefined {
  const group = dataCoding >> 4;
  if (group === 0) return ofSmpp[dataCoding];
  if (group < 4) return (['GSM_7', undefined, 'UCS_2'] as const)[(dataCoding >> 2) & 3];
  if (group === 0xc || group === 0xd) return 'GSM_7';
  if (group === 0xe) return 'UCS_2';
  if (group === 0xf) return (dataCoding & 4) === 0 ? 'GSM_7' : undefined;
  return undefined;
}

const ofSmpp: Readonly<Record<number, Alphabet>> = {
  0: 'GSM_7',
  1: 'ascii',
  3: 'latin1',
  6: 'iso-8859-5',
  7: 'iso-8859-8',
  8: 'UCS_2',
};

function placeInHeader(header: Buffer): PartPlace | undefined {
  for (let at = 0; at + 2 <= header.length; at += 2 + (header[at + 1] as number)) {
    const element = header.subarray(at + 2, at + 2 + (header[at + 1] as number));
    if (header[at] === 0x00 && element.length === 3) return checkedPlace(element[0], element[1], element[2]);
    if (header[at] === 0x08 && element.length === 4) {
      return checkedPlace(element.readUInt16BE(0), element[2], element[3]);
    }
  }
  return undefined;
}

function placeInFields(pdu: Pdu): PartPlace | undefined {
  return checkedPlace(pdu.sar_msg_ref_num, pdu.sar_total_segments, pdu.sar_segment_seqnum);
}

/** A place that cannot be is none: the part is then told as a message of its own rather than lost. */
function checkedPlace(reference: number | undefined, total = 0, number = 0): PartPlace | undefined {
  if (reference === undefined || number < 1 || number > total || total < 2) return undefined;
  return { reference, total, number };
}
