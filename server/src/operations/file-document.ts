/** An answer that is a file, sent as it is read: what a handler gives instead of its operation's output. */
export class FileDocument {
  /** What a browser saves it as. */
  readonly name: string;
  readonly bytes: number;
  /** Begun once; ends early when its reader has gone. */
  readonly open: (signal: AbortSignal) => AsyncIterable<Buffer>;

  constructor(name: string, bytes: number, open: FileDocument['open']) {
    this.name = name;
    this.bytes = bytes;
    this.open = open;
  }
}
