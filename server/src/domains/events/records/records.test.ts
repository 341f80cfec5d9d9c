/** Records field by field, against the samples of dossier/events-journeys-console §2. Numbers in brackets: its cases. */
import { describe, expect, it, test } from 'vitest';
import type { EventProject, NewEvent } from '../record.ts';
import { appEvent } from './app-event.ts';
import { campaignSend } from './campaign-send.ts';
import { type EmailOccurrence, emailEvent, type SentMail } from './email.ts';
import { journeySend } from './journey-send.ts';
import { type SmsEvent, type SmsRecordStatus, smsEvent } from './sms.ts';
import { streamTest } from './stream-test.ts';

const project: EventProject = { number: 7, accountId: '000000000000', id: '6f0d2a' };
const at = (milliseconds: number) => new Date(milliseconds);
/** As it travels: what is undefined is not there. */
const wire = ({ record }: NewEvent) => JSON.parse(JSON.stringify(record));

const campaign = { kind: 'campaign', campaignId: '4c1e', activityId: '90ab', treatmentId: '0' } as const;
const journey = { kind: 'journey', journeyId: '77c0', runId: 'edc9', activityId: 'mail1' } as const;

test('an app event (2.3)', () => {
  const event = appEvent(project, {
    endpointId: 'ep-7f31',
    endpoint: {
      ...{ ChannelType: 'EMAIL', EndpointStatus: 'ACTIVE', OptOut: 'NONE', Address: 'ana@example.net' },
      Demographic: {
        Locale: 'pt_PT',
        Make: 'generic',
        Model: 'Unknown',
        Platform: 'web',
        PlatformVersion: '130',
        AppVersion: '4.1',
      },
    },
    event: {
      ...{ EventType: '_session.stop', Timestamp: '2026-11-24T09:15:00.120Z' },
      ...{ AppPackageName: 'com.acme.shop', AppTitle: 'Shop', AppVersionCode: '41' },
      ...{ SdkName: 'amplify-js', ClientSdkVersion: '6.4.0', Attributes: { sku: 'GLV-9' }, Metrics: { price: 12.5 } },
      Session: { Id: 's-90', StartTimestamp: '2026-11-24T09:14:00.000Z', StopTimestamp: '2026-11-24T09:15:00+00:00' },
    },
    ...{ occurredAt: at(1795511700120), arrivedAt: at(1795511700894) },
  });
  expect(event).toMatchObject({ projectNumber: 7, endpointId: 'ep-7f31' });
  const { client_context, ...record } = wire(event);
  expect(record).toEqual({
    ...{ event_type: '_session.stop', event_timestamp: 1795511700120, arrival_timestamp: 1795511700894 },
    event_version: '3.1',
    application: {
      ...{ app_id: '6f0d2a', package_name: 'com.acme.shop', sdk: { name: 'amplify-js', version: '6.4.0' } },
      ...{ title: 'Shop', version_name: '4.1', version_code: '41' },
    },
    client: { client_id: 'ep-7f31' },
    device: {
      ...{ locale: { code: 'pt_PT', country: 'PT', language: 'pt' }, make: 'generic', model: 'Unknown' },
      platform: { name: 'web', version: '130' },
    },
    session: {
      session_id: 's-90',
      start_timestamp: Date.UTC(2026, 10, 24, 9, 14),
      stop_timestamp: Date.UTC(2026, 10, 24, 9, 15),
    },
    ...{ attributes: { sku: 'GLV-9' }, metrics: { price: 12.5 }, awsAccountId: '000000000000' },
  });
  const { endpoint } = client_context.custom;
  expect(typeof endpoint).toBe('string');
  expect(JSON.parse(endpoint)).toMatchObject({ ChannelType: 'EMAIL', EndpointStatus: 'ACTIVE', OptOut: 'NONE' });
  expect(endpoint).not.toContain('ana@example.net');
});

