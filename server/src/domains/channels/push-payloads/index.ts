/** Builds what leaves for a push service, or says why it cannot. Pure. */
import type { ChannelType } from '../channel-types.ts';
import type { PushContent } from '../message.ts';
import { buildAdm } from './adm.ts';
import { buildApns } from './apns.ts';
import { buildBaidu } from './baidu.ts';
import { buildFcm } from './fcm.ts';
import { type PushCircumstances, type PushFault, type PushMessage, Unbuildable } from './push-message.ts';

export {
  fromAdmMessage,
  fromApnsMessage,
  fromBaiduMessage,
  fromCampaignMessage,
  fromDefaultPush,
  fromGcmMessage,
  fromPushTemplate,
} from './from-contract.ts';
export type { PushCircumstances, PushFault, PushMessage, PushOrigin } from './push-message.ts';

const builders = {
  ADM: buildAdm,
  APNS: buildApns,
  APNS_SANDBOX: buildApns,
  APNS_VOIP: buildApns,
  APNS_VOIP_SANDBOX: buildApns,
  BAIDU: buildBaidu,
  GCM: buildFcm,
} satisfies Partial<Record<ChannelType, (message: PushMessage, circumstances: PushCircumstances) => PushContent>>;

export type PushChannelType = keyof typeof builders;

export function isPushChannel(channelType: ChannelType): channelType is PushChannelType {
  return Object.hasOwn(builders, channelType);
}

export function buildPush(
  channelType: PushChannelType,
  message: PushMessage,
  circumstances: PushCircumstances,
): PushContent | PushFault {
  try {
    return builders[channelType](message, circumstances);
  } catch (error) {
    if (!(error instanceof Unbuildable)) throw error;
    return {
      kind: 'fault',
      status: 'PERMANENT_FAILURE',
      statusCode: error.statusCode,
      statusMessage: error.message,
    };
  }
}
