/**
 * A mail server of few lines that swallows what it gets: written apart from the driver and from smtp-server, fast enough
 * to be no ceiling, and able to misbehave at any step.
 */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

export interface SinkMail {
  readonly from: string;
  readonly to: string;
  /** Unstuffed. */
  readonly content: string;
  /** Of the connection, counted from 0. */
  readonly connection: number;
}

/** `close` ends the connection after what was answered before, `hang` answers nothing from now on, a text is sent as it is; undefined: all is well. */
export type Misbehaviour = 'close' | 'hang' | { readonly text: string } | undefined;

export interface SinkStep {
  /** `greeting`, a command line, or `content`. */
  readonly command: string;
  readonly connection: number;
  /** Mails taken over this connection so far. */
  readonly mails: number;
  readonly to: string;
}

export interface SinkOptions {
  readonly extensions?: readonly string[];
  readonly keep?: boolean;
  /** Told of each mail, kept or not. */
  readonly took?: (mail: SinkMail) => void;
  readonly misbehave?: (step: SinkStep) => Misbehaviour;
}

export interface Sink {
  readonly port: number;
  readonly mails: readonly SinkMail[];
  readonly count: number;
  readonly connections: number;
  /** Most commands that came in one piece. */
  readonly longestGroup: number;
  readonly commands: readonly string[];
  close(): Promise<void>;
}

export async function openSink({ extensions = [], keep = true, took, misbehave }: SinkOptions = {}): Promise<Sink> {
  const sockets = new Set<Socket>();
  const sink = { mails: [] as SinkMail[], count: 0, connections: 0, longestGroup: 0, commands: [] as string[] };
  const server: Server = createServer((socket) => {
    sockets.add(socket.setNoDelay(true));
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    serve(socket, sink.connections++);
  });

  function serve(socket: Socket, connection: number): void {
    let rest = '';
    let inContent = false;
    let hasRecipient = false;
    /** It does not listen any longer. */
    let isDeaf = false;
    let [from, to, mails] = ['', '', 0];
    const answer = (command: string, text: string): string => {
      const fault = misbehave?.({ command, connection, mails, to });
      isDeaf = fault === 'close' || fault === 'hang';
      if (fault === 'close') setImmediate(() => socket.end());
      return fault === 'close' || fault === 'hang' ? '' : (fault?.text ?? text);
    };
    const obey = (line: string): string => {
      if (keep) sink.commands.push(line);
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO')
        return answer(line, ['250-sink', ...extensions.map((name) => `250-${name}`), '250 OK\r\n'].join('\r\n'));
      if (verb === 'MAIL') from = /<(.*)>/.exec(line)?.[1] ?? '';
      if (verb === 'RCPT') to = /<(.*)>/.exec(line)?.[1] ?? '';
      if (verb === 'QUIT') socket.end();
      const toData = hasRecipient ? '354 go on\r\n' : '503 5.5.1 no recipient\r\n';
      const text = answer(line, verb === 'DATA' ? toData : '250 2.0.0 OK\r\n');
      if (verb === 'RCPT') hasRecipient = text.startsWith('250');
      if (verb === 'DATA' && text.startsWith('354')) inContent = true;
      return text;
    };
    socket.write(answer('greeting', '220 sink\r\n'));
    socket.on('data', (chunk: Buffer) => {
      rest += chunk.toString('latin1');
      let [answers, group] = ['', 0];
      while (!isDeaf) {
        const end = inContent ? endOfContent(rest) : rest.indexOf('\r\n');
        if (end === -1) break;
        const piece = rest.slice(0, end);
        if (inContent) {
          inContent = false;
          hasRecipient = false;
          rest = rest.slice(end + (piece === '' ? 3 : 5));
          const content = Buffer.from(`${piece}\r\n`.replaceAll('\r\n..', '\r\n.'), 'latin1').toString('utf8');
          const text = answer('content', '250 2.0.0 queued\r\n');
          if (text.startsWith('250')) {
            mails += 1;
            sink.count += 1;
            if (keep) sink.mails.push({ from, to, content, connection });
            took?.({ from, to, content, connection });
          }
          answers += text;
        } else {
          group += 1;
          rest = rest.slice(end + 2);
          answers += obey(piece);
        }
      }
      sink.longestGroup = Math.max(sink.longestGroup, group);
      if (answers !== '' && socket.writable) socket.write(answers);
    });
  }

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return Object.assign(sink, {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  });
}

/** An empty content is a dot alone. */
function endOfContent(text: string): number {
  return text.startsWith('.\r\n') ? 0 : text.indexOf('\r\n.\r\n');
}