describe('an app event with less', () => {
  const bare = (more: object = {}, demographic?: object) =>
    wire(
      appEvent(project, {
        ...{
          endpointId: 'ep',
          endpoint: demographic && { Demographic: demographic },
          occurredAt: at(1),
          arrivedAt: at(2),
        },
        event: { EventType: 'x', Timestamp: 't', ...more },
      }),
    );

  it('has the envelope all the same', () => {
    expect(bare()).toEqual({
      ...{
        event_type: 'x',
        event_timestamp: 1,
        arrival_timestamp: 2,
        event_version: '3.1',
        awsAccountId: '000000000000',
      },
      ...{ application: { app_id: '6f0d2a', sdk: {} }, client: { client_id: 'ep' }, device: { platform: {} } },
      ...{ session: {}, attributes: {}, metrics: {} },
    });
    expect(bare({ Session: { Id: 's', StartTimestamp: 'no date' } }).session).toEqual({ session_id: 's' });
  });

  it.each([
    ['en_US', { code: 'en_US', country: 'US', language: 'en' }],
    ['en-US', { code: 'en-US', country: 'US', language: 'en' }],
    ['zh_Hans_CN', { code: 'zh_Hans_CN', country: 'CN', language: 'zh' }],
    ['de', { code: 'de', language: 'de' }],
    ['gibberish', { code: 'gibberish' }],
    ['', { code: '' }],
  ])('reads the locale %s', (Locale, locale) => expect(bare({}, { Locale }).device.locale).toEqual(locale));

  it('says who the caller is to Cognito', () => {
    const event = appEvent(project, {
      ...{ endpointId: 'ep', endpoint: undefined, event: { EventType: 'x', Timestamp: 't' } },
      ...{ occurredAt: at(1), arrivedAt: at(2), cognito: { identityId: 'us-east-1:a', identityPoolId: 'us-east-1:p' } },
    });
    expect(wire(event)).toMatchObject({
      application: { cognito_identity_pool_id: 'us-east-1:p' },
      client: { client_id: 'ep', cognito_id: 'us-east-1:a' },
    });
  });
});

test('a campaign send (2.4)', () => {
  const endpoint = {
    ChannelType: 'EMAIL',
    EndpointStatus: 'ACTIVE',
    OptOut: 'NONE',
    User: { UserId: 'u-55' },
  } as const;
  const event = campaignSend(project, {
    ...{ id: 'ep-7f31', endpoint, origin: campaign, deliveryType: 'EMAIL', status: 'QUIET_TIME' },
    ...{ occurredAt: at(1795512000000), arrivedAt: at(1795512000071) },
  });
  expect(wire(event)).toEqual({
    ...{ event_type: '_campaign.send', event_timestamp: 1795512000000, arrival_timestamp: 1795512000071 },
    ...{ event_version: '3.1', application: { app_id: '6f0d2a', sdk: {} }, client: { client_id: 'ep-7f31' } },
    ...{ device: { platform: {} }, session: {} },
    attributes: {
      ...{ campaign_id: '4c1e', campaign_activity_id: '90ab', treatment_id: '0' },
      ...{ delivery_type: 'EMAIL', campaign_send_status: 'QUIET_TIME' },
    },
    client_context: {
      custom: {
        endpoint: '{"ChannelType":"EMAIL","EndpointStatus":"ACTIVE","OptOut":"NONE","User":{"UserId":"u-55"}}',
      },
    },
    awsAccountId: '000000000000',
  });
});

test('a campaign send through a custom channel names it beside the channel of the endpoint [messaging 38]', () => {
  const event = campaignSend(project, {
    ...{ id: 'ep', endpoint: { ChannelType: 'EMAIL' }, origin: { ...campaign, treatmentId: '3' } },
    ...{ deliveryType: 'CUSTOM', status: 'CUSTOM_DELIVERY_FAILURE', occurredAt: at(1), arrivedAt: at(1) },
  } as const);
  const { attributes, client_context } = wire(event);
  expect(attributes).toMatchObject({ delivery_type: 'CUSTOM', treatment_id: '3' });
  expect(JSON.parse(client_context.custom.endpoint)).toEqual({ ChannelType: 'EMAIL' });
});

