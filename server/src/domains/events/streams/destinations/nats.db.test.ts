/** What becomes of a stream when its NATS server, or what stands in between, says something else than NATS. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, expect, it, vi } from 'vitest';
import { startNatsServer } from '../../../../../tests/support/nats-server.ts';
import { OutgoingNetworks } from '../../../../outgoing/networks.ts';
import { openNats } from './nats.ts';

const nats = await startNatsServer();
await nats.create('EVENTS', 'events.shop');
const near: Socket[] = [];
const way = createServer((socket) => {
  near.push(socket);
  const far = connect(Number(new URL(nats.url).port), '127.0.0.1');
  for (const each of [socket, far]) each.on('error', () => undefined);
  socket.pipe(far).pipe(socket);
  socket.on('close', () => far.destroy());
}).listen(0, '127.0.0.1');
await once(way, 'listening');
// The library says there what it could not read.
vi.spyOn(console, 'log').mockReturnValue(undefined);

const destination = openNats({
  networks: new OutgoingNetworks(['127.0.0.0/8']),
  url: `nats://127.0.0.1:${(way.address() as AddressInfo).port}`,
  ...{ subject: 'events.shop', streamName: 'EVENTS', credentials: { Token: nats.token }, streamId: 'shop' },
  answerMilliseconds: 300,
});
afterAll(async () => {
  await destination.close();
  way.close();
});
const { signal } = new AbortController();
const send = (id: string) => destination.send([{ id, key: 'k', arrivedAt: new Date(), body: '{}' }], signal);

it('a connection on which nothing is heard any more is left for another', async () => {
  expect(await send('1-1')).toEqual([]);
  near[0]?.write('HTTP/1.1 400 Bad Request\r\n\r\n');
  expect(await send('1-2')).toEqual([{ index: 0, reason: 'TimeoutError' }]);
  // Its answer was lost: the stream knows it by its id.
  expect(await send('1-2')).toEqual([]);
  expect(near).toHaveLength(2);
  await expect.poll(() => near[0]?.destroyed).toBe(true);
  expect(await nats.read('EVENTS')).toHaveLength(2);
});
