/** What a definition must say and must not. Numbers in brackets are the cases of dossier/messaging §18. */
import { describe, expect, it } from 'vitest';
import type { Schedule, WriteCampaignRequest } from '../../../contract/pinpoint-types.ts';
import { checkDefinition } from './check.ts';
import { mergeRequest } from './merge.ts';

const now = new Date('2026-11-02T12:00:00Z');
const start = '2026-12-01T09:00:00Z';
const end = '2026-12-31T09:00:00Z';

const EventFilter: Schedule['EventFilter'] = {
  FilterType: 'ENDPOINT',
  Dimensions: { EventType: { DimensionType: 'INCLUSIVE', Values: ['purchase'] } },
};
const email: WriteCampaignRequest = { MessageConfiguration: { EmailMessage: { Title: 't', Body: 'b' } } };
const inAppContent = [
  {
    BackgroundColor: '#FFFFFF',
    HeaderConfig: { Header: 'h', TextColor: '#000000', Alignment: 'CENTER' as const },
    BodyConfig: { Body: 'b', TextColor: '#000000', Alignment: 'LEFT' as const },
  },
];
const inApp: WriteCampaignRequest = { MessageConfiguration: { InAppMessage: { Content: inAppContent } } };

function check(request: WriteCampaignRequest): void {
  const whole = { Name: 'n', SegmentId: 's', Schedule: { StartTime: start }, ...email, ...request };
  checkDefinition(mergeRequest(whole), { now });
}
const scheduled = (schedule: Partial<Schedule>, request: WriteCampaignRequest = {}) =>
  check({ ...request, Schedule: { StartTime: start, ...schedule } });
const message = (MessageConfiguration: WriteCampaignRequest['MessageConfiguration'], more = {}) =>
  check({ MessageConfiguration, ...more });

