import { describe, expect, it } from 'vitest';
import { checkSettings, toSettingsResource } from './settings-rules.ts';

const project = {
  number: 1,
  accountId: '111122223333',
  region: 'eu-central-1',
  id: 'a'.repeat(32),
  name: 'shop',
  createdAt: new Date('2026-03-01T09:00:00.000Z'),
  tags: {},
};

describe('checkSettings (dossier/audience §6)', () => {
  it('accepts zeros and empty texts as "not set", as Terraform sends them', () => {
    expect(() =>
      checkSettings({
        Limits: { Daily: 3, Total: 0, MessagesPerSecond: 0, MaximumDuration: 0, Session: 0 },
        QuietTime: { Start: '', End: '' },
        CampaignHook: { WebUrl: '', LambdaFunctionName: '' },
        JourneyLimits: { DailyCap: 0, TotalCap: 0, TimeframeCap: { Cap: 0, Days: 0 } },
      }),
    ).not.toThrow();
  });

  it.each([
    [{ Limits: { Daily: 101 } }, 'Limits.Daily'],
    [{ Limits: { Total: -1 } }, 'Limits.Total'],
    [{ Limits: { MessagesPerSecond: 20_001 } }, 'Limits.MessagesPerSecond'],
    [{ Limits: { MaximumDuration: 59 } }, 'Limits.MaximumDuration'],
    [{ JourneyLimits: { DailyCap: 101 } }, 'JourneyLimits.DailyCap'],
    [{ JourneyLimits: { TimeframeCap: { Days: 31 } } }, 'JourneyLimits.TimeframeCap.Days'],
    [{ QuietTime: { Start: '24:00' } }, 'QuietTime.Start'],
    [{ QuietTime: { End: '7:00' } }, 'QuietTime.End'],
    [{ CampaignHook: { WebUrl: 'http://example.com' } }, 'CampaignHook.WebUrl'],
    [{ CampaignHook: { WebUrl: 'nonsense' } }, 'CampaignHook.WebUrl'],
  ])('refuses %j and names the member', (settings, member) => {
    expect(() => checkSettings(settings)).toThrow(member);
  });
});

describe('toSettingsResource', () => {
  it('always has the four blocks, and the creation time when nothing was written', () => {
    expect(toSettingsResource(project, undefined)).toEqual({
      ApplicationId: project.id,
      CampaignHook: {},
      JourneyLimits: {},
      Limits: {},
      QuietTime: {},
      LastModifiedDate: '2026-03-01T09:00:00.000Z',
    });
  });
});
