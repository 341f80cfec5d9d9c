/** Requests and their answers, item by item. */
import { describe, expect, it } from 'vitest';
import { badRequest, tooManyRequests, unavailable } from '../../../kernel/errors.ts';
import { answerBatch, answerRefused, type Batches, type ReadBatch, readBatches } from './batch.ts';

const event = { EventType: 'x', Timestamp: '2026-11-24T09:15:02Z' };
const readOne = (batch: Batches[string]) => readBatches({ ana: batch })[0] as ReadBatch;
const accepted = { StatusCode: 202, Message: 'Accepted' };

describe('a batch', () => {
  it('says nothing of its endpoint when that is empty, and something when it is not', () => {
    expect(readOne({ Endpoint: {}, Events: {} }).change).toBeUndefined();
    // Members that no shape knows are no more than nothing.
    expect(readOne({ Endpoint: { Colour: 'green' }, Events: {} }).change).toBeUndefined();
    expect(readOne({ Endpoint: { OptOut: 'ALL' }, Events: {} }).change).toMatchObject({ optOut: 'ALL' });
    expect(readOne({ Endpoint: { OptOut: 'SOME' }, Events: {} }).change).toMatchObject({ status: 400 });
    expect(readOne({ Events: {} }).change).toMatchObject({ message: 'Endpoint is required' });
  });

  it('answers for the endpoint and for every event', () => {
    const batch = readOne({ Endpoint: {}, Events: { good: event, bad: {} } });
    const events = { good: accepted, bad: { StatusCode: 400, Message: 'EventType is required' } };
    expect(answerBatch(batch, 'written')).toEqual({ EndpointItemResponse: accepted, EventsItemResponse: events });
    expect(answerBatch(batch, 'deleted')).toEqual({ EndpointItemResponse: accepted, EventsItemResponse: events });
    expect(answerBatch(batch, badRequest('no room'))).toEqual({
      EndpointItemResponse: { StatusCode: 400, Message: 'no room' },
      EventsItemResponse: events,
    });
  });

  it('of which nothing was taken says what apps send again for: 429 and 500', () => {
    const batch = readOne({ Endpoint: {}, Events: { good: event } });
    for (const [fault, code] of [
      [tooManyRequests('later'), 429],
      [unavailable('away'), 500],
    ] as const) {
      const item = { StatusCode: code, Message: fault.message };
      expect(answerRefused(batch, fault)).toEqual({ EndpointItemResponse: item, EventsItemResponse: { good: item } });
    }
  });
});