describe('a journey send (2.5)', () => {
  const send = (status: 'SUCCESS' | 'QUIET_TIME_WAIT_FINISHED') =>
    wire(
      journeySend(project, {
        ...{
          id: 'ep-7f31',
          endpoint: { ChannelType: 'EMAIL', EndpointStatus: 'ACTIVE', OptOut: 'NONE' },
          origin: journey,
        },
        ...{ activityType: 'EMAIL', status, statusMessage: '200', statusCode: 200 },
        ...{ occurredAt: at(1795512300000), arrivedAt: at(1795512300000) },
      } as const),
    );

  it('has the fields of the sample', () => {
    expect(send('SUCCESS')).toEqual({
      ...{ event_type: '_journey.send', event_timestamp: 1795512300000, arrival_timestamp: 1795512300000 },
      ...{ event_version: '3.1', application: { app_id: '6f0d2a', sdk: {} }, client: { client_id: 'ep-7f31' } },
      ...{ device: { platform: {} }, session: {} },
      attributes: {
        ...{ journey_id: '77c0', journey_run_id: 'edc9', journey_activity_id: 'mail1', journey_activity_type: 'EMAIL' },
        ...{ journey_send_status: 'SUCCESS', journey_send_status_message: '200', journey_send_status_code: '200' },
      },
      client_context: { custom: { endpoint: '{"ChannelType":"EMAIL","EndpointStatus":"ACTIVE","OptOut":"NONE"}' } },
      awsAccountId: '000000000000',
    });
  });

  it('has no activity type when a message that was held back is let go [26]', () => {
    expect(send('QUIET_TIME_WAIT_FINISHED').attributes).not.toHaveProperty('journey_activity_type');
  });
});

const mail: SentMail = {
  ...{
    messageId: '0100-abc',
    from: 'news@acme.example',
    to: ['ana@example.net'],
    subject: 'Hi',
    headersTruncated: false,
  },
  headers: [
    { name: 'From', value: 'news@acme.example' },
    { name: 'To', value: 'ana@example.net' },
  ],
  sentAt: at(1795512301000),
};
const bounce: EmailOccurrence = {
  ...{ type: 'hardbounce', subType: 'General', smtpResponse: '550 5.1.1 no such user' },
  recipients: [{ address: 'ana@example.net', status: '5.1.1' }],
};
const visit = { ipAddress: '192.0.2.1', userAgent: 'Mozilla/5.0' };
const occurrences: readonly [EmailOccurrence, string, object][] = [
  [{ type: 'send' }, 'received', { send: {} }],
  [
    {
      type: 'delivered',
      smtpResponse: '250 ok',
      reportingMta: 'mx.example',
      recipients: ['a@b'],
      processingTimeMilliseconds: 812,
    },
    'delivered',
    {
      delivery: {
        smtp_response: '250 ok',
        reporting_mta: 'mx.example',
        recipients: ['a@b'],
        processing_time_millis: 812,
      },
    },
  ],
  [{ type: 'rejected', reason: 'Bad content' }, 'rejected', { reject: { reason: 'Bad content' } }],
  [
    { type: 'softbounce', subType: 'MailboxFull', recipients: [{ address: 'a@b' }] },
    'softbounce',
    {
      bounce: {
        bounce_type: 'Transient',
        bounce_sub_type: 'MailboxFull',
        bounced_recipients: [{ email_address: 'a@b' }],
      },
    },
  ],
  [
    { type: 'complaint', recipients: ['a@b'], feedbackType: 'abuse' },
    'complaint',
    { complaint: { complained_recipients: [{ email_address: 'a@b' }], complaint_feedback_type: 'abuse' } },
  ],
  [{ type: 'open', ...visit }, 'opened', { open: { ip_address: '192.0.2.1', user_agent: 'Mozilla/5.0' } }],
  [
    { type: 'click', link: 'https://acme.example/?a=1', ...visit },
    'https://acme.example/?a=1',
    { click: { ip_address: '192.0.2.1', user_agent: 'Mozilla/5.0', link: 'https://acme.example/?a=1' } },
  ],
  [
    { type: 'unsubscribe', link: 'https://acme.example/u' },
    'unsubscribe',
    { click: { link: 'https://acme.example/u' } },
  ],
  [
    { type: 'rendering_failure', errorMessage: 'no such helper', templateName: 'news' },
    'rendering_failure',
    { rendering_failure: { error_message: 'no such helper', template_name: 'news' } },
  ],
];