describe('a schedule', () => {
  it.each<Partial<Schedule>>([
    { StartTime: 'IMMEDIATE' },
    { StartTime: '2026-12-01' },
    { StartTime: '2026-12-01T10:00:00+02:00' },
    // Within the five minutes that clocks may differ.
    { StartTime: '2026-11-02T11:55:01Z' },
    { Frequency: 'DAILY' },
    { Frequency: 'MONTHLY', EndTime: end },
    { IsLocalTime: true },
    { IsLocalTime: true, Timezone: 'UTC+05:45' },
    // It means nothing there.
    { IsLocalTime: false, Timezone: 'UTC-01' },
    { Timezone: 'Europe/Berlin' },
    { QuietTime: { Start: '21:00', End: '07:00' } },
    { QuietTime: { Start: '', End: '' } },
    { EventFilter },
  ])('may be %j', (schedule) => expect(() => scheduled(schedule)).not.toThrow());

  it.each<[Partial<Schedule>, string]>([
    [{ StartTime: 'soon' }, 'Schedule.StartTime must'],
    [{ StartTime: 'immediate' }, 'Schedule.StartTime must'],
    [{ StartTime: '2026-11-02T11:54:00Z' }, 'Schedule.StartTime lies in the past'],
    [{ EndTime: 'never' }, 'Schedule.EndTime must'],
    [{ EndTime: start }, 'Schedule.EndTime must be later'],
    [{ EndTime: '2026-11-30T09:00:00Z' }, 'Schedule.EndTime must be later'],
    [{ StartTime: 'IMMEDIATE', EndTime: '2026-11-02T12:00:00Z' }, 'Schedule.EndTime must be later'],
    [{ StartTime: '2026-11-02T11:56:00Z', EndTime: '2026-11-02T11:59:00Z' }, 'Schedule.EndTime lies in the past'],
    [{ IsLocalTime: true, Timezone: 'UTC-01' }, 'Schedule.Timezone'],
    [{ IsLocalTime: true, Timezone: 'UTC+12:45' }, 'Schedule.Timezone'],
    [{ IsLocalTime: true, Timezone: 'Europe/Berlin' }, 'Schedule.Timezone'],
    [{ QuietTime: { Start: '21:00' } }, 'Schedule.QuietTime must have both'],
    [{ QuietTime: { Start: '', End: '07:00' } }, 'Schedule.QuietTime must have both'],
    [{ QuietTime: { Start: '9:00', End: '10:00' } }, 'Schedule.QuietTime.Start'],
    [{ QuietTime: { Start: '09:00', End: '24:00' } }, 'Schedule.QuietTime.End'],
  ])('must not be %j', (schedule, place) => expect(() => scheduled(schedule)).toThrow(place));

  it.each(['EVENT', 'IN_APP_EVENT'] as const)('of %s has an end and a filter', (Frequency) => {
    const said = Frequency === 'EVENT' ? email : inApp;
    const window = { Frequency, EndTime: end, EventFilter };
    const filtered = (Dimensions: NonNullable<Schedule['EventFilter']>['Dimensions']) => () =>
      scheduled({ ...window, EventFilter: { FilterType: 'ENDPOINT', Dimensions } }, said);
    const EventType = { Values: ['a'] };
    expect(() => scheduled(window, said)).not.toThrow();
    expect(() => scheduled({ ...window, StartTime: 'IMMEDIATE' }, said)).not.toThrow();
    expect(() => scheduled({ Frequency, EventFilter }, said)).toThrow('Schedule.EndTime is required');
    expect(() => scheduled({ Frequency, EndTime: end }, said)).toThrow('Schedule.EventFilter is required');
    expect(filtered({})).toThrow('EventType is required');
    expect(filtered({ EventType: { Values: [] } })).toThrow('EventType is required');
    expect(filtered({ EventType, Metrics: { m: { ComparisonOperator: 'NOT_EQUAL', Value: 1 } } })).toThrow(
      'ComparisonOperator',
    );
    expect(filtered({ EventType, Attributes: { a: { AttributeType: 'BEFORE', Values: ['soon'] } } })).toThrow('BEFORE');
    const Values = Array.from({ length: 101 }, (_, index) => String(index));
    expect(filtered({ EventType, Attributes: { a: { Values } } })).toThrow('An event filter');
  });
});

describe('limits, hook and priority', () => {
  it.each<WriteCampaignRequest>([
    { Limits: { Daily: 0, Total: 0, Session: 0 } },
    { Limits: { Daily: 100, Total: 100, MessagesPerSecond: 20_000, MaximumDuration: 60 } },
    { Hook: { LambdaFunctionName: 'arn:aws:lambda:us-east-1:123456789012:function:filter', Mode: 'FILTER' } },
    { Hook: { WebUrl: 'https://example.com/hook?a=b' } },
    { Hook: { LambdaFunctionName: '', WebUrl: '' } },
    { Priority: 1 },
    { Priority: 5 },
  ])('may be %j', (request) => expect(() => check(request)).not.toThrow());

  it.each<[WriteCampaignRequest, string]>([
    [{ Limits: { Daily: 101 } }, 'Limits.Daily must be from 0 to 100'],
    [{ Limits: { Total: -1 } }, 'Limits.Total'],
    [{ Limits: { Session: -1 } }, 'Limits.Session must be at least 0'],
    // [21]
    [{ Limits: { MessagesPerSecond: 0 } }, 'Limits.MessagesPerSecond must be from 1 to 20000'],
    [{ Limits: { MessagesPerSecond: 20_001 } }, 'Limits.MessagesPerSecond'],
    // [22]
    [{ Limits: { MaximumDuration: 59 } }, 'Limits.MaximumDuration must be at least 60'],
    [{ Hook: { LambdaFunctionName: 'f', WebUrl: 'https://example.com' } }, 'Hook has either'],
    [{ Hook: { LambdaFunctionName: 'not a function' } }, 'Hook.LambdaFunctionName'],
    [{ Hook: { WebUrl: 'http://example.com' } }, 'Hook.WebUrl'],
    [{ Hook: { LambdaFunctionName: 'f', Mode: 'DELIVERY' } }, 'Hook.Mode'],
    [{ Priority: 0 }, 'Priority'],
    [{ Priority: 6 }, 'Priority'],
  ])('must not be %j', (request, place) => expect(() => check(request)).toThrow(place));
});

