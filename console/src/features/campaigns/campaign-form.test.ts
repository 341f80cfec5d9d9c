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

  it.each([
    [{ name: ' ' }, 'Name the campaign.'],
    [{ segmentId: '' }, 'Choose a segment.'],
    [{ treatments: emptyCampaign.treatments }, 'Choose a template for each message.'],
    [{ when: 'ONCE' as const }, 'Say when it begins.'],
    [{}, undefined],
  ])('says what is missing: %o', (change, fault) => {
    expect(faultOf({ ...ready, ...change })).toBe(fault);
  });
});
