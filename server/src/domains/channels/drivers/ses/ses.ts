/** Amazon SES: mails composed here, sent as raw content through the SES v2 API; what became of them comes over SNS. */
import type { SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import type { CallbackAnswer, Driver, DriverKind, DriverParts, Outcome } from '../../driver.ts';
import { createComposer } from '../../email/compose.ts';
import { notComposed, stopped } from '../../email/not-sent.ts';
import { EmailRefused } from '../../email/refused.ts';
import type { OutgoingMessage } from '../../message.ts';
import { openClient, type SesClient } from './client.ts';
import { readNotification } from './notifications.ts';
import { outcomeOfFault } from './outcomes.ts';
import { readSettings, type SesSettings, showSettings } from './settings.ts';
import { checkSnsUrl, readSnsMessage } from './sns.ts';

/** Calls of one `deliver` under way at once. */
const callsAtOnce = 16;
/** Answers to what has been sent are waited for so long when the process stops. */
const graceMilliseconds = 5_000;

export const sesKind: DriverKind<SesSettings> = {
  kind: 'SES',
  channelTypes: ['EMAIL'],
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
  let opened: Promise<SesClient> | undefined;

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
      opened ??= openClient(settings, networks);
      const messageId = await (await opened).send(input, signal);
      const statusMessage = `MessageId: ${messageId}`;
      return { status: 'SUCCESSFUL', statusCode: 200, statusMessage, ...(messageId !== undefined && { messageId }) };
    } catch (error) {
      return outcomeOfFault(error);
    }
  }

  return {
    tellsReceipts: settings.topicArn !== undefined,
    limits: {
      ...{ batch: 100, concurrency: 4 },
      ...(settings.messagesPerSecond !== undefined && { messagesPerSecond: settings.messagesPerSecond }),
    },
    async deliver(messages, report, signal) {
      const given = new AbortController();
      let grace: NodeJS.Timeout | undefined;
      const stop = () => {
        grace = setTimeout(() => given.abort(), graceMilliseconds);
      };
      signal.addEventListener('abort', stop, { once: true });
      let next = 0;
      const faults: unknown[] = [];
      const callers = Array.from({ length: Math.min(callsAtOnce, messages.length) }, async () => {
        for (let message = messages[next++]; message !== undefined; message = messages[next++]) {
          const outcome = signal.aborted ? stopped : await send(message, given.signal);
          try {
            report(message, outcome);
          } catch (error) {
            faults.push(error);
          }
        }
      });
      await Promise.all(callers);
      signal.removeEventListener('abort', stop);
      clearTimeout(grace);
      // The others are told first; what the caller's own function threw is the caller's.
      if (faults.length > 0) throw faults[0];
    },
    async close() {
      if (opened !== undefined) (await opened).close();
    },
  };
}
