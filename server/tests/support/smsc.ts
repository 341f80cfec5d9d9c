/** An SMSC in this process: the server side of the library `smpp`, which decodes what our own client encoded. */
import type { AddressInfo } from 'node:net';
import smpp, { type PDU, type Session } from 'smpp';

export interface Submitted {
  readonly pdu: PDU & Record<string, unknown>;
  /** As the library decodes it. */
  readonly text: string;
  readonly header: Buffer | undefined;
  answer(fields?: { readonly command_status?: number; readonly message_id?: string }): void;
}

export interface Smsc {
  readonly port: number;
  readonly submitted: Submitted[];
  /** Bound sessions that are open. */
  readonly sessions: Session[];
  /** Names of the binds, in order. */
  readonly binds: string[];
  /** Submits that wait for their answer, and the most there ever were. */
  readonly waiting: { now: number; most: number };
  /** Sends a `deliver_sm` over the last session, and waits for its answer. */
  deliver(fields: object): Promise<PDU>;
  close(): Promise<void>;
}

export interface SmscBehaviour {
  /** Answers with success and a running number when absent. */
  readonly submit?: (submitted: Submitted, session: Session) => void;
  /** Status to answer binds with; undefined leaves them without answer. */
  readonly bind?: (attempt: number) => number | undefined;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly ignoresEnquireLink?: boolean;
  readonly port?: number;
}

export async function startSmsc(behaviour: SmscBehaviour = {}): Promise<Smsc> {
  const sessions: Session[] = [];
  const all = new Set<Session>();
  const submitted: Submitted[] = [];
  const binds: string[] = [];
  const waiting = { now: 0, most: 0 };
  const server = smpp.createServer(behaviour.tls ?? {}, (session) => {
    all.add(session);
    session.setMaxListeners(0);
    session.on('error', () => session.destroy());
    session.on('close', () => {
      all.delete(session);
      if (sessions.includes(session)) sessions.splice(sessions.indexOf(session), 1);
    });
    for (const command of ['bind_transceiver', 'bind_transmitter', 'bind_receiver']) {
      session.on(command, (pdu: PDU) => {
        binds.push(command);
        const status = behaviour.bind === undefined ? 0 : behaviour.bind(binds.length);
        if (status === undefined) return;
        session.send(pdu.response({ command_status: status }));
        if (status === 0) sessions.push(session);
      });
    }
    session.on('submit_sm', (pdu: Submitted['pdu']) => {
      const { message, udh } = contentOf(pdu);
      let open = true;
      waiting.now += 1;
      waiting.most = Math.max(waiting.most, waiting.now);
      const answered = () => {
        if (open) waiting.now -= 1;
        open = false;
      };
      session.on('close', answered);
      const submit: Submitted = {
        pdu,
        text: message,
        header: udh,
        answer(fields) {
          answered();
          session.off('close', answered);
          session.send(pdu.response({ message_id: String(submitted.indexOf(submit) + 1), ...fields }));
        },
      };
      submitted.push(submit);
      if (behaviour.submit === undefined) submit.answer();
      else behaviour.submit(submit, session);
    });
    session.on('enquire_link', (pdu: PDU) => behaviour.ignoresEnquireLink || session.send(pdu.response()));
    session.on('unbind', (pdu: PDU) => {
      session.send(pdu.response());
      session.close();
    });
  });
  await new Promise<void>((listening) => server.listen(behaviour.port ?? 0, '127.0.0.1', listening));
  return {
    ...{ submitted, sessions, binds, waiting, port: (server.address() as AddressInfo).port },
    deliver: (fields) =>
      new Promise<PDU>((answered, failed) => {
        const session = sessions.at(-1);
        if (session === undefined) return failed(new Error('Nobody is bound.'));
        session.once('close', () => failed(new Error('The session was closed.')));
        session.deliver_sm(fields, answered);
      }),
    async close() {
      for (const session of all) session.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

interface Content {
  readonly message: string;
  readonly udh?: readonly Buffer[];
}

function contentOf(pdu: Submitted['pdu']): { readonly message: string; readonly udh: Buffer | undefined } {
  const short = pdu['short_message'] as Content;
  const payload = pdu['message_payload'] as Content | undefined;
  return { message: payload?.message ?? short.message, udh: short.udh?.[0] };
}
