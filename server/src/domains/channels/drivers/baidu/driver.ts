/** Baidu Cloud Push, REST 3.0: one signed form a message (push.baidu.com/doc/restapi). */
import type { OutgoingResponse } from '../../../../outgoing/http.ts';
import type { Driver, DriverParts, Outcome } from '../../driver.ts';
import { outcomeOfStatus } from '../delivery/http-outcomes.ts';
import { readAnswer, textOf } from '../delivery/json-answer.ts';
import { accepted } from '../delivery/outcomes.ts';
import { deliverPush, type PushMessage } from '../push-delivery.ts';
import { signatureOf } from './signature.ts';

export interface BaiduSettings {
  readonly ApiKey: string;
  readonly SecretKey: string;
  /** Instead of https://api.tuisong.baidu.com. */
  readonly BaseUrl?: string;
}

const baiduUrl = 'https://api.tuisong.baidu.com';
const android = '3';
/** Requests without it are refused. */
const userAgent = 'BCCS_SDK/3.0 (Repoint)';

/** Codes of `error_code`; the rest is told by the status. */
const authenticationFailed = 30603;
const quotaUsedUp = 30604;
const requestExpired = 30606;
const bindRelationNotFound = 30608;
const applicationForbidden = 30612;
const tooFrequent = 30699;

export function openBaidu({ ApiKey, SecretKey, BaseUrl = baiduUrl }: BaiduSettings, parts: DriverParts): Driver {
  const url = `${BaseUrl}/rest/3.0/push/single_device`;
  const send = async ({ address, content }: PushMessage): Promise<Outcome> => {
    const { msg, ...options } = JSON.parse(content.payload) as Readonly<Record<string, unknown>>;
    const now = parts.clock.now();
    const parameters = {
      apikey: ApiKey,
      channel_id: address,
      device_type: android,
      timestamp: String(Math.floor(now.getTime() / 1000)),
      msg: JSON.stringify(msg),
      ...Object.fromEntries(Object.entries(options).map(([name, value]) => [name, String(value)])),
    };
    const response = await parts.http.request({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8', 'user-agent': userAgent },
      body: new URLSearchParams({ ...parameters, sign: signatureOf('POST', url, parameters, SecretKey) }).toString(),
    });
    return outcomeOf(response, now);
  };
  return {
    limits: { batch: 200, concurrency: 2 },
    deliver: deliverPush({ service: 'Baidu', width: 32, send }, parts),
    close: async () => undefined,
  };
}

function outcomeOf(response: OutgoingResponse, now: Date): Outcome {
  const { response_params: given, error_code: code, error_msg: message } = readAnswer(response.text);
  if (code === undefined && response.status === 200) {
    const { msg_id } = (given ?? {}) as { readonly msg_id?: unknown };
    if (msg_id === undefined) return outcomeOfStatus(response, 'Baidu answered without the id of a message.', now);
    return accepted(String(msg_id));
  }
  const words = [code, message].filter((part) => part !== undefined).join(': ');
  // Faults have come with status 200 as well.
  const status = response.status === 200 ? 400 : response.status;
  const isThrottled = code === quotaUsedUp || code === tooFrequent;
  const outcome = outcomeOfStatus({ ...response, status: isThrottled ? 429 : status }, textOf(words), now);
  switch (code) {
    case bindRelationNotFound:
      return { ...outcome, addressIsDead: true };
    case authenticationFailed:
    case requestExpired:
    case applicationForbidden:
      return { ...outcome, providerIsDown: true };
    case quotaUsedUp:
    case tooFrequent:
      return { ...outcome, statusCode: status };
    default:
      return outcome;
  }
}
