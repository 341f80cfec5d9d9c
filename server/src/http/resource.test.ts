/** The ARN that policies are asked about and the audit log names. */
import { describe, expect, it } from 'vitest';
import { operations } from '../contract/operations.ts';
import { expandResource } from './resource.ts';

const expand = (name: keyof typeof operations, labels: Record<string, string> = {}) =>
  expandResource(operations[name], labels, '123456789012', 'eu-central-1');

describe('expandResource', () => {
  it.each([
    ['GetApp', { 'application-id': 'abc' }, 'arn:aws:mobiletargeting:eu-central-1:123456789012:apps/abc'],
    ['GetApps', {}, 'arn:aws:mobiletargeting:eu-central-1:123456789012:apps'],
    ['CreateImportJob', { 'application-id': 'abc' }, 'arn:aws:mobiletargeting:eu-central-1:123456789012:apps/abc'],
    [
      'CreateExportJob',
      { 'application-id': 'abc' },
      'arn:aws:mobiletargeting:eu-central-1:123456789012:apps/abc/jobs/export',
    ],
    [
      'ListTemplateVersions',
      { 'template-name': 'News', 'template-type': 'email' },
      'arn:aws:mobiletargeting:eu-central-1:123456789012:templates/News/EMAIL',
    ],
    ['GetUser', { user: 'ada' }, 'arn:aws:repoint:eu-central-1:123456789012:users/ada'],
    ['SignOut', {}, 'arn:aws:repoint:eu-central-1:123456789012:session'],
  ] as const)('%s of %j is about %s', (name, labels, arn) => expect(expand(name, labels)).toBe(arn));

  it('takes labels as they are, whatever stands in them', () => {
    const labels = { 'application-id': '$&', 'endpoint-id': '{application-id}/../$1*' };
    expect(expand('UpdateEndpoint', labels)).toBe(
      'arn:aws:mobiletargeting:eu-central-1:123456789012:apps/$&/endpoints/{application-id}/../$1*',
    );
  });

  it('of the tag operations is the ARN in the path; anything else there is below the account of the caller', () => {
    const arn = 'arn:aws:mobiletargeting:us-east-1:999999999999:apps/abc';
    expect(expand('TagResource', { 'resource-arn': arn })).toBe(arn);
    expect(expand('TagResource', { 'resource-arn': 'apps/abc' })).toBe(
      'arn:aws:mobiletargeting:eu-central-1:123456789012:apps/abc',
    );
  });
});
