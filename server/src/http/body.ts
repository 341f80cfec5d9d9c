/**
 * Reads request bodies into memory, within two limits: one body (7 MB, Pinpoint's own), and all bodies held at once,
 * so that many slow or unfinished uploads end in 503 for the latest instead of in memory growth for everybody.
 */
import type { IncomingMessage } from 'node:http';
import { ServiceError, unavailable } from '../kernel/errors.ts';

/** dossier/audience §1.2: bodies over 7 MB answer 413. */
export const maximumBodyBytes = 7 * 1024 * 1024;
/** Bodies up to here are read however many uploads there are: ordinary calls go on while uploads have to wait. */
export const alwaysReadBytes = 64 * 1024;

export class BodyReader {
  #bytesInFlight = 0;
  readonly #maximumBytesInFlight: number;

  constructor(maximumBytesInFlight = 256 * 1024 * 1024) {
    this.#maximumBytesInFlight = maximumBytesInFlight;
  }

  get bytesInFlight(): number {
    return this.#bytesInFlight;
  }

  /**
   * Reads the body and hands it to `use`; its bytes count as held until `use` is done.
   * @throws ServiceError 413 or 503 as soon as a limit is passed, without reading the rest
   */
  async withBody<Result>(
    request: IncomingMessage,
    use: (body: Buffer) => Promise<Result>,
    maximumBytes = maximumBodyBytes,
  ): Promise<Result> {
    if (!announcesBody(request)) return use(emptyBody);
    if (Number(request.headers['content-length'] ?? 0) > maximumBytes) throw tooLarge(maximumBytes);
    const chunks: Buffer[] = [];
    let length = 0;
    try {
      await readChunks(request, (chunk) => {
        chunks.push(chunk);
        length += chunk.length;
        this.#bytesInFlight += chunk.length;
        this.#holdLimits(length, maximumBytes);
      });
      return await use(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length));
    } finally {
      this.#bytesInFlight -= length;
    }
  }

  #holdLimits(length: number, maximumBytes: number): void {
    if (length > maximumBytes) throw tooLarge(maximumBytes);
    if (length > alwaysReadBytes && this.#bytesInFlight > this.#maximumBytesInFlight) {
      throw unavailable('Too many uploads at once. Try again.');
    }
  }
}

const emptyBody = Buffer.alloc(0);

/**
 * An iterator of the stream would do the same; it costs as much as checking a signature does.
 * @throws what `take` throws, and then leaves the rest of the body in the socket, through which the answer has to leave;
 *   what the request ended with before its body did
 */
function readChunks(request: IncomingMessage, take: (chunk: Buffer) => void): Promise<void> {
  if (request.closed) return Promise.reject(endedEarly());
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      request.off('data', data).off('end', ended).off('error', failed).off('close', closed);
      settle();
    };
    const data = (chunk: Buffer) => {
      try {
        take(chunk);
      } catch (error) {
        request.pause();
        end(() => reject(error));
      }
    };
    const ended = () => end(resolve);
    const failed = (error: unknown) => end(() => reject(error));
    const closed = () => failed(endedEarly());
    request.on('data', data).on('end', ended).on('error', failed).on('close', closed);
  });
}

function endedEarly(): Error {
  return new Error('The request ended before its body did.');
}

/** Whether a body belongs to the request, by its headers; any method may have one. */
export function announcesBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) > 0);
}

function tooLarge(maximumBytes: number): ServiceError {
  const message = `The request body is larger than ${maximumBytes / 1024 / 1024} MB`;
  return new ServiceError('PayloadTooLargeException', message);
}
