/** Faults that nobody expected: they end the process, and say what they are without the values in them. */
import { createLogger } from '../kernel/logger.ts';

/**
 * Node would print the fault as an object with everything that hangs on it: a URL with its password, a row, a client.
 * Told instead is what may stand in a log.
 */
export function tellUnexpectedFaults(): void {
  const logger = createLogger('fatal');
  process.on('uncaughtException', (fault) => {
    logger.fatal({ err: fault }, 'an unexpected fault ends the process');
    process.exit(1);
  });
}
