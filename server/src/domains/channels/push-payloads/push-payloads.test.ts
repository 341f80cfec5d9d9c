/** Whole payloads as they leave, service by service, from the shapes of the contract (dossier/messaging §11, §18 cases 60, 69-73). */
import { describe, expect, test } from 'vitest';
import type { PushContent } from '../message.ts';
import {
  buildPush,
  fromAdmMessage,
  fromApnsMessage,
  fromBaiduMessage,
  fromCampaignMessage,
  fromDefaultPush,
  fromGcmMessage,
  fromPushTemplate,
  isPushChannel,
  type PushChannelType,
  type PushCircumstances,
  type PushMessage,
} from './index.ts';

const now = new Date('2026-11-02T10:00:00.500Z');
const direct: PushCircumstances = { origin: { kind: 'direct' }, now };
const campaign: PushCircumstances = {
  origin: { kind: 'campaign', campaignId: '77aa', activityId: 'c1d2', treatmentId: '0' },
  context: { orderId: '77' },
  endpointId: 'ep-1',
  now,
};
const journey: PushCircumstances = {
  origin: { kind: 'journey', journeyId: 'j1', runId: 'r1', activityId: 'a1' },
  endpointId: 'ep-1',
  now,
};

function build(channelType: PushChannelType, message: PushMessage, circumstances = direct): PushContent {
  const built = buildPush(channelType, message, circumstances);
  if (built.kind === 'fault') throw new Error(built.statusMessage);
  return built;
}

function payload(channelType: PushChannelType, message: PushMessage, circumstances = direct): unknown {
  return JSON.parse(build(channelType, message, circumstances).payload);
}

const openApp = { 'pinpoint.openApp': 'true' };
const visible = { 'pinpoint.notification.silentPush': '0' };
const directKey = { 'pinpoint.campaign.campaign_id': '_DIRECT' };

