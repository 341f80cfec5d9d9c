/** A test message as the form holds it, and the request it becomes (dossier/events-journeys-console §6.2, P15). */
import type { MessageRequest } from '@aws-sdk/client-pinpoint';

export type TestChannel = 'EMAIL' | 'SMS' | 'PUSH' | 'VOICE';

export interface TestMessage {
  readonly channel: TestChannel;
  readonly to: 'addresses' | 'endpoints';
  /** As they are typed, commas or lines between them. */
  readonly recipients: string;
  /** Of a push message to addresses. */
  readonly pushService: string;
  /** Empty: what is written below. */
  readonly template: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

export const mostRecipients = 15;
export const pushServices = ['GCM', 'APNS', 'APNS_SANDBOX', 'APNS_VOIP', 'APNS_VOIP_SANDBOX', 'ADM', 'BAIDU'];

export const emptyMessage: TestMessage = {
  ...{ channel: 'EMAIL', to: 'addresses', recipients: '', pushService: 'GCM', template: '' },
  ...{ subject: '', html: '', text: '' },
};

export function recipientsOf({ recipients }: TestMessage): readonly string[] {
  return [...new Set(recipients.split(/[,\n]/).map((each) => each.trim()))].filter((each) => each !== '');
}

/** What keeps it from being sent; undefined when nothing does. */
export function faultOf(message: TestMessage): string | undefined {
  const count = recipientsOf(message).length;
  if (count === 0) return 'Name somebody to send it to.';
  if (count > mostRecipients) return `A test goes to ${mostRecipients} recipients at most.`;
  if (message.template !== '' || message.text !== '' || message.html !== '') return undefined;
  return 'Choose a template or write a text.';
}

export function toRequest(message: TestMessage): MessageRequest {
  const recipients = recipientsOf(message);
  const ChannelType = message.channel === 'PUSH' ? message.pushService : message.channel;
  const entries = recipients.map(
    (recipient) => [recipient, message.to === 'addresses' ? { ChannelType } : {}] as const,
  );
  return {
    [message.to === 'addresses' ? 'Addresses' : 'Endpoints']: Object.fromEntries(entries),
    ...(message.template === ''
      ? { MessageConfiguration: contentOf(message) }
      : {
          MessageConfiguration: {},
          TemplateConfiguration: { [templateMembers[message.channel]]: { Name: message.template } },
        }),
  };
}

const templateMembers = {
  EMAIL: 'EmailTemplate',
  SMS: 'SMSTemplate',
  PUSH: 'PushTemplate',
  VOICE: 'VoiceTemplate',
} as const;

function contentOf({ channel, subject, html, text }: TestMessage): MessageRequest['MessageConfiguration'] {
  switch (channel) {
    case 'EMAIL':
      return {
        EmailMessage: {
          SimpleEmail: {
            Subject: { Data: subject },
            ...(html !== '' && { HtmlPart: { Data: html } }),
            ...(text !== '' && { TextPart: { Data: text } }),
          },
        },
      };
    case 'SMS':
      return { SMSMessage: { Body: text, MessageType: 'TRANSACTIONAL' } };
    case 'VOICE':
      return { VoiceMessage: { Body: text } };
    case 'PUSH':
      return { DefaultPushNotificationMessage: { Action: 'OPEN_APP', Title: subject, Body: text } };
  }
}
