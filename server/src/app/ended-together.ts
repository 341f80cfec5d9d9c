/** Parts of the server that end at the same moment, so that none of them waits for what another one holds up. */
import type { Service } from '../kernel/service.ts';

/**
 * They start in their order, and hear that they are to end one after the other, without a pause between.
 * @param told called once all of them have heard it
 */
export function endedTogether(name: string, parts: readonly Service[], told: () => void): Service {
  const reversed = parts.toReversed();
  return {
    name,
    async run() {
      for (const part of parts) await part.run();
    },
    drain: () =>
      endAll(
        reversed.map((part) => part.drain()),
        told,
      ),
    stop: () => endAll(reversed.map((part) => part.stop())),
  };
}

/** @throws the first fault, once all have ended */
async function endAll(ending: readonly Promise<void>[], told?: () => void): Promise<void> {
  told?.();
  const outcomes = await Promise.allSettled(ending);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
