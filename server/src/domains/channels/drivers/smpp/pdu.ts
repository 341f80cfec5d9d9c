/**
 * Messages of SMPP 3.4 as bytes. The library `smpp` knows the fields of each; we take them raw, because what it makes of
 * them is wrong in places: texts by the low half of `data_coding`, part by part; broken times throw; identifiers without
 * a closing NUL, which several SMSCs send, run into the next field.
 */
import smpp from 'smpp';

/** Fields of all messages that we send or read. */
export interface PduFields {
  readonly system_id?: string;
  readonly password?: string;
  readonly system_type?: string;
  readonly interface_version?: number;
  readonly service_type?: string;
  readonly source_addr_ton?: number;
  readonly source_addr_npi?: number;
  readonly source_addr?: string;
  readonly dest_addr_ton?: number;
  readonly dest_addr_npi?: number;
  readonly destination_addr?: string;
  readonly esm_class?: number;
  readonly registered_delivery?: number;
  readonly data_coding?: number;
  readonly short_message?: Buffer;
  readonly message_id?: string;
  readonly message_payload?: Buffer;
  readonly receipted_message_id?: Buffer;
  readonly message_state?: number;
  readonly sar_msg_ref_num?: number;
  readonly sar_total_segments?: number;
  readonly sar_segment_seqnum?: number;
  readonly dlt_entity_id?: Buffer;
  readonly dlt_template_id?: Buffer;
}

export interface Pdu extends PduFields {
  /** `submit_sm_resp`; `unknown` for a command that SMPP does not have. */
  readonly command: string;
  readonly command_status: number;
  readonly sequence_number: number;
}

/** Bytes between 16 (the header) and what the library reads. */
export const shortestPdu = 16;
export const longestPdu: number = smpp.PDU.maxLength;

smpp.addTLV('receipted_message_id', { id: 0x001e, type: smpp.types.tlv.buffer });
/** India: registered sender and template of the regulator's DLT, by the tags that operators there agreed upon. */
smpp.addTLV('dlt_entity_id', { id: 0x1400, type: smpp.types.tlv.buffer });
smpp.addTLV('dlt_template_id', { id: 0x1401, type: smpp.types.tlv.buffer });

class RawPdu extends smpp.PDU {
  override _filter(): void {
    // Fields stay as they came: see above.
  }
}

interface Header {
  readonly sequence: number;
  /** 0 in requests. */
  readonly status?: number;
}

export function encodePdu(command: string, { sequence, status = 0 }: Header, fields: PduFields = {}): Buffer {
  return new RawPdu(command, { ...fields, command_status: status, sequence_number: sequence }).toBuffer();
}

/** @param frame one whole message, from its length on @throws RangeError when a field runs beyond the end */
export function decodePdu(frame: Buffer): Pdu {
  return new RawPdu(frame);
}

/** Of a message whose fields are broken. */
export function readHeader(frame: Buffer): { readonly isRequest: boolean; readonly sequence: number } {
  return { isRequest: frame.readUInt32BE(4) < 0x80000000, sequence: frame.readUInt32BE(12) };
}

const errorNames = new Map(Object.entries(smpp.errors).map(([name, status]) => [status, name]));

/** `ESME_RTHROTTLED (0x00000058)` */
export function describeStatus(status: number): string {
  const hex = `0x${status.toString(16).padStart(8, '0').toUpperCase()}`;
  const name = errorNames.get(status);
  return name === undefined ? hex : `${name} (${hex})`;
}

/** Statuses that we send or act upon. */
export const statuses = {
  ok: 0x00,
  invalidBindStatus: 0x04,
  systemError: 0x08,
  queueFull: 0x14,
  submitFailed: 0x45,
  throttled: 0x58,
  /** Of the receiver: temporary, shall be tried again. */
  receiverTemporary: 0x64,
  /** Of the receiver: shall not be tried again. */
  receiverPermanent: 0x65,
  unknownError: 0xff,
} as const;