describe('an e-mail (2.6)', () => {
  const event = (occurrence: EmailOccurrence, more: object = {}) =>
    emailEvent(project, {
      ...{
        endpointId: 'ep-7f31',
        clientId: 'ep-7f31',
        origin: campaign,
        mail,
        occurrence,
        arrivedAt: at(1795512309444),
      },
      ...more,
    });

  it('has the fields of the sample', () => {
    expect(wire(event(bounce))).toEqual({
      ...{ event_type: '_email.hardbounce', event_timestamp: 1795512301000, arrival_timestamp: 1795512309444 },
      ...{ event_version: '3.1', application: { app_id: '6f0d2a', sdk: {} }, client: { client_id: 'ep-7f31' } },
      ...{ device: { platform: {} }, session: {}, awsAccountId: '000000000000' },
      attributes: { feedback: 'hardbounce', campaign_id: '4c1e', campaign_activity_id: '90ab', treatment_id: '0' },
      client_context: { custom: { legacy_identifier: '6f0d2a' } },
      facets: {
        email_channel: {
          mail_event: {
            mail: {
              ...{ message_id: '0100-abc', message_send_timestamp: 1795512301000, from_address: 'news@acme.example' },
              ...{ destination: ['ana@example.net'], headers_truncated: false, headers: mail.headers },
              common_headers: { from: 'news@acme.example', to: ['ana@example.net'], subject: 'Hi' },
            },
            bounce: {
              ...{ bounce_type: 'Permanent', bounce_sub_type: 'General', smtp_response: '550 5.1.1 no such user' },
              bounced_recipients: [{ email_address: 'ana@example.net', status: '5.1.1' }],
            },
          },
        },
      },
    });
  });

  it.each(occurrences)('%j', (occurrence, feedback, details) => {
    const { event_type, attributes, facets } = wire(event(occurrence));
    expect(event_type).toBe(`_email.${occurrence.type}`);
    expect(attributes.feedback).toBe(feedback);
    const { mail: _mail, ...rest } = facets.email_channel.mail_event;
    expect(rest).toEqual(details);
  });

  it('has one time for all that happens to it, and its own time of arrival [23]', () => {
    const [delivered, opened] = [occurrences[1], occurrences[5]].map((entry, index) =>
      wire(event((entry as (typeof occurrences)[number])[0], { arrivedAt: at(1795512400000 + index) })),
    );
    expect(delivered.event_timestamp).toBe(opened.event_timestamp);
    expect(delivered.arrival_timestamp).not.toBe(opened.arrival_timestamp);
  });

  it('of a direct send has a client of its own, treatment 0, and the context of the request [21]', () => {
    const clientId = '0f6c6c4e-50b3-4ad1-8b60-0c8f6b6bd9a1';
    const origin = { kind: 'direct', context: { orderId: '77', feedback: 'mine', treatment_id: '9' } };
    const direct = event({ type: 'send' }, { endpointId: undefined, clientId, origin });
    expect(direct.endpointId).toBeUndefined();
    expect(wire(direct)).toMatchObject({ client: { client_id: clientId } });
    expect(wire(direct).attributes).toEqual({ feedback: 'received', treatment_id: '0', orderId: '77' });
  });

  it('of a journey names it', () => {
    expect(wire(event({ type: 'send' }, { origin: journey })).attributes).toEqual({
      ...{ feedback: 'received', journey_id: '77c0', journey_run_id: 'edc9', journey_activity_id: 'mail1' },
    });
  });
});