describe('treatments', () => {
  const split = (HoldoutPercent: number | undefined, ...sizes: number[]): WriteCampaignRequest => ({
    ...(HoldoutPercent !== undefined && { HoldoutPercent }),
    AdditionalTreatments: sizes.map((SizePercent) => ({ SizePercent })),
  });

  it.each([split(100), split(10, 40), split(0, 25, 25, 25, 25), split(undefined, 0, 100)])(
    'may share out %j',
    (request) => expect(() => check(request)).not.toThrow(),
  );

  it.each<[WriteCampaignRequest, string]>([
    [split(101), 'HoldoutPercent'],
    [split(-1), 'HoldoutPercent'],
    // [27]
    [split(60, 50), 'HoldoutPercent and the SizePercent'],
    [split(0, 101), 'AdditionalTreatments[0].SizePercent'],
    [split(0, 10, -1), 'AdditionalTreatments[1].SizePercent'],
    [split(0, 50, 51), 'at most 100 together'],
    // [28]
    [split(0, 1, 1, 1, 1, 1), 'AdditionalTreatments may have at most 4'],
  ])('must not share out %j', (request, place) => expect(() => check(request)).toThrow(place));

  it('are checked where they stand, each with what it inherits', () => {
    const treatment = (other: object) => () => check({ AdditionalTreatments: [{ SizePercent: 10, ...other }] });
    expect(treatment({ Schedule: { StartTime: start, Frequency: 'DAILY' } })).not.toThrow();
    expect(treatment({ Schedule: { StartTime: 'x' } })).toThrow('AdditionalTreatments[0].Schedule.StartTime');
    expect(treatment({ Schedule: { StartTime: start, EndTime: end, Frequency: 'EVENT', EventFilter } })).toThrow(
      'AdditionalTreatments[0].Schedule.Frequency',
    );
    expect(treatment({ MessageConfiguration: {} })).toThrow('AdditionalTreatments[0].MessageConfiguration');
    expect(treatment({ MessageConfiguration: { CustomMessage: { Data: '{}' } } })).toThrow(
      'AdditionalTreatments[0].MessageConfiguration.CustomMessage needs',
    );
    expect(treatment({ MessageConfiguration: { SMSMessage: { Body: '{{#if' } } })).toThrow(
      'AdditionalTreatments[0].MessageConfiguration.SMSMessage.Body',
    );
  });
});

