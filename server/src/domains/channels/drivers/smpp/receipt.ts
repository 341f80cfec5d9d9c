/** Delivery receipts: fields of their own where the SMSC sends them, else the text of SMPP 3.4 appendix B. */
import type { Receipt } from '../../driver.ts';
import { meaningOf, type RecordStatus } from '../../sms/record-status.ts';
import type { Pdu } from './pdu.ts';
import type { ReceiptIds } from './settings.ts';

/** Bits 2 to 5 of esm_class: what kind of message it is (SMPP 3.4 §5.2.12). */
const kindMask = 0x3c;
const kinds = { receipt: 0x04, deliveryAcknowledgement: 0x08, intermediate: 0x20 } as const;
const receiptKinds: ReadonlySet<number> = new Set(Object.values(kinds));

/** Some SMSCs do not set esm_class, but name the message that the receipt is for. */
export function isReceipt({ esm_class = 0, receipted_message_id }: Pdu): boolean {
  return receiptKinds.has(esm_class & kindMask) || receipted_message_id !== undefined;
}

/** message_state (SMPP 3.4 §5.2.28; 0 and 9 are of 5.0), and the words of the text, by their first seven letters. */
const byState: readonly RecordStatus[] = [
  ...(['PENDING', 'PENDING', 'DELIVERED', 'TTL_EXPIRED', 'UNREACHABLE'] as const),
  ...(['UNREACHABLE', 'SUCCESSFUL', 'UNKNOWN', 'CARRIER_BLOCKED', 'UNKNOWN'] as const),
];
const byWord: Readonly<Record<string, RecordStatus>> = {
  SCHEDUL: 'PENDING',
  ENROUTE: 'PENDING',
  BUFFERD: 'PENDING',
  DELIVRD: 'DELIVERED',
  DELIVER: 'DELIVERED',
  EXPIRED: 'TTL_EXPIRED',
  DELETED: 'UNREACHABLE',
  UNDELIV: 'UNREACHABLE',
  ACCEPTD: 'SUCCESSFUL',
  ACCEPTE: 'SUCCESSFUL',
  UNKNOWN: 'UNKNOWN',
  REJECTD: 'CARRIER_BLOCKED',
  REJECTE: 'CARRIER_BLOCKED',
  SKIPPED: 'UNKNOWN',
};

/**
 * Undefined when it does not say which message it is for. The time is that of its arrival: `done date` is in a time
 * zone that only the SMSC knows.
 */
export function readReceipt(pdu: Pdu, receiptIds: ReceiptIds, at: Date): Receipt | undefined {
  const text = (pdu.short_message?.length ? pdu.short_message : (pdu.message_payload ?? Buffer.alloc(0))).toString(
    'latin1',
  );
  const id = withoutNul(pdu.receipted_message_id) ?? /\bid:\s*([^\s]+)/i.exec(text)?.[1];
  if (id === undefined) return undefined;
  const recordStatus = statusOf(pdu, text);
  return {
    type: 'receipt',
    messageId: asAnswered(id, receiptIds),
    channel: 'SMS',
    recordStatus,
    ...meaningOf(recordStatus),
    at,
  };
}

function statusOf({ message_state, esm_class = 0 }: Pdu, text: string): RecordStatus {
  const word = /\bstat:\s*([A-Za-z]+)/i.exec(text)?.[1]?.toUpperCase().slice(0, 7);
  const status = (message_state === undefined ? undefined : byState[message_state]) ?? byWord[word ?? ''] ?? 'UNKNOWN';
  const intermediate = (esm_class & kindMask) === kinds.intermediate;
  return intermediate && status === 'UNKNOWN' ? 'PENDING' : status;
}

function withoutNul(field: Buffer | undefined): string | undefined {
  const text = field?.toString('latin1').replace(/\0.*$/s, '');
  return text === '' ? undefined : text;
}

/** The id as the answer to `submit_sm` had spelt it. */
function asAnswered(id: string, receiptIds: ReceiptIds): string {
  if (receiptIds === 'DECIMAL_OF_HEX' && /^[0-9]+$/.test(id)) return BigInt(id).toString(16).toUpperCase();
  if (receiptIds === 'HEX_OF_DECIMAL' && /^[0-9A-Fa-f]+$/.test(id)) return BigInt(`0x${id}`).toString();
  return id;
}

/** Case and leading zeros of a hex id differ between answer and receipt: one spelling for both. */
export function spellAnsweredId(id: string, receiptIds: ReceiptIds): string {
  if (receiptIds === 'DECIMAL_OF_HEX' && /^[0-9A-Fa-f]+$/.test(id)) return BigInt(`0x${id}`).toString(16).toUpperCase();
  if (receiptIds === 'HEX_OF_DECIMAL' && /^[0-9]+$/.test(id)) return BigInt(id).toString();
  return id;
}
