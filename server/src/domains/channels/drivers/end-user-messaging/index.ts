/** SMS and voice through AWS End User Messaging, which Pinpoint's own sending has become. */
import type { PinpointSMSVoiceV2Client } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import type { Driver, DriverKind, DriverParts, Outcome } from '../../driver.ts';
import type { OutgoingMessage } from '../../message.ts';
import { answerDeadline, awsClientOptions, checkBaseUrl } from '../aws/client.ts';
import { lazily } from '../aws/lazily.ts';
import { deliverEach } from '../delivery/each.ts';
import { endUserMessagingOutcome } from './outcome.ts';
import { toTextRequest, toVoiceRequest } from './requests.ts';
import {
  type EndUserMessagingSettings,
  readEndUserMessagingSettings,
  showEndUserMessagingSettings,
} from './settings.ts';

export const endUserMessaging: DriverKind<EndUserMessagingSettings> = {
  kind: 'END_USER_MESSAGING',
  channelTypes: ['SMS', 'VOICE'],
  readSettings: readEndUserMessagingSettings,
  show: showEndUserMessagingSettings,
  open: openEndUserMessaging,
};

const limits = { batch: 32, concurrency: 2 };

const unsendable = (statusMessage: string): Outcome => ({
  status: 'PERMANENT_FAILURE',
  statusCode: 400,
  statusMessage,
});

function openEndUserMessaging(settings: EndUserMessagingSettings, { networks, clock, logger }: DriverParts): Driver {
  const opened = lazily(async () => {
    const sdk = await import('@aws-sdk/client-pinpoint-sms-voice-v2');
    const { voiceOf } = await import('./voices.ts');
    const client = new sdk.PinpointSMSVoiceV2Client(awsClientOptions(settings, networks));
    return { sdk, client, voiceOf };
  });

  async function request(message: OutgoingMessage, abortSignal: AbortSignal): Promise<string | undefined | Outcome> {
    const { sdk, client, voiceOf } = await opened.use();
    const { content } = message;
    if (content.kind === 'sms') {
      const input = toTextRequest(message, content, settings);
      return (await client.send(new sdk.SendTextMessageCommand(input), { abortSignal })).MessageId;
    }
    if (content.kind !== 'voice') return unsendable('AWS End User Messaging sends SMS and voice only');
    const input = toVoiceRequest(message, content, settings, voiceOf(content));
    if (input === undefined) return unsendable('No number to call from: the message and the settings have none');
    return (await client.send(new sdk.SendVoiceMessageCommand(input), { abortSignal })).MessageId;
  }

  async function send(message: OutgoingMessage, ended: AbortSignal): Promise<Outcome> {
    try {
      checkBaseUrl(settings, networks);
      const answer = await request(message, answerDeadline(ended));
      if (typeof answer === 'object') return answer;
      if (answer === undefined || answer === '') {
        return { status: 'UNKNOWN_FAILURE', statusCode: 502, statusMessage: 'The answer has no id of the message' };
      }
      return { status: 'SUCCESSFUL', statusCode: 200, statusMessage: `MessageId: ${answer}`, messageId: answer };
    } catch (error) {
      return endUserMessagingOutcome(error, clock);
    }
  }

  const { messagesPerSecond } = settings;
  return {
    limits: { ...limits, ...(messagesPerSecond !== undefined && { messagesPerSecond }) },
    deliver: (messages, report, signal) =>
      deliverEach(messages, { signal, logger, send: (message, { ended }) => send(message, ended), settle: report }),
    close: () => opened.close(({ client }: { readonly client: PinpointSMSVoiceV2Client }) => client.destroy()),
  };
}
