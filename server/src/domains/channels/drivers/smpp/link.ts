/**
 * A bound connection that is kept: opened with the driver, asked regularly whether it lives, opened again with growing
 * pauses when it is lost.
 */
import { randomInt } from 'node:crypto';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Logger } from '../../../../kernel/logger.ts';
import { AddressRefused, type OutgoingNetworks } from '../../../../outgoing/networks.ts';
import { NoAnswer, SmppConnection } from './connection.ts';
import { describeStatus, type Pdu, statuses } from './pdu.ts';
import type { SmppSettings } from './settings.ts';
import type { SmppTiming } from './timing.ts';

/** There is no bound connection. Nothing was sent. */
export class LinkDown extends Error {}

export type BindCommand = 'bind_transceiver' | 'bind_transmitter' | 'bind_receiver';

export interface LinkParts {
  readonly settings: SmppSettings;
  readonly timing: SmppTiming;
  readonly networks: OutgoingNetworks;
  readonly logger: Logger;
  /** `deliver_sm` and `data_sm`. Resolves with the status to answer, as long as the connection is open. */
  received(pdu: Pdu, isOpen: () => boolean): Promise<number>;
}

export class SmppLink {
  readonly #command: BindCommand;
  readonly #parts: LinkParts;
  #connection: SmppConnection | undefined;
  #attempt: Promise<SmppConnection> | undefined;
  #fault = 'not connected yet';
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #closing = false;
  /** Ends an attempt that is under way. */
  #giveUp: (() => void) | undefined;

  constructor(command: BindCommand, parts: LinkParts) {
    this.#command = command;
    this.#parts = parts;
    this.#start();
  }

  /** Waits for an attempt that is under way; between attempts it fails at once. @throws LinkDown */
  async connection(): Promise<SmppConnection> {
    if (this.#connection?.open === true) return this.#connection;
    if (this.#attempt === undefined) throw new LinkDown(this.#fault);
    return this.#attempt;
  }

  /** Says good-bye, if the other side listens. */
  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    this.#giveUp?.();
    await this.#attempt?.catch(() => undefined);
    const connection = this.#connection;
    if (connection === undefined) return;
    await connection.request('unbind', {}, 1_000).catch(() => undefined);
    connection.destroy('closed by us');
  }

  #start(): void {
    this.#attempt = this.#bind();
    this.#attempt.then(
      (connection) => {
        this.#attempt = undefined;
        this.#giveUp = undefined;
        this.#failures = 0;
        this.#parts.logger.info({ bind: this.#command }, 'SMPP: bound');
        this.#watch(connection);
      },
      (fault: Error) => {
        this.#attempt = undefined;
        this.#giveUp = undefined;
        this.#lost(fault.message);
      },
    );
  }

  async #bind(): Promise<SmppConnection> {
    const { settings, timing } = this.#parts;
    const socket = await this.#connect();
    const connection = new SmppConnection(socket, {
      answerMilliseconds: settings.AnswerTimeoutSeconds * 1_000,
      received: (pdu, from) => this.#received(pdu, from),
      closed: (reason) => this.#closed(connection, reason),
    });
    this.#giveUp = () => connection.destroy('closed by us');
    const fields = {
      system_id: settings.SystemId,
      password: settings.Password,
      system_type: settings.SystemType,
      interface_version: 0x34,
    };
    try {
      const answer = await connection.request(this.#command, fields, timing.connectMilliseconds);
      if (answer.command_status !== statuses.ok)
        throw new LinkDown(`refused: ${describeStatus(answer.command_status)}`);
      if (!connection.open) throw new LinkDown('closed by the other side');
      this.#connection = connection;
      return connection;
    } catch (error) {
      connection.destroy('not bound');
      throw error instanceof NoAnswer ? new LinkDown(`the bind was not answered (${error.kind})`) : error;
    }
  }

  #connect(): Promise<Socket> {
    const { settings, timing, networks } = this.#parts;
    const { Host: host, Port: port } = settings;
    return new Promise<Socket>((connected, failed) => {
      networks.checkHost(host);
      const options = { host, port, lookup: networks.lookup, noDelay: true };
      const socket = settings.Tls
        ? connectTls({
            ...options,
            ...(isIP(host) === 0 && { servername: host }),
            ...(settings.CertificateAuthority && { ca: settings.CertificateAuthority }),
          })
        : connectTcp(options);
      const give = (fault: Error) => {
        clearTimeout(timer);
        socket.destroy();
        failed(fault);
      };
      const timer = setTimeout(() => give(new LinkDown('no connection in time')), timing.connectMilliseconds);
      this.#giveUp = () => give(new LinkDown('closed by us'));
      socket.once('error', give);
      socket.once(settings.Tls ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer);
        socket.off('error', give);
        connected(socket);
      });
    }).catch((error: Error & { readonly code?: string }) => {
      if (error instanceof LinkDown) throw error;
      throw new LinkDown(
        error instanceof AddressRefused ? error.message : `no connection (${error.code ?? error.name})`,
      );
    });
  }

  /** An answer is asked for at intervals; without one the connection is given up, and all that waits on it. */
  #watch(connection: SmppConnection): void {
    const { EnquireLinkSeconds, AnswerTimeoutSeconds } = this.#parts.settings;
    this.#timer = setTimeout(() => {
      connection.request('enquire_link', {}, AnswerTimeoutSeconds * 1_000).then(
        () => this.#connection === connection && this.#watch(connection),
        () => connection.destroy('no answer to enquire_link'),
      );
    }, EnquireLinkSeconds * 1_000);
  }

  async #received(pdu: Pdu, connection: SmppConnection): Promise<void> {
    if (pdu.command === 'deliver_sm' || pdu.command === 'data_sm') {
      connection.respond(pdu, await this.#parts.received(pdu, () => connection.open));
    } else if (pdu.command === 'enquire_link' || pdu.command === 'unknown') {
      connection.respond(pdu, pdu.command === 'unknown' ? 0x03 : statuses.ok);
    } else if (pdu.command === 'unbind') {
      connection.respond(pdu, statuses.ok);
      this.#retire(connection);
    }
  }

  /** The other side wants to end: nothing new goes there, what was sent may still be answered. */
  #retire(connection: SmppConnection): void {
    if (this.#connection === connection) this.#connection = undefined;
    const since = performance.now();
    const look = setInterval(() => {
      const late = performance.now() - since > this.#parts.timing.stopMilliseconds;
      if (connection.waiting > 0 && !late && connection.open) return;
      clearInterval(look);
      connection.end('unbound by the other side');
    }, 20);
    if (!this.#closing && this.#attempt === undefined) this.#lost('unbound by the other side');
  }

  #closed(connection: SmppConnection, reason: string): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#lost(reason);
  }

  #lost(reason: string): void {
    this.#fault = reason;
    clearTimeout(this.#timer);
    if (this.#closing) return;
    const { firstPauseMilliseconds, longestPauseMilliseconds } = this.#parts.timing;
    const pause = Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    this.#parts.logger.warn({ bind: this.#command, reason, attempts: this.#failures }, 'SMPP: no connection');
    // Nodes that lost the same provider do not come back in step.
    this.#timer = setTimeout(() => this.#start(), randomInt(Math.ceil(pause / 2), pause + 1));
  }
}
