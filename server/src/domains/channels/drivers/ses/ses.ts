/** Amazon SES: mails composed here, sent as raw content through the SES v2 API; what became of them comes over SNS. */
import type { SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import { lazily } from '../../../../kernel/lazily.ts';
import { answerDeadline, awsClientOptions, checkBaseUrl } from '../../../../outgoing/aws-client.ts';
import type { CallbackAnswer, Driver, DriverKind, DriverParts, Outcome } from '../../driver.ts';
import { createComposer } from '../../email/compose.ts';
import { notComposed } from '../../email/not-sent.ts';
import { EmailRefused } from '../../email/refused.ts';
import type { OutgoingMessage } from '../../message.ts';
import { awsBaseUrlNeeds } from '../aws/settings.ts';
import { deliverEach } from '../delivery/each.ts';
import { accepted } from '../delivery/outcomes.ts';
import { readNotification } from './notifications.ts';
import { sesOutcome } from './outcomes.ts';
import { readSettings, type SesSettings, showSettings } from './settings.ts';
import { checkSnsUrl, readSnsMessage } from './sns.ts';

/** Calls of one `deliver` under way at once. */
const callsAtOnce = 16;
const answerMilliseconds = 30_000;

export const sesKind: DriverKind<SesSettings> = {
  kind: 'SES',
  channelTypes: ['EMAIL'],
  baseUrlNeeds: awsBaseUrlNeeds,
  readSettings,
  show: showSettings,
  open: openSes,

  async readCallback(settings, request, parts): Promise<CallbackAnswer> {
    const message = await readSnsMessage(request, settings, parts);
    if (message.Type === 'SubscriptionConfirmation') {
      const url = checkSnsUrl(message.SubscribeURL ?? '', settings);
      const { status } = await parts.http.request({ method: 'GET', url });
      // SNS asks again when it was not confirmed.
      return { news: [], status: status === 200 ? 200 : 502 };
    }
    const news = message.Type === 'Notification' ? readNotification(message.Message, parts.clock.now()) : [];
    return { news, status: 200 };
  },
};

function openSes(settings: SesSettings, { networks, clock, logger }: DriverParts): Driver {
  const compose = createComposer();
  // Most installations do not need the SDK, and it takes time and memory at the start.
  const opened = lazily(async () => {
    const sdk = await import('@aws-sdk/client-sesv2');
    return { sdk, client: new sdk.SESv2Client(awsClientOptions(settings, networks)) };
  });

  function toInput({ key, content, address }: OutgoingMessage, now: Date): SendEmailCommandInput {
    const mail = compose({ key, content, address, channelType: 'EMAIL' }, { now, eightBit: false });
    if (mail.international) throw new EmailRefused('SES does not take addresses that are not ASCII');
    const own = content.kind === 'email' || content.kind === 'raw email' ? content : undefined;
    return {
      FromEmailAddress: mail.from,
      Destination: { ToAddresses: [mail.envelope.to] },
      ...(own?.returnPath !== undefined && { FeedbackForwardingEmailAddress: mail.envelope.from }),
      Content: { Raw: { Data: mail.bytes } },
      // Events of SES repeat it: the mail is recognised even when the answer to this call was lost.
      EmailTags: [{ Name: 'repoint-key', Value: key }],
      ConfigurationSetName: own?.configurationSet ?? settings.configurationSet,
    };
  }

  async function send(message: OutgoingMessage, signal: AbortSignal): Promise<Outcome> {
    let input: SendEmailCommandInput;
    try {
      input = toInput(message, clock.now());
    } catch (error) {
      if (error instanceof EmailRefused) return error.outcome;
      logger.error({ err: error }, 'a mail could not be composed');
      return notComposed;
    }
    try {
      checkBaseUrl(settings, networks);
      const { sdk, client } = await opened.use();
      const abortSignal = answerDeadline(signal, answerMilliseconds);
      return accepted((await client.send(new sdk.SendEmailCommand(input), { abortSignal })).MessageId);
    } catch (error) {
      return sesOutcome(error, clock.now());
    }
  }

  return {
    tellsReceipts: settings.topicArn !== undefined,
    limits: {
      ...{ batch: 100, concurrency: 4 },
      ...(settings.messagesPerSecond !== undefined && { messagesPerSecond: settings.messagesPerSecond }),
    },
    deliver: (messages, report, signal) =>
      deliverEach(messages, {
        ...{ signal, logger, atOnce: callsAtOnce, settle: report },
        send: (message, { ended }) => send(message, ended),
      }),
    close: () => opened.close(({ client }) => client.destroy()),
  };
}
