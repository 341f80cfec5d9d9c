/** The other side of the SMPP workload, in a process of its own: binds whoever comes and accepts every message at once. */
import type { AddressInfo } from 'node:net';
import smpp, { type PDU } from 'smpp';

let messages = 0;
const server = smpp.createServer({}, (session) => {
  session.on('error', () => session.destroy());
  for (const command of ['bind_transceiver', 'enquire_link', 'unbind']) {
    session.on(command, (pdu: PDU) => session.send(pdu.response()));
  }
  session.on('submit_sm', (pdu: PDU) => {
    messages += 1;
    session.send(pdu.response({ message_id: String(messages) }));
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
