/** The custom channel as an AWS Lambda function, named by its name or its ARN. */
import type { AwsAccess } from '../../../../outgoing/aws-client.ts';
import { LambdaFault, LambdaFunctions, namesFunction } from '../../../../outgoing/lambda.ts';
import type { Driver, DriverKind, DriverParts } from '../../driver.ts';
import { settingsReader } from '../../settings-reader.ts';
import { awsOutcome } from '../aws/outcome.ts';
import { awsBaseUrlNeeds, awsSettingNames, readAwsSettings, showAwsSettings } from '../aws/settings.ts';
import { type Attempt, type AttemptOptions, attemptSeveral, attemptTimeout } from '../custom/attempts.ts';
import { endpointsPerCall, toPayload } from '../custom/batches.ts';
import { deliverCustom } from '../custom/deliver.ts';
import { accepted, refused, unreadable } from '../delivery/outcomes.ts';

export const lambda: DriverKind<AwsAccess> = {
  kind: 'LAMBDA',
  channelTypes: ['CUSTOM'],
  baseUrlNeeds: awsBaseUrlNeeds,
  readSettings: (given) => readAwsSettings(settingsReader(given, awsSettingNames)),
  show: showAwsSettings,
  open: (settings, parts) => openLambda(settings, parts),
};

const service = 'AWS Lambda';
const limits = { batch: endpointsPerCall, concurrency: 16 };

const noFunction = refused('DeliveryUri must be the name or the ARN of a Lambda function');

export function openLambda(settings: AwsAccess, parts: DriverParts, options: AttemptOptions = {}): Driver {
  const { networks, clock } = parts;
  const { timeoutMilliseconds = attemptTimeout } = options;
  const { baseUrl: endpoint, ...access } = settings;
  const functions = new LambdaFunctions({ ...access, ...(endpoint !== undefined && { endpoint }), networks });

  async function invoke(functionName: string, payload: string, signal: AbortSignal): Promise<Attempt> {
    try {
      const reply = await functions.invoke({ functionName, payload, timeoutMilliseconds, signal });
      return { outcome: accepted(undefined), reply };
    } catch (error) {
      return attemptOf(error, clock.now());
    }
  }

  return {
    limits,
    deliver: deliverCustom(parts, async (batch, { stopping, ended }) => {
      if (!namesFunction(batch.deliveryUri)) return { outcome: noFunction };
      const payload = toPayload(batch);
      return attemptSeveral(() => invoke(batch.deliveryUri, payload, ended), stopping, options);
    }),
    close: () => functions.close(),
  };
}

/** A function that failed is asked again, like a webhook that answered 500; one that answered too much is not. */
function attemptOf(error: unknown, now: Date): Attempt {
  if (!(error instanceof LambdaFault)) return { outcome: awsOutcome(error, service, now) };
  switch (error.kind) {
    case 'function failed':
      return { outcome: { status: 'TEMPORARY_FAILURE', statusCode: 502, statusMessage: 'The function failed' } };
    case 'answer too large':
      return { outcome: unreadable('The answer of the function is too large'), final: true };
    default:
      return { outcome: awsOutcome(error.cause, service, now) };
  }
}
