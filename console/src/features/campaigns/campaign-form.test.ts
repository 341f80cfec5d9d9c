/** A campaign as a request: shares that add up, a schedule, and what is missing said. */
import { describe, expect, it } from 'vitest';
import { emptyCampaign, faultOf, shareOfFirst, toRequest } from './campaign-form.ts';

const ready = {
  ...{ ...emptyCampaign, name: ' Spring ', segmentId: 's' },
  treatments: [
    { key: '0', name: 'A', template: 'plain', percent: 0 },
    { key: '1', name: 'B', template: 'loud', percent: 30 },
  ],
};

describe('a campaign', () => {
  it('gives the first message what holdout and the others leave', () => {
    expect(shareOfFirst({ ...ready, holdout: 10 })).toBe(60);
    expect(faultOf({ ...ready, holdout: 70 })).toContain('leave nothing');
  });

  it('becomes a request with its treatments', () => {
    expect(toRequest(ready)).toEqual({
      ...{ Name: 'Spring', SegmentId: 's', HoldoutPercent: 0, TreatmentName: 'A' },
      TemplateConfiguration: { EmailTemplate: { Name: 'plain' } },
      Schedule: { StartTime: 'IMMEDIATE', Frequency: 'ONCE' },
      AdditionalTreatments: [
        {
          ...{ SizePercent: 30, TreatmentName: 'B', TemplateConfiguration: { EmailTemplate: { Name: 'loud' } } },
        },
      ],
    });
  });

  it('by local time begins at that hour wherever somebody is', () => {
    const form = { ...ready, when: 'DAILY' as const, date: '2026-12-01', time: '09:00', localTime: true };
    expect(toRequest(form).Schedule).toEqual({
      ...{ StartTime: '2026-12-01T09:00:00Z', Frequency: 'DAILY', IsLocalTime: true },
    });
  });

  it('that waits for events has their filter, a window and limits', () => {
    const waiting = {
      ...{ ...ready, treatments: ready.treatments.slice(0, 1), when: 'EVENT' as const, limits: { Daily: '1' } },
      ...{ event: { ...emptyCampaign.event, types: ['cart.left'] }, endDate: '2026-12-24', endTime: '18:00' },
    };
    const EventFilter = {
      FilterType: 'ENDPOINT',
      Dimensions: { EventType: { DimensionType: 'INCLUSIVE', Values: ['cart.left'] } },
    };
    const EndTime = new Date('2026-12-24T18:00:00').toISOString();
    expect(faultOf(waiting)).toBeUndefined();
    expect(toRequest(waiting)).toEqual({
      ...{ Name: 'Spring', SegmentId: 's', HoldoutPercent: 0, Limits: { Daily: 1 } },
      TemplateConfiguration: { EmailTemplate: { Name: 'plain' } },
      Schedule: { StartTime: 'IMMEDIATE', EndTime, Frequency: 'EVENT', EventFilter },
    });
    expect(toRequest({ ...waiting, channel: 'INAPP', priority: '2' })).toMatchObject({
      ...{ Priority: 2, TemplateConfiguration: { InAppTemplate: { Name: 'plain' } } },
      Schedule: { Frequency: 'IN_APP_EVENT', EventFilter },
    });
  });

  it('that comes again may have an end; one that is sent once has none', () => {
    const form = { ...ready, date: '2026-12-01', endDate: '2026-12-31', localTime: true };
    expect(toRequest({ ...form, when: 'WEEKLY' }).Schedule?.EndTime).toBe('2026-12-31T23:59:00Z');
    expect(toRequest({ ...form, when: 'ONCE' }).Schedule?.EndTime).toBeUndefined();
  });

  it('has quiet hours of its own, or those of the project; what apps fetch has none', () => {
    const quiet = { ...ready, quietStart: '22:00', quietEnd: '07:30' };
    expect(toRequest(quiet).Schedule).toEqual({
      ...{ StartTime: 'IMMEDIATE', Frequency: 'ONCE', QuietTime: { Start: '22:00', End: '07:30' } },
    });
    const waiting = { when: 'EVENT' as const, event: { ...emptyCampaign.event, types: ['x'] }, endDate: '2026-12-24' };
    expect(toRequest({ ...quiet, ...waiting }).Schedule?.QuietTime).toEqual({ Start: '22:00', End: '07:30' });
    expect(toRequest({ ...quiet, ...waiting, channel: 'INAPP' }).Schedule?.QuietTime).toBeUndefined();
    expect(toRequest(ready).Schedule).not.toHaveProperty('QuietTime');
  });

  it.each([
    [{ quietStart: '22:00' }, 'Quiet time has a start and an end.'],
    [{ quietStart: '22:00', quietEnd: '07:' }, 'Quiet time has a start and an end.'],
    [{ quietStart: '22:00', quietEnd: '22:00' }, 'Quiet time must end at another time than it starts.'],
    [{ quietStart: '22:00', quietEnd: '07:30' }, undefined],
    [{ when: 'EVENT' as const }, 'Say which event it waits for.'],
    [{ channel: 'INAPP' as const }, 'Say which event it waits for.'],
    [{ when: 'EVENT' as const, event: { ...emptyCampaign.event, types: ['x'] } }, 'Say until when it waits.'],
    [{ when: 'DAILY' as const, date: '2026-12-02', endDate: '2026-12-01' }, 'It must end after it begins.'],
    [{ limits: { Daily: '101' } }, 'Messages to one endpoint in a day: A whole number from 0 to 100.'],
    [{ name: ' ' }, 'Name the campaign.'],
    [{ segmentId: '' }, 'Choose a segment.'],
    [{ treatments: emptyCampaign.treatments }, 'Choose a template for each message.'],
    [{ when: 'ONCE' as const }, 'Say when it begins.'],
    [{}, undefined],
  ])('says what is missing: %o', (change, fault) => {
    expect(faultOf({ ...ready, ...change })).toBe(fault);
  });
});
