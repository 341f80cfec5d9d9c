/** What callers and events are told of a message, left or not. */
import type { ChannelType, Outcome } from '../../channels/index.ts';
import type { Verdict } from '../sends/claim.ts';
import type { SendResult } from '../sends/send.ts';

export function toResult({ status, statusCode, statusMessage, messageId, updatedAddress }: Outcome): SendResult {
  return {
    ...{ status, statusCode, statusMessage },
    ...(messageId !== undefined && { messageId }),
    ...(updatedAddress !== undefined && { updatedAddress }),
  };
}

/** Refusals that Pinpoint's event stream tells of. */
export function isTold(verdict: Verdict): boolean {
  return verdict === 'SUPPRESSED' || verdict === 'OPT_OUT';
}

/** Texts and codes of dossier/messaging §5.1 for what never left. */
export function notSent(verdict: Exclude<Verdict, 'CLAIMED'>, channelType: ChannelType): SendResult {
  switch (verdict) {
    case 'OPT_OUT':
      if (channelType === 'SMS' || channelType === 'VOICE') {
        return { status: verdict, statusCode: 400, statusMessage: 'Destination phone number opted out' };
      }
      return { status: verdict, statusCode: 200, statusMessage: 'The recipient has opted out' };
    case 'SUPPRESSED':
      return { status: verdict, statusCode: 200, statusMessage: 'The address is on the suppression list' };
    case 'INACTIVE':
      return { status: verdict, statusCode: 400, statusMessage: 'The endpoint is inactive' };
    case 'ERASED':
      return { status: verdict, statusCode: 404, statusMessage: 'The endpoint does not exist any more' };
    case 'DUPLICATE':
      return { status: verdict, statusCode: 200, statusMessage: 'Another recipient of this call has the same address' };
  }
}
