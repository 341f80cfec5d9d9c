/** What is written in one turn arrives as one piece, in its order, and later writes are not held back. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { GatheringSocket } from './gathering-socket.ts';

test('writes of one turn, and of what goes on without waiting, leave together', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = new GatheringSocket();
  socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [peer] = (await once(server, 'connection')) as [Socket];
  await once(socket, 'connect');
  const written: string[] = [];
  socket.write('start ', () => written.push('start'));
  socket.write(Buffer.from('statement '));
  await Promise.resolve();
  socket.write('commit', 'utf8', () => written.push('commit'));
  expect(socket.writableCorked).toBe(1);
  const [first] = await once(peer, 'data');
  expect(String(first)).toBe('start statement commit');
  expect(written).toEqual(['start', 'commit']);
  expect(socket.writableCorked).toBe(0);
  socket.write('next');
  expect(String((await once(peer, 'data'))[0])).toBe('next');
  socket.destroy();
  server.close();
});
