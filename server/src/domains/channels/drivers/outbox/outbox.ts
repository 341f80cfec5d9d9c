/**
 * Where messages stay that leave through nobody: stored for people to read, never leaving the machine. Concurrent
 * messages of all projects are written together (DESIGN decision 4).
 */
import { Coalescer, type Database } from '../../../../database/index.ts';
import { addressBucket, addressKey } from '../../../../kernel/address.ts';
import { bucketOf } from '../../../../kernel/bucket.ts';
import type { Clock } from '../../../../kernel/clock.ts';
import { ServiceError } from '../../../../kernel/errors.ts';
import type { Logger } from '../../../../kernel/logger.ts';
import type { Driver, DriverStorage, Outcome, StagedMessage } from '../../driver.ts';
import type { OutgoingMessage } from '../../message.ts';
import { notSent } from '../delivery/stop.ts';
import { insertingMessages, type NewMessage } from './store.ts';

const keepDays = 30;
const dayMilliseconds = 24 * 3600 * 1000;

/** Of the SMS simulator, US; it never reaches a carrier anywhere (dossier/messaging §9.1). The success number succeeds. */
const simulatedFailure = '+14254147167';

const refusedBySimulator: Outcome = {
  status: 'PERMANENT_FAILURE',
  statusCode: 400,
  statusMessage: 'The number simulates a failure',
};

interface OutboxOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #writes: Coalescer<NewMessage, void>;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#writes = new Coalescer({
      name: 'outbox writes',
      run: async (messages) => {
        for (const statement of insertingMessages(messages)) await statement.execute(options.database.keyedQuery);
        return messages.map(() => undefined);
      },
      maximumBatch: 500,
      maximumInFlight: 2,
      maximumWaiting: 20_000,
    });
  }

  get figures() {
    return this.#writes.figures;
  }

  driverOf(projectNumber: number): Driver {
    const storage: DriverStorage<NewMessage & StagedMessage> = {
      stage: (message) => ({ ...this.#toNew(projectNumber, message), outcome: outcomeOf(message) }),
      writing: insertingMessages,
    };
    return {
      storage,
      limits: { batch: 500, concurrency: 4 },
      deliver: async (messages, report, signal) => {
        const store = async (message: OutgoingMessage) =>
          report(message, signal.aborted ? notSent : await this.#store(projectNumber, message));
        await Promise.all(messages.map(store));
      },
      close: () => this.#writes.drain(),
    };
  }

  #toNew(projectNumber: number, message: OutgoingMessage): NewMessage {
    const createdAt = this.#options.clock.now();
    const expiresAt = new Date(createdAt.getTime() + keepDays * dayMilliseconds);
    const key = addressKey(message.address);
    const bucket = message.endpointId === undefined ? addressBucket(key) : bucketOf(message.endpointId);
    return { message, projectNumber, bucket, addressKey: key, createdAt, expiresAt };
  }

  async #store(projectNumber: number, message: OutgoingMessage): Promise<Outcome> {
    try {
      await this.#writes.submit(this.#toNew(projectNumber, message));
    } catch (error) {
      return this.#faultOf(error);
    }
    return outcomeOf(message);
  }

  #faultOf(error: unknown): Outcome {
    if (error instanceof ServiceError) {
      const { status: statusCode, message: statusMessage } = error;
      const isBusy = error.code === 'TooManyRequestsException';
      return { status: isBusy ? 'THROTTLED' : 'TEMPORARY_FAILURE', statusCode, statusMessage, providerIsDown: !isBusy };
    }
    this.#options.logger.error({ err: error }, 'a message could not be stored in the outbox');
    return { status: 'PERMANENT_FAILURE', statusCode: 500, statusMessage: 'The message could not be stored' };
  }
}

/** Of a message that is stored. */
function outcomeOf({ channelType, address, key }: OutgoingMessage): Outcome {
  if (channelType === 'SMS' && address === simulatedFailure) return refusedBySimulator;
  return { status: 'SUCCESSFUL', statusCode: 200, statusMessage: 'Stored in the outbox', messageId: key };
}
