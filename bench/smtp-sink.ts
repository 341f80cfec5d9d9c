/** The mail server of `email.ts`: a process of its own that swallows what it gets. Prints its port. */
import { openSink } from '../server/tests/support/smtp-sink.ts';

const sink = await openSink({ extensions: ['PIPELINING', '8BITMIME', 'SIZE 20000000'], keep: false });
process.stdout.write(`${sink.port}\n`);
process.once('SIGTERM', () => void sink.close());
