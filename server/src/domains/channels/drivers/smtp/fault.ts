/** What goes wrong between us and a mail server, apart from the replies to one message. */
import { formatReply, type Reply } from './replies.ts';

/**
 * `unreachable`: no connection; `refused address`: closed network; `TLS`: no encrypted connection, or a certificate that
 * is not to be trusted; `credentials`: refused; `unwilling`: the server does not serve us now; `timeout`: no reply;
 * `closed`: the connection ended; `no reply`: it speaks something else.
 */
export type SmtpFaultKind =
  | 'unreachable'
  | 'refused address'
  | 'TLS'
  | 'credentials'
  | 'unwilling'
  | 'timeout'
  | 'closed'
  | 'no reply';

const texts: Readonly<Record<SmtpFaultKind, string>> = {
  unreachable: 'No connection to the mail server',
  'refused address': 'The mail server lies in a network that is not allowed (REPOINT_ALLOWED_NETWORKS)',
  TLS: 'No encrypted connection to the mail server',
  credentials: 'The mail server refused user or password',
  unwilling: 'The mail server does not serve us',
  timeout: 'The mail server did not answer in time',
  closed: 'The connection to the mail server ended',
  'no reply': 'The mail server sent what is no SMTP reply',
};

export class SmtpFault extends Error {
  readonly kind: SmtpFaultKind;
  readonly reply: Reply | undefined;

  /** @param detail the server's reply, or a code of the system or of TLS */
  constructor(kind: SmtpFaultKind, detail?: Reply | string, options?: ErrorOptions) {
    const shown = typeof detail === 'object' ? formatReply(detail) : detail;
    super(shown === undefined ? texts[kind] : `${texts[kind]}: ${shown}`, options);
    this.name = 'SmtpFault';
    this.kind = kind;
    this.reply = typeof detail === 'object' ? detail : undefined;
  }
}
