/**
 * Reads request bodies into memory, within two limits: one body (7 MB, Pinpoint's own), and all bodies being read at
 * once, so that many slow uploads end in 503 for the latest instead of in memory growth for everybody.
 */
import type { IncomingMessage } from 'node:http';
import { ServiceError, unavailable } from '../kernel/errors.ts';

/** dossier/audience §1.2: bodies over 7 MB answer 413. */
export const maximumBodyBytes = 7 * 1024 * 1024;
const maximumBytesInFlight = 256 * 1024 * 1024;

export class BodyReader {
  #bytesInFlight = 0;

  get bytesInFlight(): number {
    return this.#bytesInFlight;
  }

  /** @throws ServiceError 413 or 503 as soon as a limit is passed, without reading the rest */
  async read(stream: IncomingMessage): Promise<Buffer> {
    const announced = Number(stream.headers['content-length'] ?? 0);
    if (announced > maximumBodyBytes) throw tooLarge();
    const chunks: Buffer[] = [];
    let length = 0;
    try {
      // `destroyOnReturn: false`: after a refusal the answer still has to leave through this socket.
      for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        length += chunk.length;
        this.#bytesInFlight += chunk.length;
        if (length > maximumBodyBytes) throw tooLarge();
        if (this.#bytesInFlight > maximumBytesInFlight) throw unavailable('Too many uploads at once. Try again.');
        chunks.push(chunk);
      }
    } finally {
      this.#bytesInFlight -= length;
    }
    return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length);
  }
}

function tooLarge(): ServiceError {
  return new ServiceError('PayloadTooLargeException', 'The request body is larger than 7 MB');
}
