/**
 * Functions that speak the protocol of AWS Lambda: at AWS, or wherever `AWS_ENDPOINT_URL_LAMBDA` points to. Where that
 * is, the operator says; an endpoint that a user typed in never leads into closed networks.
 */
import type { InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';
import { lazily } from '../kernel/lazily.ts';
import { type AwsAccess, awsClientOptions, checkBaseUrl } from './aws-client.ts';
import type { OutgoingNetworks } from './networks.ts';

export interface FunctionCall {
  /** Name or ARN, whole or in parts. */
  readonly functionName: string;
  /** JSON text. */
  readonly payload: string;
  /** From the first byte sent to the last received. */
  readonly timeoutMilliseconds: number;
  /** Of the answer. @default 6 MiB */
  readonly maximumBytes?: number;
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
  /** Of functions whose ARN names none. */
  readonly region?: string;
  /** AWS, or what the standard `AWS_ENDPOINT_URL_LAMBDA` says, when left out. */
  readonly endpoint?: string;
  /** The standard chain (environment, profile, role) when left out. */
  readonly credentials?: AwsAccess['credentials'];
  /** Where an endpoint may lie that a user typed in. */
  readonly networks?: OutgoingNetworks;
}

const pattern =
  /^(?:arn:aws[a-z-]*:lambda:(?<region>[a-z0-9-]{1,32}):[0-9]{12}:function:|[0-9]{12}:function:)?[A-Za-z0-9_-]{1,64}(?::(?:\$LATEST|[A-Za-z0-9_-]{1,128}))?$/;

/** `name`, `name:alias`, `123456789012:function:name` or a whole ARN (the Lambda API's own pattern). */
export function namesFunction(text: string): boolean {
  return pattern.test(text);
}

/** The longest payload that Lambda takes or gives. */
export const maximumPayloadBytes = 6 * 1024 * 1024;

export class LambdaFunctions {
  readonly #access: AwsAccess;
  readonly #networks: OutgoingNetworks | undefined;
  /** The SDK is loaded with the first call: most deployments have no functions. */
  readonly #opened = lazily(async () => ({
    sdk: await import('@aws-sdk/client-lambda'),
    clients: new Map<string | undefined, LambdaClient>(),
  }));

  constructor({ region, endpoint, credentials, networks }: LambdaOptions) {
    this.#access = {
      ...(region !== undefined && { region }),
      ...(credentials !== undefined && { credentials }),
      ...(endpoint !== undefined && { baseUrl: endpoint }),
    };
    this.#networks = networks;
  }

  /**
   * One attempt: whoever calls counts them.
   * @returns the answer as text
   * @throws LambdaFault, with what the SDK threw as its cause, or the signal's reason
   */
  async invoke(call: FunctionCall): Promise<string> {
    const { functionName, payload, timeoutMilliseconds, maximumBytes = maximumPayloadBytes, signal } = call;
    const { client, sdk } = await this.#clientFor(functionName);
    const deadline = AbortSignal.timeout(timeoutMilliseconds);
    const abortSignal = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    const command = new sdk.InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(payload) });
    let answer: InvokeCommandOutput;
    try {
      checkBaseUrl(this.#access, this.#networks);
      answer = await client.send(command, { abortSignal });
    } catch (error) {
      signal?.throwIfAborted();
      throw new LambdaFault(deadline.aborted ? 'timeout' : kindOf(error), { cause: error });
    }
    if (answer.FunctionError !== undefined && answer.FunctionError !== '') throw new LambdaFault('function failed');
    if ((answer.Payload?.length ?? 0) > maximumBytes) throw new LambdaFault('answer too large');
    return answer.Payload?.transformToString() ?? '';
  }

  close(): Promise<void> {
    return this.#opened.close(({ clients }) => clients.forEach((client) => void client.destroy()));
  }

  /** A function is called where its ARN says it is. */
  async #clientFor(functionName: string) {
    const { sdk, clients } = await this.#opened.use();
    const region = pattern.exec(functionName)?.groups?.['region'] ?? this.#access.region;
    const access = { ...this.#access, ...(region !== undefined && { region }) };
    const client = clients.get(region) ?? new sdk.LambdaClient(awsClientOptions(access, this.#networks));
    clients.set(region, client);
    return { sdk, client };
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
