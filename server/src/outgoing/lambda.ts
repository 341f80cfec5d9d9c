/**
 * Functions that speak the protocol of AWS Lambda: at AWS, or wherever `AWS_ENDPOINT_URL_LAMBDA` points to. Where that
 * is, the operator says, never a user: a user only names the function.
 */
import type { InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';

export interface FunctionCall {
  /** Name or ARN, whole or in parts. */
  readonly functionName: string;
  /** JSON text. */
  readonly payload: string;
  /** From the first byte sent to the last received. */
  readonly timeoutMilliseconds: number;
  /** Of the answer. */
  readonly maximumBytes: number;
  readonly signal?: AbortSignal;
}

/** `function failed`: it ran, and threw. `refused`: unknown function, no permission, no credentials. */
export type LambdaFaultKind =
  | 'timeout'
  | 'throttled'
  | 'unavailable'
  | 'function failed'
  | 'refused'
  | 'answer too large';

export class LambdaFault extends Error {
  readonly kind: LambdaFaultKind;

  constructor(kind: LambdaFaultKind, options?: ErrorOptions) {
    super(`No answer of a function: ${kind}`, options);
    this.name = 'LambdaFault';
    this.kind = kind;
  }
}

export interface LambdaOptions {
  readonly region: string;
  /** AWS, or what the standard `AWS_ENDPOINT_URL_LAMBDA` says, when left out. */
  readonly endpoint?: string;
  /** The standard chain (environment, profile, role) when left out. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const connectTimeout = 5_000;

export class LambdaFunctions {
  readonly #options: LambdaOptions;
  #opened: Promise<{ client: LambdaClient; sdk: typeof import('@aws-sdk/client-lambda') }> | undefined;

  constructor(options: LambdaOptions) {
    this.#options = options;
  }

  /** One attempt. @returns the answer as text @throws LambdaFault */
  async invoke({ functionName, payload, timeoutMilliseconds, maximumBytes, signal }: FunctionCall): Promise<string> {
    const { client, sdk } = await this.#open();
    const deadline = AbortSignal.timeout(timeoutMilliseconds);
    const abortSignal = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    const command = new sdk.InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(payload) });
    let answer: InvokeCommandOutput;
    try {
      answer = await client.send(command, { abortSignal });
    } catch (error) {
      signal?.throwIfAborted();
      throw new LambdaFault(deadline.aborted ? 'timeout' : kindOf(error), { cause: error });
    }
    if (answer.FunctionError !== undefined) throw new LambdaFault('function failed');
    if ((answer.Payload?.length ?? 0) > maximumBytes) throw new LambdaFault('answer too large');
    return answer.Payload?.transformToString() ?? '';
  }

  async close(): Promise<void> {
    (await this.#opened)?.client.destroy();
  }

  /** The SDK is loaded with the first call: most deployments have no functions. */
  #open() {
    this.#opened ??= import('@aws-sdk/client-lambda').then((sdk) => ({ sdk, client: this.#connect(sdk.LambdaClient) }));
    return this.#opened;
  }

  #connect(Client: typeof LambdaClient): LambdaClient {
    const { region, endpoint, credentials } = this.#options;
    return new Client({
      region,
      ...(endpoint !== undefined && { endpoint }),
      ...(credentials !== undefined && { credentials }),
      // Whoever calls counts the attempts.
      maxAttempts: 1,
      requestHandler: { connectionTimeout: connectTimeout },
    });
  }
}

/** An answer has a status; without one nobody answered, or the request could not even be signed. */
function kindOf(error: unknown): LambdaFaultKind {
  const { name, $metadata } = error as { readonly name?: unknown; readonly $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return name === 'CredentialsProviderError' ? 'refused' : 'unavailable';
  if (status === 429) return 'throttled';
  return status >= 500 ? 'unavailable' : 'refused';
}
