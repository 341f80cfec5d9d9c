/** Under which key a run takes an address, so that each gets one copy. */
import { addressKey, normaliseAddress } from '../../../kernel/address.ts';

/** One address on two channels is two: a number gets an SMS and a call. */
export function runAddressKey(channelType: string, address: string): string {
  return addressKey(`${channelType} ${normaliseAddress(address)}`);
}

/** All that an endpoint can be of: its address is taken for one of them. */
const channelTypes = [
  ...['EMAIL', 'SMS', 'VOICE', 'GCM', 'APNS', 'APNS_SANDBOX', 'APNS_VOIP', 'APNS_VOIP_SANDBOX', 'ADM', 'BAIDU'],
  ...['CUSTOM', 'PUSH'],
];

/** Of an address on whichever channel; none of one that is not known. */
export function runAddressKeys(address: string | null): readonly string[] {
  return address === null ? [] : channelTypes.map((channelType) => runAddressKey(channelType, address));
}
