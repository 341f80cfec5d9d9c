/** Requests fit their destination, and each key keeps its order, whatever is refused. */
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type DeliveryStep, deliver, nextRequest } from './deliver.ts';
import { DestinationFault, type EventDestination, type Refusal, type StreamRecord } from './destination.ts';

const signal = new AbortController().signal;
const record = (key: string, number: number, bytes = 10): StreamRecord => ({
  ...{ id: `${number}`, key, arrivedAt: new Date(0), body: 'x'.repeat(bytes) },
});

function destinationOf(
  send: (records: readonly StreamRecord[]) => readonly Refusal[],
  takesWhole = false,
): EventDestination {
  return {
    ...{ limits: { records: 5, bytes: 100, recordBytes: 50 }, takesWhole, gatherMilliseconds: 0 },
    send: async (records) => send(records),
    close: async () => {},
  };
}

async function deliverAll(destination: EventDestination, records: readonly StreamRecord[]) {
  const steps: DeliveryStep[] = [];
  const outcome = await deliver(destination, records, signal, async (step) => void steps.push(step));
  return { outcome, steps, ids: steps.flatMap(({ delivered }) => delivered) };
}

describe('a request', () => {
  it('has one record a key, unless it is taken whole', () => {
    const records = [record('a', 1), record('a', 2), record('b', 3), record('a', 4)];
    const each = nextRequest(
      destinationOf(() => []),
      records,
    );
    expect(each.request.map(({ id }) => id)).toEqual(['1', '3']);
    expect(each.rest.map(({ id }) => id)).toEqual(['2', '4']);
    const whole = nextRequest(
      destinationOf(() => [], true),
      records,
    );
    expect(whole.request.map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
  });

  it('fits, by number and by bytes', () => {
    const many = Array.from({ length: 9 }, (_, number) => record(`key-${number}`, number));
    expect(
      nextRequest(
        destinationOf(() => []),
        many,
      ).request,
    ).toHaveLength(5);
    const large = Array.from({ length: 9 }, (_, number) => record('k', number, 40));
    expect(
      nextRequest(
        destinationOf(() => [], true),
        large,
      ).request,
    ).toHaveLength(2);
  });
});

describe('a delivery', () => {
  it('names what can never be taken, and goes on', async () => {
    const { ids, steps } = await deliverAll(
      destinationOf(() => []),
      [record('a', 1, 60), record('a', 2)],
    );
    expect(ids).toEqual(['2']);
    expect(steps.flatMap(({ tooLarge }) => tooLarge)).toEqual(['1']);
    expect(steps.at(-1)?.fault).toBeNull();
  });

  it('ends with a fault of the destination, and throws any other', async () => {
    const faulty = destinationOf(() => {
      throw new DestinationFault('HTTP 503');
    });
    expect((await deliverAll(faulty, [record('a', 1)])).outcome).toEqual({ delivered: 0, fault: 'HTTP 503' });
    const broken = destinationOf(() => {
      throw new Error('ours');
    });
    await expect(deliverAll(broken, [record('a', 1)])).rejects.toThrow('ours');
  });

  it('repeated until all has arrived keeps the order of each key', async () => {
    const keys = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(keys, fc.infiniteStream(fc.integer({ min: 0, max: 3 })), async (given, luck) => {
        let waiting: readonly StreamRecord[] = given.map((key, number) => record(key, number));
        const arrived: StreamRecord[] = [];
        const destination = destinationOf((records) => {
          expect(records.length).toBeLessThanOrEqual(5);
          const refused = records.map(() => luck.next().value === 0);
          arrived.push(...records.filter((_record, index) => !refused[index]));
          return refused.flatMap((isRefused, index) => (isRefused ? [{ index, reason: 'busy' }] : []));
        });
        while (waiting.length > 0) {
          const { ids } = await deliverAll(destination, waiting);
          waiting = waiting.filter(({ id }) => !ids.includes(id));
        }
        expect(arrived).toHaveLength(given.length);
        for (const key of ['a', 'b', 'c']) {
          const numbers = arrived.filter((each) => each.key === key).map(({ id }) => Number(id));
          expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
        }
      }),
    );
  });
});

describe('a stop', () => {
  afterEach(() => void vi.useRealTimers());

  /** Records of one key leave one by one. @param answer of the third */
  function begin(answer: (signal: AbortSignal) => Promise<void>) {
    const stopping = new AbortController();
    const steps: DeliveryStep[] = [];
    let requests = 0;
    const destination: EventDestination = {
      ...destinationOf(() => []),
      async send(_records, signal) {
        requests += 1;
        if (requests !== 3) return [];
        stopping.abort(new Error('stop'));
        await answer(signal);
        return [];
      },
    };
    const records = Array.from({ length: 9 }, (_, number) => record('a', number));
    const delivering = deliver(destination, records, stopping.signal, async (step) => void steps.push(step));
    return { delivering, arrived: () => steps.flatMap(({ delivered }) => delivered) };
  }

  it('waits for the answer to what has left, notes what has arrived, and begins nothing more', async () => {
    const { delivering, arrived } = begin(async (signal) => {
      await new Promise((answered) => setTimeout(answered, 50));
      signal.throwIfAborted();
    });
    expect(await delivering).toEqual({ delivered: 3, fault: null });
    expect(arrived()).toEqual(['0', '1', '2']);
  });

  it('does not wait for ever, and what has arrived is noted all the same', async () => {
    vi.useFakeTimers();
    const { delivering, arrived } = begin(
      (signal) => new Promise((_answered, fail) => signal.addEventListener('abort', () => fail(signal.reason))),
    );
    const outcome = expect(delivering).rejects.toThrow('stop');
    await vi.advanceTimersByTimeAsync(5_000);
    await outcome;
    expect(arrived()).toEqual(['0', '1']);
  });
});
