/** Which events tell something new of an endpoint that was counted a moment ago. */
import { expect, test } from 'vitest';
import { appEvent, type NewEvent } from '../../events/index.ts';
import { type CountedEndpoint, CountedLately } from './counted-lately.ts';
import { foldEvents } from './fold.ts';

const noon = Date.UTC(2026, 10, 24, 12);
const day = 24 * 3600 * 1000;

function happened({
  type = 'view',
  at = noon,
  generation = 5,
  requestId = 'r1',
}: {
  readonly type?: string;
  readonly at?: number;
  readonly generation?: number;
  readonly requestId?: string;
} = {}): NewEvent {
  const [occurredAt, arrivedAt] = [new Date(at), new Date(at)];
  return appEvent(
    { number: 7, accountId: '123456789012', id: 'app' },
    {
      ...{ endpointId: 'Ana', generation, occurredAt, arrivedAt },
      endpoint: { ChannelType: 'EMAIL', RequestId: requestId, User: { UserId: 'u' } },
      event: { EventType: type, Timestamp: occurredAt.toISOString() },
    },
  );
}

/** What a second event has to mark, after the first was committed or not. */
function second(
  event: NewEvent,
  { first = happened(), isCommitted = true }: { readonly first?: NewEvent; readonly isCommitted?: boolean } = {},
) {
  const lately = new CountedLately();
  const before = foldEvents([first], lately);
  expect(before.tally.marks.size).toBe(2);
  if (isCommitted) lately.keep(before.counted);
  const { marks, carriers, counters } = foldEvents([event], lately).tally;
  expect([...counters.values()].some(({ metric, value }) => metric === 'event' && value === 1)).toBe(true);
  return { marks: marks.size, carriers: carriers.size };
}

const nothing = { marks: 0, carriers: 0 };
const all = { marks: 2, carriers: 1 };

test('the same once more marks nothing, and counts', () => {
  expect(second(happened({ at: noon + 1_000 }))).toEqual(nothing);
});

test('what was not committed is marked again', () => {
  expect(second(happened(), { isCommitted: false })).toEqual(all);
});

test('another day, type, state or life of the endpoint is looked up', () => {
  expect(second(happened({ at: noon + day }))).toEqual(all);
  expect(second(happened({ type: 'buy' }))).toEqual(all);
  expect(second(happened({ requestId: 'r2' }))).toEqual(all);
  expect(second(happened({ generation: 6 }))).toEqual(all);
});

test('a purchase is looked up each time, and an endpoint of unknown life is not remembered', () => {
  const type = '_monetization.purchase';
  expect(second(happened({ type }), { first: happened() })).toEqual({ marks: 4, carriers: 1 });
  expect(second(happened({ generation: 0 }), { first: happened({ generation: 0 }) })).toEqual(all);
});

test('types of one state add up, those of another are forgotten', () => {
  const lately = new CountedLately();
  const marks = (event: NewEvent) => {
    const { tally, counted } = foldEvents([event], lately);
    lately.keep(counted);
    return tally.marks.size;
  };
  expect(['view', 'buy', 'view', 'buy'].map((type) => marks(happened({ type })))).toEqual([2, 2, 0, 0]);
  expect(marks(happened({ requestId: 'r2' }))).toBe(2);
  expect(marks(happened({ type: 'buy', requestId: 'r2' }))).toBe(2);
});

test('its size is bounded by the documents, and by the types of each endpoint', () => {
  const lately = new CountedLately();
  const counted = (text: string, types: readonly string[]): CountedEndpoint => ({
    context: { text, channelType: '', country: undefined, zone: 'UTC', userId: undefined },
    ...{ generation: 1, day: 1, types: new Set(types) },
  });
  const many = Array.from({ length: 60 }, (_, index) => `type-${index}`);
  for (const type of many) lately.keep(new Map([['7 ana', counted('x', [type])]]));
  expect(lately.get('7 ana')?.types.size).toBeLessThanOrEqual(50);
  for (let index = 0; index < 40; index += 1) lately.keep(new Map([[`7 ${index}`, counted('x'.repeat(1e6), [])]]));
  expect(lately.get('7 0')).toBeUndefined();
  expect(lately.get('7 39')).toBeDefined();
});
