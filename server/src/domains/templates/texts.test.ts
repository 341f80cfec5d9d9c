/** Which texts of a template are rendered, how values are escaped in them, and that mapping goes over the same list. */
import { describe, expect, it } from 'vitest';
import { mapTexts, type TemplateLike, textsOf } from './texts.ts';

const email: TemplateLike<'EMAIL'> = {
  type: 'EMAIL',
  content: {
    Subject: 's',
    HtmlPart: 'h',
    TextPart: 't',
    Headers: [
      { Name: 'X-A', Value: 'a' },
      { Name: 'X-B', Value: 'b' },
    ],
    DefaultSubstitutions: '{}',
    TemplateDescription: 'd',
    RecommenderId: 'r',
  },
};

const push: TemplateLike<'PUSH'> = {
  type: 'PUSH',
  content: {
    Default: { Action: 'URL', Title: 't', Body: 'b', Url: 'u', Sound: 's' },
    ADM: { RawContent: '{"a":1}' },
    APNS: { MediaUrl: 'm', Sound: 's' },
    GCM: { ImageUrl: 'i', ImageIconUrl: 'ii', SmallImageIconUrl: 'si' },
  },
};

describe('textsOf', () => {
  it('of an e-mail are subject, both bodies and values of headers; HtmlPart is HTML', () => {
    expect(textsOf(email)).toEqual([
      { member: 'Subject', text: 's', escape: 'none' },
      { member: 'HtmlPart', text: 'h', escape: 'html' },
      { member: 'TextPart', text: 't', escape: 'none' },
      { member: 'Headers[0].Value', text: 'a', escape: 'none' },
      { member: 'Headers[1].Value', text: 'b', escape: 'none' },
    ]);
  });

  it('of a push are titles, bodies and URLs of every service, and raw content as JSON; sounds and actions are not', () => {
    expect(textsOf(push).map((text) => [text.member, text.escape])).toEqual([
      ['Default.Title', 'none'],
      ['Default.Body', 'none'],
      ['Default.Url', 'none'],
      ['ADM.RawContent', 'json'],
      ['APNS.MediaUrl', 'none'],
      ['GCM.ImageUrl', 'none'],
      ['GCM.ImageIconUrl', 'none'],
      ['GCM.SmallImageIconUrl', 'none'],
    ]);
  });

  it.each(['SMS', 'VOICE'] as const)('of %s is the body', (type) => {
    expect(textsOf({ type, content: { Body: 'b' } })).toEqual([{ member: 'Body', text: 'b', escape: 'none' }]);
  });

  it('of an in-app template are none: it has no variables', () => {
    expect(textsOf({ type: 'INAPP', content: { Content: [{ BackgroundColor: '#fff' }] } })).toEqual([]);
  });

  it('leaves out what is not there', () => expect(textsOf({ type: 'EMAIL', content: {} })).toEqual([]));
});

describe('mapTexts', () => {
  it.each([email, push])('replaces exactly what textsOf lists, and leaves the original alone: %#', (template) => {
    const before = structuredClone(template.content);
    const mapped = mapTexts(template, ({ member, text }) => `${member}=${text}`);
    expect(textsOf({ ...template, content: mapped }).map(({ text }) => text)).toEqual(
      textsOf(template).map(({ member, text }) => `${member}=${text}`),
    );
    const restored = mapTexts({ ...template, content: mapped }, ({ member, text }) => text.slice(member.length + 1));
    expect(restored).toEqual(before);
    expect(template.content).toEqual(before);
  });
});
