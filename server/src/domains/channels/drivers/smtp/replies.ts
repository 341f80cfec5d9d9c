/** Replies of a mail server (RFC 5321 §4.2), read from however the bytes arrive. */
import { StringDecoder } from 'node:string_decoder';

export interface Reply {
  readonly code: number;
  /** RFC 3463: `5.1.1` */
  readonly enhancedCode: string | undefined;
  /** Texts of its lines, without codes. */
  readonly lines: readonly string[];
}

/** More than RFC 5321 §4.5.3.1.5 allows; a server that sends more sends something else. */
const maximumLine = 8192;
const maximumLines = 256;

export class NoReply extends Error {
  constructor() {
    super('The server sent what is no SMTP reply');
    this.name = 'NoReply';
  }
}

export class ReplyReader {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #lines: string[] = [];

  /** Nothing has begun that is not finished. */
  get isEmpty(): boolean {
    return this.#rest === '' && this.#lines.length === 0;
  }

  /** Those before what is none are told as well. @throws NoReply */
  read(chunk: Buffer, found: (reply: Reply) => void): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#readLine(line.replace(/\r$/, ''), found);
    if (this.#rest.length > maximumLine) throw new NoReply();
  }

  #readLine(line: string, found: (reply: Reply) => void): void {
    const [, code, separator, text = ''] = /^([2-5][0-9]{2})(?:([ -])(.*))?$/.exec(line) ?? [];
    if (code === undefined || line.length > maximumLine || this.#lines.length >= maximumLines) throw new NoReply();
    this.#lines.push(text);
    if (separator === '-') return;
    found(toReply(Number(code), this.#lines));
    this.#lines = [];
  }
}

function toReply(code: number, lines: readonly string[]): Reply {
  return { code, lines, enhancedCode: /^[245]\.[0-9]{1,3}\.[0-9]{1,3}(?= |$)/.exec(lines[0] ?? '')?.[0] };
}

export function isPositive({ code }: Reply): boolean {
  return code >= 200 && code < 300;
}

/** As it came, on one line. */
export function formatReply({ code, lines }: Reply): string {
  return `${code} ${lines.join(' ')}`.trim().slice(0, 1000);
}
