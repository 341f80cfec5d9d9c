/** What is configured for AWS End User Messaging. */

import type { AwsAccess } from '../../../../outgoing/aws-client.ts';
import { type GivenSettings, settingsReader } from '../../settings-reader.ts';
import { awsSettingNames, readAwsSettings, showAwsSettings } from '../aws/settings.ts';

export interface EndUserMessagingSettings extends AwsAccess {
  /** Number, sender id, pool, or an ARN of one; of messages that name none. */
  readonly originationIdentity?: string;
  readonly configurationSetName?: string;
  /** US dollars: of one part of an SMS, of one minute of a call. */
  readonly maxPrice?: string;
  readonly messagesPerSecond?: number;
}

const names = [
  ...awsSettingNames,
  ...(['OriginationIdentity', 'ConfigurationSetName', 'MaxPrice', 'MessagesPerSecond'] as const),
];

export function readEndUserMessagingSettings(given: GivenSettings): EndUserMessagingSettings {
  const read = settingsReader(given, names);
  const originationIdentity = read.text(
    ...(['OriginationIdentity', /^[A-Za-z0-9_:/+-]{1,256}$/, 'a number, sender id, pool or an ARN of one'] as const),
  );
  const configurationSetName = read.text('ConfigurationSetName', /^[A-Za-z0-9_:/-]{1,256}$/, 'a name or an ARN');
  const maxPrice = read.text('MaxPrice', /^\d{1,2}\.\d{1,5}$/, 'dollars as text, as in 0.05');
  const messagesPerSecond = read.positive('MessagesPerSecond');
  return {
    ...readAwsSettings(read),
    ...(originationIdentity !== undefined && { originationIdentity }),
    ...(configurationSetName !== undefined && { configurationSetName }),
    ...(maxPrice !== undefined && { maxPrice }),
    ...(messagesPerSecond !== undefined && { messagesPerSecond }),
  };
}

export function showEndUserMessagingSettings(settings: EndUserMessagingSettings): Readonly<Record<string, unknown>> {
  return {
    ...showAwsSettings(settings),
    OriginationIdentity: settings.originationIdentity,
    ConfigurationSetName: settings.configurationSetName,
    MaxPrice: settings.maxPrice,
    MessagesPerSecond: settings.messagesPerSecond,
  };
}
