/** A socket that sends what is written in one turn of the event loop at once: statements that leave together, and COMMIT. */
import { Socket } from 'node:net';

type Written = (error?: Error | null) => void;

/** Waking PostgreSQL for each statement costs both sides more than the statement's own bytes do. */
export class GatheringSocket extends Socket {
  #gathering = false;

  override write(bytes: Uint8Array | string, written?: Written): boolean;
  override write(bytes: Uint8Array | string, encoding?: BufferEncoding, written?: Written): boolean;
  override write(bytes: Uint8Array | string, second?: BufferEncoding | Written, written?: Written): boolean {
    if (!this.#gathering) {
      this.#gathering = true;
      this.cork();
      // Behind all that goes on already without waiting for anything.
      process.nextTick(() => {
        this.#gathering = false;
        this.uncork();
      });
    }
    return typeof second === 'function' ? super.write(bytes, second) : super.write(bytes, second, written);
  }
}
