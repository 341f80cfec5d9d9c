/** Pinpoint's record_status of an SMS, and what each says (dossier/events-journeys-console §2.7). */

const meanings = {
  SUCCESSFUL: { delivered: false, final: false },
  DELIVERED: { delivered: true, final: true },
  PENDING: { delivered: false, final: false },
  INVALID: { delivered: false, final: true },
  UNREACHABLE: { delivered: false, final: true },
  UNKNOWN: { delivered: false, final: true },
  BLOCKED: { delivered: false, final: true },
  CARRIER_UNREACHABLE: { delivered: false, final: true },
  SPAM: { delivered: false, final: true },
  INVALID_MESSAGE: { delivered: false, final: true },
  CARRIER_BLOCKED: { delivered: false, final: true },
  TTL_EXPIRED: { delivered: false, final: true },
  MAX_PRICE_EXCEEDED: { delivered: false, final: true },
  OPTED_OUT: { delivered: false, final: true },
} as const;

export type RecordStatus = keyof typeof meanings;

export function isRecordStatus(text: string): text is RecordStatus {
  return Object.hasOwn(meanings, text);
}

/** `SUCCESSFUL` means that the carrier has taken it: whether the phone got it is told by another receipt, or never. */
export function meaningOf(status: RecordStatus): { readonly delivered: boolean; readonly final: boolean } {
  return meanings[status];
}