describe('FCM', () => {
  test.each<[string, PushMessage, PushCircumstances, unknown]>([
    [
      'a campaign, as the dossier shows it',
      {
        ...fromCampaignMessage({
          Title: 'Order shipped',
          Body: 'Arrives Friday',
          ImageUrl: 'https://cdn.example.com/box.png',
          ImageSmallIconUrl: 'https://cdn.example.com/small.png',
          TimeToLive: 3600,
        }),
      },
      campaign,
      {
        data: {
          ...openApp,
          'pinpoint.notification.title': 'Order shipped',
          'pinpoint.notification.body': 'Arrives Friday',
          'pinpoint.notification.imageUrl': 'https://cdn.example.com/box.png',
          'pinpoint.notification.imageSmallIconUrl': 'https://cdn.example.com/small.png',
          ...visible,
          'pinpoint.campaign.campaign_id': '77aa',
          'pinpoint.campaign.campaign_activity_id': 'c1d2',
          'pinpoint.campaign.treatment_id': '0',
          data: '{"pinpoint":{"orderId":"77","endpointId":"ep-1"}}',
        },
        android: { priority: 'NORMAL', ttl: '3600s' },
      },
    ],
    [
      'a direct message with every member',
      fromGcmMessage({
        Action: 'URL',
        Url: 'https://shop.example.com',
        Title: 'T',
        Body: 'B',
        ImageUrl: 'i',
        ImageIconUrl: 'ii',
        SmallImageIconUrl: 'si',
        IconReference: 'bell',
        Sound: 'ding',
        Data: { a: '1' },
        CollapseKey: 'orders',
        Priority: '10',
        RestrictedPackageName: 'com.example.shop',
        TimeToLive: 9_999_999,
      }),
      { ...direct, traceId: 'trace-1', context: { traceId: 'forged', b: '1' } },
      {
        data: {
          'pinpoint.url': 'https://shop.example.com',
          'pinpoint.notification.title': 'T',
          'pinpoint.notification.body': 'B',
          'pinpoint.notification.imageUrl': 'i',
          'pinpoint.notification.imageIconUrl': 'ii',
          'pinpoint.notification.imageSmallIconUrl': 'si',
          'pinpoint.notification.icon': 'bell',
          'pinpoint.notification.sound': 'ding',
          ...visible,
          'pinpoint.jsonBody': '{"a":"1"}',
          ...directKey,
          data: '{"pinpoint":{"traceId":"trace-1","b":"1"}}',
        },
        android: {
          priority: 'HIGH',
          ttl: '2419200s',
          collapse_key: 'orders',
          restricted_package_name: 'com.example.shop',
        },
      },
    ],
    [
      'a journey: `pinpoint` is JSON text',
      fromDefaultPush({ Action: 'DEEP_LINK', Url: 'shop://orders/77', Body: 'B' }),
      journey,
      {
        data: {
          'pinpoint.deeplink': 'shop://orders/77',
          'pinpoint.notification.body': 'B',
          ...visible,
          pinpoint: '{"journey":{"journey_id":"j1","journey_run_id":"r1","journey_activity_id":"a1"}}',
          data: '{"pinpoint":{"endpointId":"ep-1"}}',
        },
        android: { priority: 'NORMAL' },
      },
    ],
    [
      'a silent push of a campaign',
      fromCampaignMessage({ SilentPush: true, JsonBody: '{"sync":true}' }),
      direct,
      {
        data: {
          ...openApp,
          'pinpoint.notification.silentPush': '1',
          'pinpoint.jsonBody': '{"sync":true}',
          ...directKey,
        },
        android: { priority: 'NORMAL' },
      },
    ],
    [
      'priority 5 is normal; an action without Url opens the app; 0 seconds stay 0',
      fromGcmMessage({ Priority: '5', Action: 'URL', Body: 'B', TimeToLive: 0 }),
      direct,
      {
        data: { ...openApp, 'pinpoint.notification.body': 'B', ...visible, ...directKey },
        android: { priority: 'NORMAL', ttl: '0s' },
      },
    ],
  ])('%s', (_name, message, circumstances, expected) => {
    expect(payload('GCM', message, circumstances)).toEqual(expected);
  });

  test.each<[string, unknown, unknown]>([
    [
      'v1 goes as it is, less its target',
      {
        fcmV1Message: {
          message: { token: 'other', topic: 't', condition: 'c', notification: { title: 'T' }, data: { a: 1 } },
        },
      },
      { notification: { title: 'T' }, data: { a: '1' } },
    ],
    ['v1 without the outer name', { message: { data: { a: 'b' } } }, { data: { a: 'b' } }],
    [
      'the legacy form is translated; targets and dry_run are dropped',
      {
        to: 'other',
        registration_ids: ['x'],
        dry_run: true,
        collapse_key: 'orders',
        priority: 'high',
        time_to_live: 60,
        restricted_package_name: 'com.example',
        notification: {
          title: 'T',
          body: 'B',
          image: 'i',
          icon: 'bell',
          android_channel_id: 'c',
          body_loc_args: '["x"]',
        },
        data: { count: 3, deep: { a: [1] }, none: null, yes: true },
      },
      {
        data: { count: '3', deep: '{"a":[1]}', yes: 'true' },
        notification: { title: 'T', body: 'B', image: 'i' },
        android: {
          priority: 'HIGH',
          ttl: '60s',
          collapse_key: 'orders',
          restricted_package_name: 'com.example',
          notification: { icon: 'bell', channel_id: 'c', body_loc_args: ['x'] },
        },
      },
    ],
    ["in Pinpoint's wrapper", { GCMMessage: { data: { a: 'b' } } }, { data: { a: 'b' } }],
  ])('raw content: %s', (_name, raw, expected) => {
    expect(payload('GCM', fromGcmMessage({ RawContent: JSON.stringify(raw), Title: 'unused' }), campaign)).toEqual(
      expected,
    );
  });
});

