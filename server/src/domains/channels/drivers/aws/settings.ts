/** How an AWS service is reached, as far as it is configured: whatever is left out comes from the standard environment. */
import { badRequest } from '../../../../kernel/errors.ts';
import type { AwsAccess } from '../../../../outgoing/aws-client.ts';
import type { SettingsReader } from '../../settings-reader.ts';

export const awsSettingNames = ['Region', 'AccessKeyId', 'SecretAccessKey', 'SessionToken', 'BaseUrl'] as const;

/** Requests signed by the operator's own credentials go to AWS, or where the operator says; not where somebody typed. */
export const awsBaseUrlNeeds = 'AccessKeyId';

export function readAwsSettings(read: SettingsReader<(typeof awsSettingNames)[number]>): AwsAccess {
  const region = read.text('Region', /^[a-z0-9-]{1,64}$/, 'the name of a region');
  const accessKeyId = read.text('AccessKeyId', /^\w{4,128}$/, '4 to 128 letters, digits or underscores');
  const secretAccessKey = read.text('SecretAccessKey', /^[\x21-\x7e]{1,256}$/, 'at most 256 visible ASCII characters');
  const sessionToken = read.text('SessionToken', /^[\x21-\x7e]{1,8192}$/, 'visible ASCII characters');
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw badRequest('AccessKeyId and SecretAccessKey are given together');
  }
  if (sessionToken !== undefined && accessKeyId === undefined) {
    throw badRequest('SessionToken is given together with AccessKeyId');
  }
  const baseUrl = read.baseUrl('BaseUrl');
  return {
    ...(region !== undefined && { region }),
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && {
        credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
      }),
    ...(baseUrl !== undefined && { baseUrl }),
  };
}

/** Without secrets. */
export function showAwsSettings({ region, credentials, baseUrl }: AwsAccess): Readonly<Record<string, unknown>> {
  return { Region: region, AccessKeyId: credentials?.accessKeyId, BaseUrl: baseUrl };
}
