/** Destinations of an event stream: what is asked for, and what need not be asked again. */
import { expect, it } from 'vitest';
import type { EventStreamDestination } from '../../../../server/src/contract/repoint-types.ts';
import { faultOf, toSettings } from '../channels/settings-form.ts';
import { formOf, neededFields, newSigningSecret, placeOf, textsOf } from './destination-kinds.ts';

const webhook: EventStreamDestination = {
  ...{ Kind: 'WEBHOOK', Webhook: { Url: 'https://example.com/x', HasSecret: true }, CreationDate: '' },
  ...{ DroppedRecords: 0, LagSeconds: 0, LastModifiedBy: '', LastModifiedDate: '', SentRecords: 0, WaitingRecords: 0 },
};

it('fills the form of its kind, and becomes the request it was', () => {
  const form = formOf('WEBHOOK');
  expect(toSettings(textsOf(form, webhook), form.fields)).toEqual({ Webhook: { Url: 'https://example.com/x' } });
  expect(toSettings(textsOf(formOf('FILES'), webhook), formOf('FILES').fields)).toEqual({});
  const files = { 'Files.Url': 's3://b/p', 'Files.Seconds': '30' };
  expect(toSettings(files, formOf('FILES').fields)).toEqual({ Files: { Url: 's3://b/p', Seconds: 30 } });
});

it('asks for a secret once', () => {
  const form = formOf('WEBHOOK');
  const texts = textsOf(form, webhook);
  expect(faultOf(texts, neededFields(form, webhook))).toBeUndefined();
  expect(faultOf(texts, neededFields(form, null))).toBe('Signing secret is missing.');
});

it('says where it leads', () => {
  expect(placeOf(webhook)).toBe('https://example.com/x');
  const arn = 'arn:aws:kinesis:us-east-1:123456789012:stream/events';
  expect(placeOf({ ...webhook, Kind: 'KINESIS', Webhook: undefined, DestinationStreamArn: arn })).toBe(arn);
});

it('makes secrets of a webhook that the server takes', () => {
  expect(newSigningSecret(new Uint8Array(32).fill(255))).toBe('whsec_//////////////////////////////////////////8=');
  expect(newSigningSecret()).not.toBe(newSigningSecret());
});
