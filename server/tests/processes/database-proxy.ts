/** Stands between a server and its database, and can be taken away. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class DatabaseProxy {
  /** What the server is given as REPOINT_DATABASE_URL. */
  readonly url: string;
  readonly #directory = mkdtempSync(join(tmpdir(), 'repoint-proxy-'));
  readonly #target: { readonly path: string } | { readonly host: string; readonly port: number };
  readonly #sockets = new Set<Socket>();
  readonly #near = new Set<Socket>();
  #server: Server | undefined;

  constructor(databaseUrl: string) {
    const real = new URL(databaseUrl.replace('@/', '@socket/'));
    const socketDirectory = real.searchParams.get('host');
    const port = Number(real.port || 5432);
    this.#target =
      socketDirectory === null ? { host: real.hostname, port } : { path: join(socketDirectory, `.s.PGSQL.${port}`) };
    const through = new URL(real);
    through.port = '';
    through.searchParams.set('host', this.#directory);
    this.url = through.href.replace(/@[^/]+\//, '@/');
  }

  async open(): Promise<void> {
    const server = createServer((near) => {
      const far = connect(this.#target);
      this.#near.add(near.once('close', () => this.#near.delete(near)));
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.once('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
    await new Promise<void>((opened) => server.listen(join(this.#directory, '.s.PGSQL.5432'), opened));
    this.#server = server;
  }

  /** As when the database goes away: connections end, and no new one is taken. */
  async close(): Promise<void> {
    const closed = new Promise((settle) => this.#server?.close(settle));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Something of its own accord, to whoever is connected. */
  say(bytes: Buffer): void {
    for (const socket of this.#near) socket.write(bytes);
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
