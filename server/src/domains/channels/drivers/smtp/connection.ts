/** One connection to a mail server: bytes out, replies in, each with a time limit. What is asked is up to others. */
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { systemCode } from '../../../../kernel/file-system.ts';
import { AddressRefused } from '../../../../outgoing/networks.ts';
import { SmtpFault } from './fault.ts';
import { type Reply, ReplyReader } from './replies.ts';

export interface ConnectionPlace {
  readonly host: string;
  readonly port: number;
  /** Undefined: the resolver of the system, any network. */
  readonly lookup: LookupFunction | undefined;
  /** Certificates (PEM) that are trusted instead of the system's. */
  readonly certificateAuthority: string | undefined;
}

/** How long it may take. */
export interface ConnectLimit {
  readonly milliseconds: number;
  /** The connection is not wanted any longer. */
  readonly signal: AbortSignal;
}

interface Waiting {
  resolve(reply: Reply): void;
  reject(fault: SmtpFault): void;
  readonly timer: NodeJS.Timeout;
}

export class SmtpConnection {
  #socket: Socket;
  #reader = new ReplyReader();
  readonly #place: ConnectionPlace;
  readonly #replies: Reply[] = [];
  #waiting: Waiting | undefined;
  #fault: SmtpFault | undefined;
  encrypted: boolean;

  constructor(socket: Socket, place: ConnectionPlace, encrypted: boolean) {
    this.#socket = socket;
    this.#place = place;
    this.encrypted = encrypted;
    this.#listen();
  }

  get isBroken(): boolean {
    return this.#fault !== undefined;
  }

  /** Replies that nobody has read. */
  get hasReplies(): boolean {
    return this.#replies.length > 0;
  }

  /** In one packet where they fit. */
  write(...chunks: readonly (Buffer | string)[]): void {
    this.#socket.cork();
    for (const chunk of chunks) this.#socket.write(chunk);
    this.#socket.uncork();
  }

  /** The next reply. @throws SmtpFault */
  read(milliseconds: number): Promise<Reply> {
    const reply = this.#replies.shift();
    if (reply !== undefined) return Promise.resolve(reply);
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(new SmtpFault('timeout')), milliseconds);
      this.#waiting = { resolve, reject, timer };
    });
  }

  /** After the server agreed to STARTTLS. @throws SmtpFault */
  async encrypt(limit: ConnectLimit): Promise<void> {
    // Something that came in the clear must not be taken for what the server says encrypted (CVE-2011-0411).
    if (this.#replies.length > 0 || !this.#reader.isEmpty) throw new SmtpFault('TLS', 'data in the clear');
    const plain = this.#socket;
    for (const event of ['data', 'error', 'close']) plain.removeAllListeners(event);
    this.#socket = connectTls({ ...tlsOptions(this.#place), socket: plain });
    await established(this.#socket, 'secureConnect', limit, () => 'TLS');
    this.encrypted = true;
    this.#listen();
  }

  destroy(): void {
    this.#fail(new SmtpFault('closed'));
  }

  /** Says goodbye and does not wait for the answer. */
  quit(): void {
    if (this.#fault !== undefined) return;
    // Somebody waits for an answer that is not wanted any longer.
    if (this.#waiting !== undefined) {
      this.destroy();
      return;
    }
    this.#fault = new SmtpFault('closed');
    this.#socket.write('QUIT\r\n');
    this.#socket.destroySoon();
  }

  #listen(): void {
    this.#socket.on('data', (chunk) => this.#receive(chunk));
    this.#socket.on('error', (error) => this.#fail(new SmtpFault('closed', systemCode(error), { cause: error })));
    this.#socket.on('close', () => this.#fail(new SmtpFault('closed')));
  }

  #receive(chunk: Buffer): void {
    if (this.#fault !== undefined) return;
    let fault: SmtpFault | undefined;
    try {
      this.#reader.read(chunk, (reply) => this.#replies.push(reply));
    } catch (error) {
      fault = new SmtpFault('no reply', undefined, { cause: error });
    }
    const waiting = this.#waiting;
    const reply = waiting && this.#replies.shift();
    if (waiting !== undefined && reply !== undefined) {
      this.#waiting = undefined;
      clearTimeout(waiting.timer);
      waiting.resolve(reply);
    }
    if (fault !== undefined) this.#fail(fault);
  }

  #fail(fault: SmtpFault): void {
    this.#fault ??= fault;
    this.#socket.destroy();
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    clearTimeout(waiting.timer);
    waiting.reject(this.#fault);
  }
}

/** @param implicitTls encrypted from the first byte. @throws SmtpFault */
export async function openConnection(
  place: ConnectionPlace,
  implicitTls: boolean,
  limit: ConnectLimit,
): Promise<SmtpConnection> {
  const { host, port, lookup } = place;
  const way = { host, port, ...(lookup && { lookup }) };
  const socket = implicitTls ? connectTls({ ...tlsOptions(place), ...way }) : connect(way);
  socket.setNoDelay(true);
  let connected = false;
  socket.once('connect', () => {
    connected = true;
  });
  await established(socket, implicitTls ? 'secureConnect' : 'connect', limit, () =>
    connected ? 'TLS' : 'unreachable',
  );
  return new SmtpConnection(socket, place, implicitTls);
}

function tlsOptions({ host, certificateAuthority }: ConnectionPlace): ConnectionOptions {
  return {
    host,
    ...(isIP(host) === 0 && { servername: host }),
    ...(certificateAuthority !== undefined && { ca: certificateAuthority }),
  };
}

function established(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  { milliseconds, signal }: ConnectLimit,
  kind: () => 'TLS' | 'unreachable',
): Promise<void> {
  return new Promise((settle, fail) => {
    const settled = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    };
    const giveUp = (error?: Error) => {
      settled();
      for (const name of [event, 'error', 'close']) socket.removeAllListeners(name);
      // What a socket says while it is destroyed.
      socket.on('error', () => undefined);
      socket.destroy();
      const refused = error instanceof AddressRefused;
      fail(
        new SmtpFault(refused ? 'refused address' : kind(), refused ? undefined : systemCode(error), { cause: error }),
      );
    };
    const stop = () => giveUp();
    const timer = setTimeout(stop, milliseconds);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    socket.once('error', giveUp);
    socket.once('close', stop);
    socket.once(event, () => {
      settled();
      socket.removeAllListeners('error');
      socket.removeAllListeners('close');
      settle();
    });
  });
}
