/** Content to form and back: what a form does not show survives, what is emptied goes. */
import { describe, expect, it } from 'vitest';
import { brokenField, toContent, toForm } from './content.ts';

const fields = [{ path: 'Default.Title' }, { path: 'Default.Body' }, { path: 'APNS.RawContent' }];

describe('a template in a form', () => {
  const stored = {
    ...{ TemplateName: 'x', Version: '3', Arn: 'arn' },
    Default: { Title: 'Hi', Body: 'there', Sound: 'ping' },
    APNS: { RawContent: '{}' },
    RecommenderId: 'r',
  };

  it('keeps what is not shown, and leaves out what is no content', () => {
    const form = { ...toForm(stored, fields), 'Default.Title': 'Hello' };
    expect(toContent(stored, form)).toEqual({
      Default: { Title: 'Hello', Body: 'there', Sound: 'ping' },
      APNS: { RawContent: '{}' },
      RecommenderId: 'r',
    });
  });

  it('loses what is emptied, and the object around it when that is empty', () => {
    const form = { ...toForm(stored, fields), 'APNS.RawContent': '', 'Default.Body': '' };
    expect(toContent(stored, form)).toEqual({ Default: { Title: 'Hi', Sound: 'ping' }, RecommenderId: 'r' });
    expect(stored.Default.Body).toBe('there');
  });

  it('has lists as JSON, and says which is none', () => {
    const form = toForm({ Content: [{ ImageUrl: 'x' }] }, [{ path: 'Content' }]);
    expect(toContent({}, form)).toEqual({ Content: [{ ImageUrl: 'x' }] });
    expect(brokenField(form)).toBeUndefined();
    expect(brokenField({ Content: '[{' })).toBe('Content');
  });
});
