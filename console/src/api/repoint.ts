/** Repoint's own API (`/repoint/v1`): typed by the contract, signed with SigV4 for the service `repoint`. */
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import type { OperationInputs, OperationOutputs } from '../../../server/src/contract/operations.ts';
import type { SignInRequest } from '../../../server/src/contract/repoint-types.ts';
import { ApiError } from './errors.ts';
import { type RepointOperation, routes } from './repoint-routes.ts';
import type { Session } from './session.ts';

const base = '/repoint/v1';
const linkSeconds = 300;

export interface RepointClient {
  /** @throws ApiError with the server's code and message; TypeError when the server does not answer */
  send<Name extends RepointOperation>(name: Name, input: OperationInputs[Name]): Promise<OperationOutputs[Name]>;
  /** An address that answers without further signature for a few minutes: for links that a browser follows by itself. */
  link<Name extends RepointOperation>(name: Name, input: OperationInputs[Name]): Promise<string>;
}

export function createRepointClient(session: Session, region: string): RepointClient {
  const signer = new SignatureV4({
    service: 'repoint',
    region,
    sha256: Sha256,
    credentials: {
      accessKeyId: session.AccessKeyId,
      secretAccessKey: session.SecretAccessKey,
      sessionToken: session.SessionToken,
    },
  });
  return {
    async send(name, input) {
      const { method, path, query, body } = bind(routes[name], input as Readonly<Record<string, unknown>>);
      const { headers } = await signer.sign({
        method,
        protocol: window.location.protocol,
        hostname: window.location.hostname,
        path,
        query,
        headers: { host: window.location.host, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        body,
      });
      delete headers['host'];
      const search = toSearch(query);
      const url = search === '' ? path : `${path}?${search}`;
      return read(await fetch(url, { method, headers, body: body ?? null }));
    },

    async link(name, input) {
      const { method, path, query } = bind(routes[name], input as Readonly<Record<string, unknown>>);
      const signed = await signer.presign(
        {
          ...{ method, path, query, protocol: window.location.protocol, hostname: window.location.hostname },
          headers: { host: window.location.host },
        },
        { expiresIn: linkSeconds },
      );
      return `${path}?${toSearch(signed.query as Record<string, string>)}`;
    },
  };
}

/**
 * Exchanges user name and password for a session.
 * @throws ApiError with the server's message, such as that of a wrong password
 */
export async function signIn(request: SignInRequest): Promise<Session> {
  const answer = await fetch(`${base}/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  return read(answer);
}

/**
 * What an address of `link` answers.
 * @throws ApiError like `send`
 */
export async function openLink(url: string, signal?: AbortSignal): Promise<Response> {
  const answer = await fetch(url, signal === undefined ? {} : { signal });
  if (!answer.ok) throw refusal(answer, await answer.text());
  return answer;
}

function toSearch(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&');
}

interface BoundRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly body: string | undefined;
}

function bind(route: string, input: Readonly<Record<string, unknown>>): BoundRequest {
  const [method, target] = route.split(' ') as [string, string];
  const [template, search = ''] = target.split('?') as [string, string?];
  const path = template.replaceAll(/\{(\w+)\}/g, (_match, member: string) => encode(String(input[member])));
  const query = [...search.matchAll(/([\w-]+)=\{(\w+)\}/g)].flatMap(([, parameter, member]) => {
    const value = input[member as string];
    return value === undefined ? [] : [[parameter as string, String(value)] as const];
  });
  const payload = Object.keys(input).find((member) => !route.includes(`{${member}}`) && input[member] !== undefined);
  const body = payload === undefined ? undefined : JSON.stringify(input[payload]);
  return { method, path: base + path, query: Object.fromEntries(query), body };
}

/** As SigV4 wants it: everything but the unreserved characters. */
function encode(value: string): string {
  return encodeURIComponent(value).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

async function read<Output>(answer: Response): Promise<Output> {
  const text = await answer.text();
  if (!answer.ok) throw refusal(answer, text);
  return (text === '' ? undefined : JSON.parse(text)) as Output;
}

function refusal(answer: Response, text: string): ApiError {
  const code = answer.headers.get('x-amzn-errortype')?.split(':')[0] ?? 'UnknownError';
  const requestId = answer.headers.get('x-amzn-requestid') ?? undefined;
  return new ApiError(code, messageIn(text) ?? `The server answered ${answer.status}.`, answer.status, requestId);
}

/** Something between the browser and the server may answer in another form. */
function messageIn(text: string): string | undefined {
  try {
    const body: { readonly Message?: unknown } = JSON.parse(text);
    return typeof body.Message === 'string' ? body.Message : undefined;
  } catch {
    return undefined;
  }
}