describe('APNs', () => {
  test.each<[string, PushMessage, PushCircumstances, unknown, Record<string, string>]>([
    [
      'a campaign with a deep link and a medium',
      fromCampaignMessage({
        Title: 'Order shipped',
        Body: 'Arrives Friday',
        Action: 'DEEP_LINK',
        Url: 'shop://orders/77',
        MediaUrl: 'https://cdn.example.com/box.png',
      }),
      campaign,
      {
        aps: { alert: { title: 'Order shipped', body: 'Arrives Friday' }, 'mutable-content': 1 },
        data: {
          'media-url': 'https://cdn.example.com/box.png',
          pinpoint: {
            deeplink: 'shop://orders/77',
            campaign: { campaign_id: '77aa', campaign_activity_id: 'c1d2', treatment_id: '0' },
            orderId: '77',
            endpointId: 'ep-1',
          },
        },
      },
      { 'apns-push-type': 'alert', 'apns-priority': '10' },
    ],
    [
      'a direct message with every member',
      fromApnsMessage({
        Action: 'URL',
        Url: 'https://shop.example.com',
        Title: 'T',
        Body: 'B',
        Sound: 'default',
        Badge: 1,
        Category: 'ORDER',
        ThreadId: 'orders',
        Data: { a: '1' },
        CollapseId: 'orders',
        Priority: 'normal',
        TimeToLive: 3600,
        APNSPushType: 'complication',
      }),
      { ...direct, context: { campaign: 'forged', b: '1' } },
      {
        aps: { alert: { title: 'T', body: 'B' }, sound: 'default', badge: 1, category: 'ORDER', 'thread-id': 'orders' },
        data: {
          pinpoint: {
            url: 'https://shop.example.com',
            jsonBody: { a: '1' },
            campaign: { campaign_id: '_DIRECT' },
            b: '1',
          },
        },
      },
      {
        'apns-push-type': 'complication',
        'apns-priority': '5',
        'apns-expiration': '1793617200',
        'apns-collapse-id': 'orders',
      },
    ],
    [
      'a silent push has content-available and nothing else, and priority 5',
      fromApnsMessage({ SilentPush: true, Title: 'T', Sound: 's', Badge: 1, MediaUrl: 'm', Priority: 'high' }),
      journey,
      {
        aps: { 'content-available': 1 },
        data: {
          'media-url': 'm',
          pinpoint: {
            journey: { journey_id: 'j1', journey_run_id: 'r1', journey_activity_id: 'a1' },
            endpointId: 'ep-1',
          },
        },
      },
      { 'apns-push-type': 'background', 'apns-priority': '5' },
    ],
    [
      'priority high is 10, time to live 0 stays 0, text that is no JSON stays text',
      { ...fromApnsMessage({ Body: 'B', Priority: 'high', TimeToLive: 0 }), jsonBody: 'plain' },
      direct,
      {
        aps: { alert: { body: 'B' } },
        data: { pinpoint: { jsonBody: 'plain', campaign: { campaign_id: '_DIRECT' } } },
      },
      { 'apns-push-type': 'alert', 'apns-priority': '10', 'apns-expiration': '0' },
    ],
  ])('%s', (_name, message, circumstances, expected, headers) => {
    const built = build('APNS', message, circumstances);
    expect(JSON.parse(built.payload)).toEqual(expected);
    expect(built.headers).toEqual(headers);
  });

  test.each<[string, unknown, PushCircumstances, unknown, string]>([
    ['as it is', { aps: { alert: 'x' } }, direct, { aps: { alert: 'x' } }, 'alert'],
    [
      'background is inferred',
      { aps: { 'content-available': 1 } },
      direct,
      { aps: { 'content-available': 1 } },
      'background',
    ],
    [
      'an alert beside content-available stays an alert',
      { aps: { 'content-available': 1, alert: 'x' } },
      direct,
      { aps: { 'content-available': 1, alert: 'x' } },
      'alert',
    ],
    [
      "Safari, in Pinpoint's wrapper; ids of the campaign are added",
      { APNSMessage: { aps: { alert: { title: 'T' }, 'url-args': [''] } } },
      campaign,
      {
        aps: { alert: { title: 'T' }, 'url-args': [''] },
        data: { pinpoint: { campaign: { campaign_id: '77aa', campaign_activity_id: 'c1d2', treatment_id: '0' } } },
      },
      'alert',
    ],
    ["the caller's data is never touched", { aps: {}, data: { a: 1 } }, campaign, { aps: {}, data: { a: 1 } }, 'alert'],
  ])('raw content: %s', (_name, raw, circumstances, expected, pushType) => {
    const built = build('APNS_SANDBOX', fromApnsMessage({ RawContent: JSON.stringify(raw) }), circumstances);
    expect(JSON.parse(built.payload)).toEqual(expected);
    expect(built.headers['apns-push-type']).toBe(pushType);
  });

  test('raw content keeps its text, number for number', () => {
    const text = '{ "aps": {"alert": "x"}, "id": 12345678901234567890 }';
    expect(build('APNS', fromApnsMessage({ RawContent: text })).payload).toBe(text);
  });

  test.each([
    ['TOKEN', 'TOKEN'],
    ['key', 'TOKEN'],
    ['certificate', 'CERTIFICATE'],
    ['x', undefined],
  ])('PreferredAuthenticationMethod %s', (PreferredAuthenticationMethod, expected) => {
    expect(build('APNS', fromApnsMessage({ Body: 'B', PreferredAuthenticationMethod })).authentication).toBe(expected);
  });
});

