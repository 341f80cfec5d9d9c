/** The one double of the port `Driver`: a kind of provider that notes what it was opened with and what it was given. */
import type { ChannelType } from '../../src/domains/channels/channel-types.ts';
import { CallbackRefused, type DriverKind, type DriverParts } from '../../src/domains/channels/driver.ts';
import type { OutgoingMessage } from '../../src/domains/channels/message.ts';
import { badRequest } from '../../src/kernel/errors.ts';

type Settings = Readonly<Record<string, unknown>>;

export interface OpenedDriver {
  readonly settings: Settings;
  readonly parts: DriverParts;
  readonly delivered: OutgoingMessage[];
  closed: boolean;
}

export interface RecordingKind extends DriverKind<Settings> {
  readonly opened: OpenedDriver[];
  /** What is delivered from now on has its answer only when the function is called that this returns. */
  hold(): () => void;
}

/** Its only secret is `Secret`; it refuses settings without `Account`, unless it is a native service. */
export function recordingKind(
  kind: string,
  channelTypes: readonly ChannelType[],
  { native = false, callbacks = false, listens = false } = {},
): RecordingKind {
  const opened: OpenedDriver[] = [];
  let gate: Promise<void> | undefined;
  return {
    ...{ kind, channelTypes, opened, ...(listens && { listens }) },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    readSettings(given) {
      if (!native && typeof given['Account'] !== 'string') throw badRequest('Account must be given');
      return { ...given };
    },
    show: ({ Secret: _secret, ...shown }) => shown,
    open(settings, parts) {
      const driver: OpenedDriver = { settings, parts, delivered: [], closed: false };
      opened.push(driver);
      return {
        limits: { batch: 10, concurrency: 1 },
        async deliver(messages, report) {
          if (driver.closed) throw new Error('The driver is closed.');
          await gate;
          for (const message of messages) {
            driver.delivered.push(message);
            report(message, { status: 'SUCCESSFUL', statusCode: 200, statusMessage: 'noted', messageId: message.key });
          }
        },
        async close() {
          driver.closed = true;
        },
      };
    },
    ...(callbacks && {
      async readCallback(
        settings: Settings,
        { headers, body }: { headers: Readonly<Record<string, string>>; body: Buffer },
      ) {
        if (headers['x-signature'] !== settings['Secret']) throw new CallbackRefused();
        const receipt = {
          type: 'receipt',
          channel: 'SMS',
          delivered: true,
          final: true,
          recordStatus: 'DELIVERED',
        } as const;
        return { status: 200, news: [{ ...receipt, messageId: body.toString(), at: new Date(0) }] };
      },
    }),
  };
}
