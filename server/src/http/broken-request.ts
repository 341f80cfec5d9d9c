/**
 * Answers to what never became a request: malformed HTTP, too many headers, senders that take too long. There is no
 * reply object for them, only the socket.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ServiceError } from '../kernel/errors.ts';
import { newRequestId } from '../kernel/ids.ts';
import { corsHeaders } from './cors.ts';
import { refusalOf } from './refusal.ts';

/**
 * @param latest the response to the latest request of this connection, if there was one
 * @param lingerMilliseconds how long the sender gets to read the answer before the connection is cut
 */
export function refuseBrokenRequest(
  error: Error & { code?: string },
  socket: Socket,
  latest: ServerResponse | undefined,
  lingerMilliseconds: number,
): void {
  if (socket.destroyed || !socket.writable) return;
  if (error.code === 'ECONNRESET' || !isNextInTurn(socket, latest)) {
    socket.destroy();
    return;
  }
  socket.end(describe(error.code));
  // What still comes is thrown away. Closing at once would reset the connection, and the answer might never be read.
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), lingerMilliseconds);
  socket.once('close', () => clearTimeout(timer));
}

/**
 * Answers leave in the order of the requests. When an earlier one is still being worked on, or part of its answer has
 * left, words of ours would be read as its answer.
 */
function isNextInTurn(socket: Socket, latest: ServerResponse | undefined): boolean {
  if (latest === undefined || latest.writableFinished) return true;
  return latest.socket === socket && !latest.headersSent && !latest.req.complete;
}

function describe(faultCode: string | undefined): string {
  const requestId = newRequestId();
  const { status, errorCode, body } = refusalOf(refusalFor(faultCode), requestId);
  const headers = {
    ...corsHeaders,
    date: new Date().toUTCString(),
    connection: 'close',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-amzn-errortype': errorCode,
    'x-amzn-requestid': requestId,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${errorCode}\r\n${lines.join('')}\r\n${body}`;
}

function refusalFor(faultCode: string | undefined): ServiceError {
  switch (faultCode) {
    case 'HPE_HEADER_OVERFLOW':
      return new ServiceError('RequestHeaderFieldsTooLargeException', 'The request headers are too large');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ServiceError('RequestTimeoutException', 'The request took too long to arrive');
    default:
      return new ServiceError('BadRequestException', 'The request is not valid HTTP');
  }
}
