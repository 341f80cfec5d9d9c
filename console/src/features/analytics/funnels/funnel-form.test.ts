/** Funnels: what the builder makes of them and reads back, and what it refuses before the server does. */
import { describe, expect, it } from 'vitest';
import type { Funnel, WriteFunnelRequest } from '../../../../../server/src/contract/repoint-types.ts';
import {
  duplicateStep,
  emptyFunnel,
  emptyStep,
  type FunnelForm,
  faultOf,
  faultOfSteps,
  fromFunnel,
  moveStep,
  toRequest,
} from './funnel-form.ts';

const stepOf = (eventType: string, name = '') => ({ ...emptyStep(), name, filter: { eventType, conditions: [] } });
const ready: FunnelForm = { ...emptyFunnel(), name: 'Buy', steps: [stepOf('view'), stepOf('pay', 'Paid')] };
const eventTypes = (steps: FunnelForm['steps']) => steps.map(({ filter }) => filter.eventType);

describe('a funnel', () => {
  it.each<WriteFunnelRequest>([
    toRequest(ready),
    {
      Name: 'Everything',
      Steps: [
        { Name: 'view', Filter: { EventType: 'view', Attributes: { sku: { Values: ['a'] } } } },
        { Name: 'Any', Filter: {} },
      ],
      ...{ WindowSeconds: 5400, CountBy: 'USER', BreakdownBy: 'source' },
      Filter: { EndpointAttributes: { plan: { Values: ['pro'] } } },
    },
  ])('is what it was after it was read back: $Name', (request) => {
    const stored = { Id: 'f', ApplicationId: 'a', CreationDate: '', LastModifiedDate: '', ...request } satisfies Funnel;
    expect(toRequest(fromFunnel(stored))).toEqual(request);
  });

  it('names steps by their events, and has a window in seconds', () => {
    const request = toRequest({ ...ready, window: '1.5', windowUnit: 'hours' });
    expect(request.Steps.map(({ Name }) => Name)).toEqual(['view', 'Paid']);
    expect(request.WindowSeconds).toBe(5400);
    expect(toRequest(ready)).not.toHaveProperty('WindowSeconds');
  });

  it('has its steps in any order, and some of them twice', () => {
    expect(eventTypes(moveStep(ready.steps, 1, -1))).toEqual(['pay', 'view']);
    expect(moveStep(ready.steps, 0, -1)).toBe(ready.steps);
    const twice = duplicateStep(ready.steps, 0);
    expect(eventTypes(twice)).toEqual(['view', 'view', 'pay']);
    expect(new Set(twice.map(({ key }) => key)).size).toBe(3);
  });

  it.each<[Partial<FunnelForm>, string | undefined]>([
    [{}, undefined],
    [{ name: ' ' }, 'Name the funnel.'],
    [{ name: 'x'.repeat(101) }, 'The name has at most 100 characters.'],
    [{ steps: [stepOf('view')] }, 'A funnel has 2 to 10 steps.'],
    [{ steps: [stepOf('view'), stepOf('')] }, 'Choose an event for step 2, or name it.'],
    [{ window: 'soon' }, 'The time to get through is a number.'],
    [{ window: '0' }, 'The time to get through is a number.'],
  ])('says what is missing: %o', (change, fault) => {
    expect(faultOf({ ...ready, ...change })).toBe(fault);
  });

  it('can be tried before it has a name', () => {
    expect(faultOfSteps({ ...ready, name: '' })).toBeUndefined();
    expect(toRequest({ ...ready, name: '' }).Name).toBe('Funnel');
  });
});
