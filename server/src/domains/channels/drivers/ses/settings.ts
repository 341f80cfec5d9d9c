/** What an administrator may configure of Amazon SES; what is left out comes from the standard AWS environment. */
import type { AwsAccess } from '../../../../outgoing/aws-client.ts';
import { type GivenSettings, settingsReader } from '../../settings-reader.ts';
import { awsSettingNames, readAwsSettings, showAwsSettings } from '../aws/settings.ts';

export interface SesSettings extends AwsAccess {
  /** Of messages that name none. */
  readonly configurationSet?: string | undefined;
  /** The SNS topic whose callbacks are believed. */
  readonly topicArn?: string | undefined;
  readonly messagesPerSecond?: number | undefined;
}

const names = [...awsSettingNames, ...(['ConfigurationSet', 'TopicArn', 'MessagesPerSecond'] as const)];

/** @throws BadRequestException */
export function readSettings(given: GivenSettings): SesSettings {
  const read = settingsReader(given, names);
  const aws = readAwsSettings(read);
  const topic = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]{1,256}$/;
  return {
    ...aws,
    configurationSet: read.text('ConfigurationSet', /^[A-Za-z0-9_-]{1,64}$/, '1 to 64 letters, digits, - and _'),
    topicArn: read.text('TopicArn', topic, 'the ARN of an SNS topic'),
    messagesPerSecond: read.positive('MessagesPerSecond'),
  };
}

/** Without secrets. */
export function showSettings(settings: SesSettings): Readonly<Record<string, unknown>> {
  const { configurationSet: ConfigurationSet, topicArn: TopicArn, messagesPerSecond: MessagesPerSecond } = settings;
  return { ...showAwsSettings(settings), ConfigurationSet, TopicArn, MessagesPerSecond };
}