describe('a message', () => {
  it.each<[string, WriteCampaignRequest]>([
    [
      'each channel',
      { MessageConfiguration: { SMSMessage: { Body: 'b' }, GCMMessage: { RawContent: '{"a":"{{x}}"}' } } },
    ],
    ['a template beside it', { TemplateConfiguration: { EmailTemplate: { Name: 'news' } } }],
    ['a function, without a word', { CustomDeliveryConfiguration: { DeliveryUri: 'deliver' } }],
    [
      'a URL',
      {
        MessageConfiguration: { CustomMessage: { Data: 'x'.repeat(5 * 1024) } },
        CustomDeliveryConfiguration: { DeliveryUri: 'https://example.com/a-b_c~d/?e#f:g', EndpointTypes: ['EMAIL'] },
      },
    ],
  ])('may be for %s', (_name, request) => expect(() => check(request)).not.toThrow());

  it.each<[string, WriteCampaignRequest, string]>([
    ['nothing', { MessageConfiguration: {} }, 'MessageConfiguration or TemplateConfiguration'],
    ['an empty one', { MessageConfiguration: { SMSMessage: {} } }, 'MessageConfiguration or TemplateConfiguration'],
    ['one for apps alone', { ...inApp }, 'MessageConfiguration or TemplateConfiguration'],
    ['a long push', { MessageConfiguration: { GCMMessage: { Body: 'x'.repeat(201) } } }, 'GCMMessage.Body'],
    ['a long SMS', { MessageConfiguration: { SMSMessage: { Body: 'x'.repeat(1_601) } } }, 'SMSMessage.Body'],
    [
      'no time to live',
      { MessageConfiguration: { APNSMessage: { Body: 'b', TimeToLive: -1 } } },
      'APNSMessage.TimeToLive',
    ],
    [
      'a bad text',
      { MessageConfiguration: { EmailMessage: { Title: '{{a' } } },
      'MessageConfiguration.EmailMessage.Title',
    ],
    ['bad JSON', { MessageConfiguration: { ADMMessage: { RawContent: '{{#each}}' } } }, 'ADMMessage.RawContent'],
    [
      'a header too many [75]',
      {
        MessageConfiguration: {
          EmailMessage: { Title: 't', Headers: Array.from({ length: 16 }, () => ({ Name: 'X-A', Value: 'v' })) },
        },
      },
      'EmailMessage.Headers',
    ],
    ['no way to go [35]', { MessageConfiguration: { CustomMessage: { Data: '{}' } } }, 'CustomMessage needs'],
    [
      'much data',
      {
        MessageConfiguration: { CustomMessage: { Data: 'ü'.repeat(2_561) } },
        CustomDeliveryConfiguration: { DeliveryUri: 'deliver' },
      },
      'CustomMessage.Data',
    ],
    ['an open URL [36]', { CustomDeliveryConfiguration: { DeliveryUri: 'http://example.com' } }, 'DeliveryUri'],
    ['a URL with = [36]', { CustomDeliveryConfiguration: { DeliveryUri: 'https://example.com/?a=b' } }, 'DeliveryUri'],
    ['no function', { CustomDeliveryConfiguration: { DeliveryUri: 'no function' } }, 'DeliveryUri'],
    ['voices', { TemplateConfiguration: { VoiceTemplate: { Name: 'v' } } }, 'TemplateConfiguration.VoiceTemplate'],
    ['a nameless template', { TemplateConfiguration: { SMSTemplate: {} } }, 'TemplateConfiguration.SMSTemplate.Name'],
    [
      'bare content',
      { MessageConfiguration: { InAppMessage: { Content: [{}] } } },
      'MessageConfiguration.InAppMessage.Content[0].BackgroundColor',
    ],
  ])('must not be for %s', (_name, request, place) => expect(() => check(request)).toThrow(place));

  it('of an in-app campaign is one that can be shown', () => {
    const window: Partial<Schedule> = { Frequency: 'IN_APP_EVENT', EndTime: end, EventFilter };
    const needed = 'MessageConfiguration.InAppMessage or TemplateConfiguration.InAppTemplate is required';
    expect(() => scheduled(window, { TemplateConfiguration: { InAppTemplate: { Name: 'n' } } })).not.toThrow();
    expect(() => scheduled(window, email)).toThrow(needed);
    expect(() => scheduled(window, { MessageConfiguration: { InAppMessage: { Content: [] } } })).toThrow(needed);
    expect(() => message({ InAppMessage: { Content: Array(6).fill(inAppContent[0]) } })).toThrow('at most 5');
  });
});

describe('a new campaign', () => {
  it.each(['Name', 'SegmentId', 'Schedule'] as const)('has a %s', (member) => {
    const request = { Name: 'n', SegmentId: 's', Schedule: { StartTime: start }, ...email, [member]: undefined };
    expect(() => mergeRequest(request as WriteCampaignRequest)).toThrow(member);
  });

  it('never has its values quoted in a refusal', () => {
    expect(() => scheduled({ StartTime: 'alice@example.com' })).not.toThrow('alice');
  });
});