test.each([
  ['key', 'KEY'],
  ['Token', 'TOKEN'],
  ['CERTIFICATE', undefined],
])('GCM PreferredAuthenticationMethod %s', (PreferredAuthenticationMethod, expected) => {
  expect(build('GCM', fromGcmMessage({ Body: 'B', PreferredAuthenticationMethod })).authentication).toBe(expected);
});

describe('ADM', () => {
  test.each<[string, PushMessage, unknown]>([
    [
      'flat keys and its own options',
      fromAdmMessage({
        Title: 'T',
        Body: 'B',
        ConsolidationKey: 'k',
        ExpiresAfter: '3600',
        MD5: 'rL0Y20zC+Fzt72VPzMSk2A==',
      }),
      {
        data: {
          ...openApp,
          'pinpoint.notification.title': 'T',
          'pinpoint.notification.body': 'B',
          ...visible,
          ...directKey,
        },
        consolidationKey: 'k',
        expiresAfter: 3600,
        md5: 'rL0Y20zC+Fzt72VPzMSk2A==',
      },
    ],
    [
      'raw content with data; no campaign ids, no priority or time to live of the message',
      fromAdmMessage({ RawContent: '{"ADMMessage":{"data":{"a":1},"expiresAfter":60}}', ConsolidationKey: 'k' }),
      { data: { a: '1' }, consolidationKey: 'k', expiresAfter: 60 },
    ],
    [
      'raw content with flat keys at the top',
      fromAdmMessage({
        RawContent: '{"pinpoint.openApp":true,"pinpoint.notification.silentPush":0,"consolidationKey":"c"}',
      }),
      { data: { 'pinpoint.openApp': 'true', 'pinpoint.notification.silentPush': '0' }, consolidationKey: 'c' },
    ],
  ])('%s', (_name, message, expected) => {
    expect(payload('ADM', message)).toEqual(expected);
  });
});

