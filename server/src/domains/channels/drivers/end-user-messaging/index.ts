/** SMS and voice through AWS End User Messaging, which Pinpoint's own sending has become. */
import type { PinpointSMSVoiceV2Client } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { lazily } from '../../../../kernel/lazily.ts';
import { answerDeadline, awsClientOptions, checkBaseUrl } from '../../../../outgoing/aws-client.ts';
import type { Driver, DriverKind, DriverParts, Outcome } from '../../driver.ts';
import type { OutgoingMessage } from '../../message.ts';
import { awsBaseUrlNeeds } from '../aws/settings.ts';
import { deliverEach } from '../delivery/each.ts';
import { accepted, refused, unreadable } from '../delivery/outcomes.ts';
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
  baseUrlNeeds: awsBaseUrlNeeds,
  readSettings: readEndUserMessagingSettings,
  show: showEndUserMessagingSettings,
  open: openEndUserMessaging,
};

const limits = { batch: 32, concurrency: 2 };

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
    if (content.kind !== 'voice') return refused('AWS End User Messaging sends SMS and voice only');
    const input = toVoiceRequest(message, content, settings, voiceOf(content));
    if (input === undefined) return refused('No number to call from: the message and the settings have none');
    return (await client.send(new sdk.SendVoiceMessageCommand(input), { abortSignal })).MessageId;
  }

  async function send(message: OutgoingMessage, ended: AbortSignal): Promise<Outcome> {
    try {
      checkBaseUrl(settings, networks);
      const answer = await request(message, answerDeadline(ended));
      if (typeof answer === 'object') return answer;
      if (answer === undefined || answer === '') return unreadable('The answer has no id of the message');
      return accepted(answer);
    } catch (error) {
      return endUserMessagingOutcome(error, clock.now());
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
