/** What we use of the library `smpp` 0.5.1, which has no types of its own. Server and client sessions: tests and bench. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server, Socket } from 'node:net';

  /** A definition of the library that we hand back to it. */
  interface FieldType {
    readonly size: unknown;
  }

  class PDU {
    constructor(commandOrFrame: string | Buffer, fields?: object);
    command: string;
    command_status: number;
    sequence_number: number;
    /** Decodes or encodes times and texts after reading and before writing. */
    _filter(direction: 'encode' | 'decode'): void;
    toBuffer(): Buffer;
    response(fields?: object): PDU;
    static maxLength: number;
  }

  class Session extends EventEmitter {
    readonly socket: Socket;
    send(pdu: PDU, answered?: (answer: PDU) => void): boolean;
    bind_transceiver(fields: object, answered: (answer: PDU) => void): boolean;
    submit_sm(fields: object, answered: (answer: PDU) => void): boolean;
    deliver_sm(fields: object, answered: (answer: PDU) => void): boolean;
    enquire_link(fields: object, answered: (answer: PDU) => void): boolean;
    unbind(fields: object, answered: (answer: PDU) => void): boolean;
    close(): void;
    destroy(): void;
  }

  const library: {
    readonly PDU: typeof PDU;
    readonly errors: Readonly<Record<string, number>>;
    readonly types: { readonly tlv: { readonly buffer: FieldType } };
    addTLV(tag: string, definition: { readonly id: number; readonly type: FieldType }): void;
    connect(options: { readonly host: string; readonly port: number }, connected: () => void): Session;
    createServer(options: object, connected: (session: Session) => void): Server;
  };
  // biome-ignore lint/style/noDefaultExport: the form of the library
  export default library;
  export type { PDU, Session };
}