describe('Baidu', () => {
  test.each<[string, PushMessage, unknown]>([
    [
      'a notification with the flat keys as custom content; a week at most',
      fromBaiduMessage({ Title: 'T', Body: 'B', TimeToLive: 700_000 }),
      {
        msg_type: 1,
        msg_expires: 604_800,
        msg: {
          title: 'T',
          description: 'B',
          custom_content: {
            ...openApp,
            'pinpoint.notification.title': 'T',
            'pinpoint.notification.body': 'B',
            ...visible,
            ...directKey,
          },
        },
      },
    ],
    [
      'a silent push is a message',
      fromBaiduMessage({ SilentPush: true, Data: { a: 'b' } }),
      {
        msg_type: 0,
        msg: {
          custom_content: {
            ...openApp,
            'pinpoint.notification.silentPush': '1',
            'pinpoint.jsonBody': '{"a":"b"}',
            ...directKey,
          },
        },
      },
    ],
    [
      'raw content',
      fromBaiduMessage({ RawContent: '{"BaiduMessage":{"title":"T","open_type":1}}' }),
      { msg_type: 1, msg: { title: 'T', open_type: 1 } },
    ],
  ])('%s', (_name, message, expected) => {
    expect(payload('BAIDU', message)).toEqual(expected);
  });
});

describe('templates', () => {
  const template = {
    Default: { Title: 'default title', Body: 'default body', Sound: 's', Action: 'OPEN_APP' as const },
    GCM: { Body: 'gcm body', ImageUrl: 'i', SmallImageIconUrl: 'si' },
    APNS: { MediaUrl: 'm', Action: 'URL' as const, Url: 'https://a' },
    ADM: { RawContent: '{"data":{}}' },
  };
  test.each([
    [
      'GCM',
      {
        title: 'default title',
        body: 'gcm body',
        sound: 's',
        imageUrl: 'i',
        smallImageIconUrl: 'si',
        action: 'OPEN_APP',
      },
    ],
    [
      'APNS',
      { title: 'default title', body: 'default body', sound: 's', mediaUrl: 'm', action: 'URL', url: 'https://a' },
    ],
    ['Baidu', { title: 'default title', body: 'default body', sound: 's', action: 'OPEN_APP' }],
    ['ADM', { rawContent: '{"data":{}}' }],
  ] as const)('%s over Default, member by member', (service, expected) => {
    expect(fromPushTemplate(template, service)).toEqual(expected);
  });
  test('what stands beside the template gives its settings, never its content', () => {
    const settings = fromGcmMessage({
      Title: 'no',
      ImageUrl: 'no',
      SilentPush: true,
      TimeToLive: 5,
      Priority: 'high',
      Data: { a: 'b' },
    });
    expect(fromPushTemplate({ Default: { Body: 'B' } }, 'GCM', settings)).toEqual({
      body: 'B',
      silentPush: true,
      timeToLive: 5,
      priority: 'high',
      jsonBody: '{"a":"b"}',
    });
  });
});

