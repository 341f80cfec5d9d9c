/** Signs requests for the load generator: prepared once, valid for five minutes, checked by the server each time. */
import { createHash, createHmac } from 'node:crypto';

interface Credentials {
  readonly port: number;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface SignedRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** The whole request as bytes on the wire. */
  readonly text: string;
}

/** For paths without characters that need encoding. */
export function signedGet(server: Credentials, path: string): SignedRequest {
  return sign(server, 'GET', path, '');
}

/** The same with a JSON body. */
export function signedPut(server: Credentials, path: string, body: object): SignedRequest {
  return sign(server, 'PUT', path, JSON.stringify(body));
}

export function signedPost(server: Credentials, path: string, body: object): SignedRequest {
  return sign(server, 'POST', path, JSON.stringify(body));
}

/** Of our own API. */
export function signedRepoint(server: Credentials, method: string, path: string, body?: object): SignedRequest {
  return sign(server, method, path, body === undefined ? '' : JSON.stringify(body), 'repoint');
}

function sign(
  server: Credentials,
  method: string,
  path: string,
  body: string,
  service = 'mobiletargeting',
): SignedRequest {
  const host = `127.0.0.1:${server.port}`;
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const scope = `${date.slice(0, 8)}/us-east-1/${service}/aws4_request`;
  const canonical = [method, path, '', `host:${host}`, `x-amz-date:${date}`, '', 'host;x-amz-date', sha256(body)].join(
    '\n',
  );
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const key = scope
    .split('/')
    .reduce<Buffer | string>((previous, part) => hmac(previous, part), `AWS4${server.secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${server.accessKeyId}/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`;
  const headers = { 'x-amz-date': date, authorization };
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `host: ${host}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === '' ? [] : [`content-length: ${Buffer.byteLength(body)}`]),
  ];
  return { url: `http://${host}${path}`, headers, body, text: `${lines.join('\r\n')}\r\n\r\n${body}` };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
