/** A test message as a request: each channel's own words, recipients once, and what is missing said. */
import { describe, expect, it } from 'vitest';
import { emptyMessage, faultOf, recipientsOf, toRequest } from './test-message.ts';

describe('a test message', () => {
  it('goes to each recipient once', () => {
    expect(recipientsOf({ ...emptyMessage, recipients: ' a@b.c, d@e.f\n\na@b.c,' })).toEqual(['a@b.c', 'd@e.f']);
  });

  it('to addresses names the channel, to endpoints nothing', () => {
    const message = { ...emptyMessage, channel: 'PUSH' as const, recipients: 'token', subject: 'Hi', text: 'there' };
    expect(toRequest(message)).toEqual({
      Addresses: { token: { ChannelType: 'GCM' } },
      MessageConfiguration: { DefaultPushNotificationMessage: { Action: 'OPEN_APP', Title: 'Hi', Body: 'there' } },
    });
    expect(toRequest({ ...message, to: 'endpoints' }).Endpoints).toEqual({ token: {} });
  });

  it('of a template has no content of its own', () => {
    const message = { ...emptyMessage, recipients: 'a@b.c', template: 'welcome', text: 'forgotten' };
    expect(toRequest(message)).toMatchObject({
      MessageConfiguration: {},
      TemplateConfiguration: { EmailTemplate: { Name: 'welcome' } },
    });
  });

  it.each([
    [{ recipients: '' }, 'Name somebody'],
    [{ recipients: Array.from({ length: 16 }, (_, index) => `a${index}`).join(), text: 'x' }, '15 recipients at most'],
    [{ recipients: 'a' }, 'Choose a template'],
  ])('without all it needs is not sent: %o', (given, said) => {
    expect(faultOf({ ...emptyMessage, ...given })).toContain(said);
  });
});
