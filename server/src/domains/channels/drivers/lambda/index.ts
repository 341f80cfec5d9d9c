/** The custom channel as an AWS Lambda function, named by its name or its ARN. */
import type { InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';
import type { Driver, DriverKind, DriverParts, Outcome } from '../../driver.ts';
import { settingsReader } from '../../settings-reader.ts';
import { answerDeadline, awsClientOptions, checkBaseUrl } from '../aws/client.ts';
import { lazily } from '../aws/lazily.ts';
import { awsOutcome } from '../aws/outcome.ts';
import { type AwsSettings, awsSettingNames, readAwsSettings, showAwsSettings } from '../aws/settings.ts';
import { type Attempt, type AttemptOptions, attemptSeveral, attemptTimeout } from '../custom/attempts.ts';
import { endpointsPerCall, toPayload } from '../custom/batches.ts';
import { deliverCustom } from '../custom/deliver.ts';
import { shorten } from '../delivery/http-outcomes.ts';

export const lambda: DriverKind<AwsSettings> = {
  kind: 'LAMBDA',
  channelTypes: ['CUSTOM'],
  readSettings: (given) => readAwsSettings(settingsReader(given, awsSettingNames)),
  show: showAwsSettings,
  open: (settings, parts) => openLambda(settings, parts),
};

const limits = { batch: endpointsPerCall, concurrency: 16 };

const functionName =
  /^(?:arn:aws[a-z-]*:lambda:(?<region>[a-z0-9-]+):\d{12}:function:)?[A-Za-z0-9_-]{1,64}(?::(?:\$LATEST|[A-Za-z0-9_-]{1,128}))?$/;

const noFunction: Outcome = {
  status: 'PERMANENT_FAILURE',
  statusCode: 400,
  statusMessage: 'DeliveryUri must be the name or the ARN of a Lambda function',
};

export function openLambda(settings: AwsSettings, parts: DriverParts, options: AttemptOptions = {}): Driver {
  const { networks, clock } = parts;
  const { timeoutMilliseconds = attemptTimeout } = options;
  const opened = lazily(async () => ({
    sdk: await import('@aws-sdk/client-lambda'),
    /** A function is called where its ARN says it is. */
    clients: new Map<string | undefined, LambdaClient>(),
  }));

  async function invoke(FunctionName: string, payload: string, ended: AbortSignal): Promise<Attempt> {
    const { sdk, clients } = await opened.use();
    const region = functionName.exec(FunctionName)?.groups?.['region'] ?? settings.region;
    const client =
      clients.get(region) ??
      new sdk.LambdaClient(awsClientOptions({ ...settings, ...(region !== undefined && { region }) }, networks));
    clients.set(region, client);
    try {
      checkBaseUrl(settings, networks);
      const command = new sdk.InvokeCommand({ FunctionName, Payload: Buffer.from(payload) });
      return attemptOf(await client.send(command, { abortSignal: answerDeadline(ended, timeoutMilliseconds) }));
    } catch (error) {
      return { outcome: refusalOf(error) };
    }
  }

  /** Access to one function may be denied while others are called. */
  function refusalOf(error: unknown): Outcome {
    const { providerIsDown, ...outcome } = awsOutcome(error, clock);
    const ofOne = (error as Error).name === 'AccessDeniedException';
    return { ...outcome, ...(providerIsDown === true && !ofOne && { providerIsDown }) };
  }

  return {
    limits,
    deliver: deliverCustom(parts, async (batch, { stopping, ended }) => {
      if (!functionName.test(batch.deliveryUri)) return { outcome: noFunction };
      const payload = toPayload(batch);
      return attemptSeveral(() => invoke(batch.deliveryUri, payload, ended), stopping, options);
    }),
    close: () => opened.close(({ clients }) => clients.forEach((client) => void client.destroy())),
  };
}

/** A function that failed is asked again, like a webhook that answered 500. */
function attemptOf({ StatusCode = 0, FunctionError, Payload }: InvokeCommandOutput): Attempt {
  if (FunctionError !== undefined && FunctionError !== '') {
    const statusMessage = shorten(`The function failed (${FunctionError})`);
    return { outcome: { status: 'TEMPORARY_FAILURE', statusCode: 502, statusMessage } };
  }
  if (StatusCode < 200 || StatusCode > 299) {
    return { outcome: { status: 'UNKNOWN_FAILURE', statusCode: 502, statusMessage: 'The answer cannot be read' } };
  }
  const reply = Payload === undefined ? '' : Buffer.from(Payload).toString('utf8');
  return { outcome: { status: 'SUCCESSFUL', statusCode: 200, statusMessage: 'Accepted' }, reply };
}
