/** A provider for tests of the pipeline: it answers what the test says, when the test says. */
import type { Driver, Outcome } from '../../src/domains/channels/driver.ts';
import type { OpenProvider } from '../../src/domains/channels/index.ts';
import type { OutgoingMessage } from '../../src/domains/channels/message.ts';

export interface ScriptedProvider extends OpenProvider {
  /** In the order in which they were handed over. */
  readonly handed: OutgoingMessage[];
}

export const accepted: Outcome = { status: 'SUCCESSFUL', statusCode: 200, statusMessage: 'ok', messageId: 'p-1' };

export function scriptedProvider(
  key: string,
  answer: (message: OutgoingMessage) => Outcome | Promise<Outcome> = () => accepted,
  limits: Driver['limits'] = { batch: 10, concurrency: 1 },
): ScriptedProvider {
  const handed: OutgoingMessage[] = [];
  const driver: Driver = {
    limits,
    async deliver(messages, report) {
      handed.push(...messages);
      for (const message of messages) report(message, await answer(message));
    },
    async close() {},
  };
  return { key, kind: 'TEST', driver, channel: { enabled: true }, handed };
}