describe('faults', () => {
  const unbuildable = (channelType: PushChannelType, message: PushMessage) =>
    buildPush(channelType, message, { origin: { kind: 'direct' }, now });
  const channels: PushChannelType[] = ['APNS', 'APNS_VOIP', 'GCM', 'ADM', 'BAIDU'];

  test.each(channels.flatMap((channel) => ['[]', '"text"', 'secret{', 'null'].map((raw) => [channel, raw] as const)))(
    '%s: raw content %s is no JSON object',
    (channel, rawContent) => {
      const fault = unbuildable(channel, { rawContent });
      expect(fault).toMatchObject({ kind: 'fault', status: 'PERMANENT_FAILURE', statusCode: 400 });
      expect((fault as { statusMessage: string }).statusMessage).not.toContain('secret');
    },
  );
  test.each([
    ['APNS', 3_900, 4_050],
    ['GCM', 3_900, 4_050],
    ['ADM', 5_900, 6_100],
    ['BAIDU', 1_900, 2_100],
  ] as const)('%s takes a body of %i bytes, not of %i', (channel, fits, exceeds) => {
    expect(unbuildable(channel, { body: 'x'.repeat(fits) }).kind).toBe('push');
    expect(unbuildable(channel, { body: 'x'.repeat(exceeds) })).toMatchObject({ kind: 'fault', statusCode: 413 });
    expect(unbuildable(channel, { body: 'ü'.repeat(fits) })).toMatchObject({ kind: 'fault', statusCode: 413 });
  });
  test('4,096 bytes are taken, 4,097 are not', () => {
    const empty = build('APNS', { body: '' }).payload.length;
    expect(unbuildable('APNS', { body: 'x'.repeat(4_096 - empty) }).kind).toBe('push');
    expect(unbuildable('APNS', { body: 'x'.repeat(4_097 - empty) })).toMatchObject({ statusCode: 413 });
  });
  test.each<[PushChannelType, PushMessage]>([
    ['APNS', fromApnsMessage({ CollapseId: 'x'.repeat(65) })],
    ['APNS', fromApnsMessage({ CollapseId: 'a\nb' })],
    ['APNS', fromApnsMessage({ APNSPushType: 'loud' })],
    ['ADM', fromAdmMessage({ ExpiresAfter: 'soon' })],
    ['GCM', fromGcmMessage({ RawContent: '{"time_to_live":"soon"}' })],
    ['GCM', fromGcmMessage({ RawContent: '{"notification":{"body_loc_args":"["}}' })],
  ])('%s: %j', (channel, message) => {
    expect(unbuildable(channel, message)).toMatchObject({ kind: 'fault', statusCode: 400 });
  });
  test('channels of push', () => {
    expect(['GCM', 'EMAIL', 'PUSH', 'APNS_VOIP'].map((type) => isPushChannel(type as 'GCM'))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});

/** The rule of amplify-js (getAnalyticsEvent.ts): which event and which attributes an opened notification becomes. */
function eventOfAmplify(data: Record<string, unknown>): { name: string; attributes: unknown } | undefined {
  if (Object.hasOwn(data, 'pinpoint.campaign.campaign_id')) {
    const ids = ['campaign_activity_id', 'campaign_id', 'treatment_id'];
    const attributes = Object.fromEntries(ids.map((id) => [id, data[`pinpoint.campaign.${id}`]]));
    return { name: '_campaign.opened_notification', attributes };
  }
  const { pinpoint: given } = data;
  const pinpoint = typeof given === 'string' ? JSON.parse(given) : given;
  for (const source of ['campaign', 'journey']) {
    if (pinpoint?.[source]) return { name: `_${source}.opened_notification`, attributes: pinpoint[source] };
  }
  return undefined;
}

describe('what amplify-js makes of it', () => {
  const campaignIds = { campaign_id: '77aa', campaign_activity_id: 'c1d2', treatment_id: '0' };
  const journeyIds = { journey_id: 'j1', journey_run_id: 'r1', journey_activity_id: 'a1' };
  test.each([
    ['GCM', campaign, '_campaign.opened_notification', campaignIds],
    ['APNS', campaign, '_campaign.opened_notification', campaignIds],
    ['GCM', journey, '_journey.opened_notification', journeyIds],
    ['APNS', journey, '_journey.opened_notification', journeyIds],
    ['GCM', direct, '_campaign.opened_notification', { campaign_id: '_DIRECT' }],
    ['APNS', direct, '_campaign.opened_notification', { campaign_id: '_DIRECT' }],
  ] as const)('%s %j', (channel, circumstances, name, attributes) => {
    const sent = payload(channel, { title: 'T', body: 'B' }, circumstances) as { data: Record<string, unknown> };
    expect(eventOfAmplify(sent.data)).toEqual({ name, attributes });
  });
  test('FCM data has string values only, and there is no notification block', () => {
    const sent = payload('GCM', { title: 'T', badge: 1, silentPush: true }, journey) as { data: object };
    expect(Object.values(sent.data).every((value) => typeof value === 'string')).toBe(true);
    expect(sent).not.toHaveProperty('notification');
  });
});