describe('an SMS (2.7)', () => {
  const sms: SmsEvent = {
    ...{
      endpointId: 'ep-9',
      origin: campaign,
      recordStatus: 'DELIVERED',
      final: true,
      messageId: 'm-1',
      senderRequestId: 'r-1',
    },
    ...{ originationNumber: '+12065550199', destinationNumber: '+12065550142', countryCode: 'US', parts: 2 },
    ...{
      messageType: 'TRANSACTIONAL',
      priceInMillicents: 645,
      occurredAt: at(1795512301000),
      arrivedAt: at(1795512302000),
    },
  };

  it('has the documented fields', () => {
    expect(wire(smsEvent(project, sms))).toEqual({
      ...{ event_type: '_SMS.SUCCESS', event_timestamp: 1795512301000, arrival_timestamp: 1795512302000 },
      ...{ event_version: '3.1', application: { app_id: '6f0d2a', sdk: {} }, client: { client_id: 'ep-9' } },
      ...{ device: { platform: {} }, session: {}, awsAccountId: '000000000000' },
      attributes: {
        ...{ sender_request_id: 'r-1', message_id: 'm-1', record_status: 'DELIVERED', iso_country_code: 'US' },
        ...{ origination_phone_number: '+12065550199', destination_phone_number: '+12065550142' },
        ...{ number_of_message_parts: '2', message_type: 'Transactional' },
        ...{ campaign_id: '4c1e', campaign_activity_id: '90ab', treatment_id: '0' },
      },
      metrics: { price_in_millicents_usd: 645 },
    });
  });

  const statuses: readonly [SmsRecordStatus, boolean, string][] = [
    ['PENDING', false, '_SMS.BUFFERED'],
    ['SUCCESSFUL', false, '_SMS.BUFFERED'],
    ['SUCCESSFUL', true, '_SMS.SUCCESS'],
    ['DELIVERED', true, '_SMS.SUCCESS'],
    ...(
      ['INVALID', 'UNREACHABLE', 'UNKNOWN', 'BLOCKED', 'CARRIER_UNREACHABLE', 'SPAM', 'INVALID_MESSAGE'] as const
    ).map((status): [SmsRecordStatus, boolean, string] => [status, true, '_SMS.FAILURE']),
    ...(['CARRIER_BLOCKED', 'TTL_EXPIRED', 'MAX_PRICE_EXCEEDED', 'OPTED_OUT'] as const).map(
      (status): [SmsRecordStatus, boolean, string] => [status, true, '_SMS.FAILURE'],
    ),
  ];
  it.each(statuses)('%s (final: %s) is %s', (recordStatus, final, type) => {
    const { event_type, attributes, metrics } = wire(smsEvent(project, { ...sms, recordStatus, final }));
    expect(event_type).toBe(type);
    expect(attributes.record_status).toBe(recordStatus);
    expect(metrics === undefined, '[25] no price while it is under way').toBe(type === '_SMS.BUFFERED');
  });

  it('to a number is of the account, with treatment 0', () => {
    const { countryCode: _c, originationNumber: _o, priceInMillicents: _p, ...rest } = sms;
    const event = smsEvent(project, {
      ...rest,
      endpointId: undefined,
      origin: { kind: 'direct' },
      messageType: 'PROMOTIONAL',
    });
    expect(wire(event)).toMatchObject({ client: { client_id: '000000000000' } });
    expect(wire(event).attributes).toEqual({
      ...{ sender_request_id: 'r-1', message_id: 'm-1', record_status: 'DELIVERED', treatment_id: '0' },
      ...{ destination_phone_number: '+12065550142', number_of_message_parts: '2', message_type: 'Promotional' },
    });
    expect(wire(event)).not.toHaveProperty('metrics');
  });

  it('may tell of an opt-out', () => {
    expect(wire(smsEvent(project, { ...sms, optOut: true })).event_type).toBe('_SMS.OPTOUT');
  });
});

test('the test of a stream', () => {
  expect(wire(streamTest(project, 'uuid', at(5)))).toEqual({
    ...{ event_type: '_test.event_stream', event_timestamp: 5, arrival_timestamp: 5, event_version: '3.1' },
    ...{ application: { app_id: '6f0d2a', sdk: {} }, client: { client_id: 'uuid' }, device: { platform: {} } },
    ...{ session: {}, attributes: {}, awsAccountId: '000000000000' },
  });
});

test('every value of every attribute is a string [27]', () => {
  const sms = {
    origin: journey,
    recordStatus: 'DELIVERED',
    final: true,
    messageId: 'm',
    senderRequestId: 'r',
  } as const;
  const times = { occurredAt: at(1), arrivedAt: at(1) };
  const endpoint = { id: 'ep', endpoint: {} };
  const all = [
    campaignSend(project, { ...endpoint, ...times, origin: campaign, deliveryType: 'GCM', status: 'SUCCESS' }),
    journeySend(project, {
      ...{ ...endpoint, ...times, origin: journey, activityType: 'PUSH', status: 'FAILURE_PERMANENT' },
      ...{ statusMessage: 'no', statusCode: 403 },
    } as const),
    smsEvent(project, {
      ...{ ...sms, ...times, endpointId: 'ep', destinationNumber: '+1', parts: 3, messageType: 'PROMOTIONAL' },
    } as const),
    ...occurrences.map(([occurrence]) =>
      emailEvent(project, { endpointId: 'ep', clientId: 'ep', origin: campaign, mail, occurrence, arrivedAt: at(1) }),
    ),
  ];
  for (const { record } of all) {
    for (const [name, value] of Object.entries(record.attributes)) expect(typeof value, name).toBe('string');
  }
});
