/**
 * One TCP connection that speaks SMPP: cuts the stream into messages, gives each request its answer, and never leaves
 * anybody waiting. What comes of the other side's own accord goes to `received`.
 */
import type { Socket } from 'node:net';
import {
  decodePdu,
  encodePdu,
  longestPdu,
  type Pdu,
  type PduFields,
  readHeader,
  shortestPdu,
  statuses,
} from './pdu.ts';

/** `not sent`: nothing left. `lost`, `no answer`: the other side may have acted upon the request. */
export class NoAnswer extends Error {
  readonly kind: 'not sent' | 'lost' | 'no answer';

  constructor(kind: NoAnswer['kind']) {
    super(`No answer: ${kind}`);
    this.name = 'NoAnswer';
    this.kind = kind;
  }
}

interface Waiting {
  readonly answered: (pdu: Pdu) => void;
  readonly failed: (fault: NoAnswer) => void;
  readonly timer: NodeJS.Timeout;
}

export interface ConnectionParts {
  readonly answerMilliseconds: number;
  /** A request of the other side. While many of them are under way, nothing more is read. */
  received(pdu: Pdu, connection: SmppConnection): Promise<void>;
  /** Once. */
  closed(reason: string): void;
}

const mostRequestsUnderWay = 2_000;
const lastSequence = 0x7fffffff;

export class SmppConnection {
  readonly #socket: Socket;
  readonly #parts: ConnectionParts;
  readonly #waiting = new Map<number, Waiting>();
  #rest: Buffer = Buffer.alloc(0);
  #sequence = 0;
  #underWay = 0;
  #corked = false;
  #open = true;
  #reason = 'closed by the other side';

  /** @param socket connected */
  constructor(socket: Socket, parts: ConnectionParts) {
    this.#socket = socket;
    this.#parts = parts;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#reason = error.code ?? 'broken connection';
    });
    socket.on('close', () => this.#closed());
  }

  get open(): boolean {
    return this.#open;
  }

  /** Requests that wait for their answer. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** @throws NoAnswer */
  request(command: string, fields: PduFields = {}, milliseconds = this.#parts.answerMilliseconds): Promise<Pdu> {
    if (!this.#open || !this.#socket.writable) return Promise.reject(new NoAnswer('not sent'));
    this.#sequence = this.#sequence === lastSequence ? 1 : this.#sequence + 1;
    const sequence = this.#sequence;
    const bytes = encodePdu(command, { sequence }, fields);
    return new Promise<Pdu>((answered, failed) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(sequence);
        failed(new NoAnswer('no answer'));
      }, milliseconds);
      this.#waiting.set(sequence, { answered, failed, timer });
      this.#write(bytes);
    });
  }

  /** Nothing happens when the connection is gone: the other side will ask again. */
  respond(to: Pdu, status: number): void {
    if (!this.#open || !this.#socket.writable) return;
    const header = { sequence: to.sequence_number, status };
    if (to.command === 'unknown') this.#write(encodePdu('generic_nack', header));
    else this.#write(encodePdu(`${to.command}_resp`, header));
  }

  /** Lets what was written leave. */
  end(reason: string): void {
    this.#reason = reason;
    this.#socket.end();
  }

  destroy(reason: string): void {
    this.#reason = reason;
    this.#socket.destroy();
  }

  /** What is written in one turn of the event loop leaves together. */
  #write(bytes: Buffer): void {
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      process.nextTick(() => {
        this.#corked = false;
        this.#socket.uncork();
      });
    }
    this.#socket.write(bytes);
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (this.#open && bytes.length - at >= 4) {
      const length = bytes.readUInt32BE(at);
      if (length < shortestPdu || length > longestPdu) {
        this.destroy('not SMPP');
        return;
      }
      if (bytes.length - at < length) break;
      this.#take(bytes.subarray(at, at + length));
      at += length;
    }
    this.#rest = bytes.subarray(at);
  }

  #take(frame: Buffer): void {
    const pdu = this.#decode(frame);
    if (pdu === undefined) return;
    if (!readHeader(frame).isRequest) {
      const waiting = this.#waiting.get(pdu.sequence_number);
      if (waiting === undefined) return;
      this.#waiting.delete(pdu.sequence_number);
      clearTimeout(waiting.timer);
      waiting.answered(pdu);
      return;
    }
    this.#underWay += 1;
    if (this.#underWay === mostRequestsUnderWay) this.#socket.pause();
    void this.#parts.received(pdu, this).finally(() => {
      this.#underWay -= 1;
      if (this.#underWay === mostRequestsUnderWay - 1) this.#socket.resume();
    });
  }

  /** A message whose fields are broken is refused for good; its length was right, so the stream goes on. */
  #decode(frame: Buffer): Pdu | undefined {
    try {
      return decodePdu(frame);
    } catch {
      const { isRequest, sequence } = readHeader(frame);
      if (!isRequest) {
        const waiting = this.#waiting.get(sequence);
        this.#waiting.delete(sequence);
        clearTimeout(waiting?.timer);
        waiting?.failed(new NoAnswer('no answer'));
      } else this.respond(brokenRequest(frame, sequence), statuses.receiverPermanent);
      return undefined;
    }
  }

  #closed(): void {
    this.#open = false;
    for (const { failed, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      failed(new NoAnswer('lost'));
    }
    this.#waiting.clear();
    this.#rest = Buffer.alloc(0);
    this.#parts.closed(this.#reason);
  }
}

const commandsOfReceivers = new Map([
  [0x05, 'deliver_sm'],
  [0x103, 'data_sm'],
]);

function brokenRequest(frame: Buffer, sequence: number): Pdu {
  const command = commandsOfReceivers.get(frame.readUInt32BE(4)) ?? 'unknown';
  return { command, command_status: 0, sequence_number: sequence };
}
