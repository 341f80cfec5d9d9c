/** Where the events of a project are sent on to: the port that each kind of destination is an adapter of. */

export interface StreamRecord {
  /** Its place in the stream: the same however often it is sent. */
  readonly id: string;
  /** Of whom it tells. Records of one key arrive in their order. */
  readonly key: string;
  readonly arrivedAt: Date;
  /** One JSON document on one line, without the line's end. */
  readonly body: string;
}

export interface Refusal {
  /** Among the records that were given. */
  readonly index: number;
  /** A word or two for people: no address, no content. */
  readonly reason: string;
}

export interface EventDestination {
  /** Of one request. `recordBytes` is for body and key, `bytes` for the sum of them. */
  readonly limits: { readonly records: number; readonly bytes: number; readonly recordBytes: number };
  /**
   * Whether a request is taken whole, in its order, or not at all. To the others one request brings at most one record of
   * a key: were the first of two refused and the second taken, their order would be lost.
   */
  readonly takesWhole: boolean;
  /** For how long records are gathered, unless there are enough for a request. */
  readonly gatherMilliseconds: number;
  /**
   * One attempt.
   * @returns those that were not taken
   * @throws DestinationFault when none was, or nobody knows
   */
  send(records: readonly StreamRecord[], signal: AbortSignal): Promise<readonly Refusal[]>;
  close(): Promise<void>;
}

/** `message` is shown to whoever asks for the state of the stream: no address, no content. */
export class DestinationFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DestinationFault';
  }
}

export function bytesOf({ key, body }: StreamRecord): number {
  return Buffer.byteLength(body) + Buffer.byteLength(key);
}
