/** SMS and voice through Twilio's REST API. */
import type { Driver, DriverKind, DriverParts, Outcome } from '../../driver.ts';
import type { OutgoingMessage } from '../../message.ts';
import { deliverEach } from '../delivery/each.ts';
import { outcomeOfFault } from '../delivery/http-outcomes.ts';
import { refused } from '../delivery/outcomes.ts';
import { readTwilioCallback } from './callback.ts';
import { toTwilioRequest } from './forms.ts';
import { twilioOutcome } from './outcome.ts';
import { readTwilioSettings, showTwilioSettings, type TwilioSettings } from './settings.ts';

export const twilio: DriverKind<TwilioSettings> = {
  kind: 'TWILIO',
  channelTypes: ['SMS', 'VOICE'],
  readSettings: readTwilioSettings,
  show: showTwilioSettings,
  open: openTwilio,
  async readCallback(settings, request, { clock }) {
    return readTwilioCallback(settings, request, clock.now());
  },
};

/** Together as many requests as the pool of connections to a host has places. */
const limits = { batch: 32, concurrency: 2 };

function openTwilio(settings: TwilioSettings, parts: DriverParts): Driver {
  const { sid, secret } = settings.apiKey ?? { sid: settings.accountSid, secret: settings.authToken ?? '' };
  const headers = {
    authorization: `Basic ${Buffer.from(`${sid}:${secret}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  };
  const account = `${settings.baseUrl}/2010-04-01/Accounts/${settings.accountSid}`;
  const urls = { Messages: new URL(`${account}/Messages.json`), Calls: new URL(`${account}/Calls.json`) };

  async function send(message: OutgoingMessage, ended: AbortSignal): Promise<Outcome> {
    const request = toTwilioRequest(message, settings);
    if (typeof request === 'string') return refused(request);
    const { resource, form } = request;
    try {
      const answer = await parts.http.request({
        ...{ method: 'POST', url: urls[resource], headers, body: form.toString(), signal: ended },
      });
      return twilioOutcome(answer, parts.clock.now());
    } catch (error) {
      return outcomeOfFault(error, 'Twilio');
    }
  }

  const { messagesPerSecond } = settings;
  return {
    tellsReceipts: settings.callbackUrl !== undefined,
    limits: { ...limits, ...(messagesPerSecond !== undefined && { messagesPerSecond }) },
    deliver: (messages, report, signal) =>
      deliverEach(messages, {
        signal,
        logger: parts.logger,
        send: (message, { ended }) => send(message, ended),
        settle: report,
      }),
    async close() {
      // The connections are the pool's, which outlives its drivers.
    },
  };
}
