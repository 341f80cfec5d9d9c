/**
 * Topics that speak the protocol of Amazon SNS: at AWS, or wherever `AWS_ENDPOINT_URL_SNS` points to. Where that is, the
 * operator says, never a user: a user only names the topic.
 */
import type { SNSClient } from '@aws-sdk/client-sns';

/** `refused`: unknown topic, no permission, no credentials. */
export type TopicFaultKind = 'timeout' | 'throttled' | 'unavailable' | 'refused';

export class TopicFault extends Error {
  readonly kind: TopicFaultKind;

  constructor(kind: TopicFaultKind, options?: ErrorOptions) {
    super(`Not published: ${kind}`, options);
    this.name = 'TopicFault';
    this.kind = kind;
  }
}

const connectTimeout = 5_000;
const answerTimeout = 15_000;
const topicArn = /^arn:aws[a-z-]*:sns:([a-z0-9-]{1,32}):[0-9]{12}:[A-Za-z0-9_-]{1,256}$/;

/** FIFO topics are none: they do not take what comes in no order. */
export function isTopicArn(text: string): boolean {
  return topicArn.test(text);
}

export class Topics {
  /** By Region; the SDK is loaded with the first call, most deployments have no topics. */
  readonly #clients = new Map<string, Promise<SNSClient>>();

  /** One attempt. @throws TopicFault */
  async publish(arn: string, message: string, signal?: AbortSignal): Promise<void> {
    const [, region] = topicArn.exec(arn) ?? [];
    if (region === undefined) throw new TopicFault('refused');
    const { PublishCommand } = await import('@aws-sdk/client-sns');
    const client = await this.#client(region);
    const deadline = AbortSignal.timeout(answerTimeout);
    const abortSignal = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    try {
      await client.send(new PublishCommand({ TopicArn: arn, Message: message }), { abortSignal });
    } catch (error) {
      signal?.throwIfAborted();
      throw new TopicFault(deadline.aborted ? 'timeout' : kindOf(error), { cause: error });
    }
  }

  async close(): Promise<void> {
    for (const client of this.#clients.values()) (await client).destroy();
  }

  #client(region: string): Promise<SNSClient> {
    const known = this.#clients.get(region);
    if (known !== undefined) return known;
    // Whoever calls counts the attempts.
    const options = { region, maxAttempts: 1, requestHandler: { connectionTimeout: connectTimeout } };
    const opened = import('@aws-sdk/client-sns').then((sdk) => new sdk.SNSClient(options));
    this.#clients.set(region, opened);
    return opened;
  }
}

/** An answer has a status; without one nobody answered, or the request could not even be signed. */
function kindOf(error: unknown): TopicFaultKind {
  const { name, $metadata } = error as { readonly name?: unknown; readonly $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return name === 'CredentialsProviderError' ? 'refused' : 'unavailable';
  if (status === 429 || name === 'ThrottledException') return 'throttled';
  return status >= 500 ? 'unavailable' : 'refused';
}
