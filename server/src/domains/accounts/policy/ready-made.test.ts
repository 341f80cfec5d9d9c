/** What the ready-made policies let people and programs do: what their names promise, and no more. */
import { describe, expect, test } from 'vitest';
import { type OperationDefinition, operations } from '../../../contract/operations.ts';
import { decide } from './decide.ts';
import { compilePolicy } from './document.ts';
import { type ReadyMadeName, readyMadeDocument, readyMadeNames } from './ready-made.ts';

const project = '0123456789abcdef0123456789abcdef';
const arn = (resource: string) => `arn:aws:mobiletargeting:eu-west-1:123456789012:${resource}`;

function may(name: ReadyMadeName, action: string, resource: string, projectId?: string): boolean {
  const context = {
    ...{ principalArn: 'arn:aws:iam::123456789012:user/ann', userName: 'ann', sourceAddress: '198.51.100.7' },
    ...{ now: new Date(), secureTransport: false, resourceTags: {}, requestTags: {}, tagKeys: [] },
  };
  return decide([compilePolicy(readyMadeDocument(name, projectId))], { action, resource, context }).allowed;
}

test('all compile', () => {
  for (const name of readyMadeNames) {
    compilePolicy(readyMadeDocument(name, name === 'mobile-client' ? project : undefined));
  }
  expect(() => readyMadeDocument('mobile-client')).toThrow('needs a ProjectId');
  expect(() => readyMadeDocument('administrator', project)).toThrow('cannot be had for one project');
  expect(() => readyMadeDocument('mobile-client', '*')).toThrow('ProjectId');
});

test.each([
  ['administrator', 'mobiletargeting:DeleteApp', arn(`apps/${project}`), undefined, true],
  ['administrator', 'repoint:CreateUser', 'arn:aws:repoint:r:123456789012:users', undefined, true],
  ['read-only', 'mobiletargeting:GetApps', arn('apps'), undefined, true],
  ['read-only', 'mobiletargeting:UpdateEndpoint', arn(`apps/${project}/endpoints/x`), undefined, false],
  ['read-only', 'repoint:GetAuditLog', 'arn:aws:repoint:r:123456789012:audit-log', undefined, false],
  ['read-only', 'repoint:SetUserPassword', 'arn:aws:repoint:r:123456789012:users/ann/password', undefined, true],
  ['read-only', 'repoint:SetUserPassword', 'arn:aws:repoint:r:123456789012:users/bob/password', undefined, false],
  ['read-only', 'mobiletargeting:GetApp', arn(`apps/${project}`), project, true],
  ['read-only', 'mobiletargeting:GetApp', arn('apps/other'), project, false],
  ['sender', 'mobiletargeting:SendUsersMessages', arn(`apps/${project}/messages`), undefined, true],
  ['sender', 'mobiletargeting:SendMessages', arn('apps/other/messages'), project, false],
  ['sender', 'mobiletargeting:UpdateEmailChannel', arn(`apps/${project}/channels/email`), undefined, false],
  ['mobile-client', 'mobiletargeting:UpdateEndpoint', arn(`apps/${project}/endpoints/a/b:c`), project, true],
  ['mobile-client', 'mobiletargeting:PutEvents', arn(`apps/${project}/events`), project, true],
  [
    'mobile-client',
    'mobiletargeting:GetInAppMessages',
    arn(`apps/${project}/endpoints/a/inappmessages`),
    project,
    true,
  ],
  ['mobile-client', 'mobiletargeting:UpdateEndpoint', arn('apps/other/endpoints/a'), project, false],
  ['mobile-client', 'mobiletargeting:GetEndpoint', arn(`apps/${project}/endpoints/a`), project, false],
  ['mobile-client', 'mobiletargeting:UpdateEndpointsBatch', arn(`apps/${project}`), project, false],
  ['privacy-officer', 'mobiletargeting:DeleteUserEndpoints', arn(`apps/${project}/users/x`), undefined, true],
  ['privacy-officer', 'repoint:StartErasure', 'arn:aws:repoint:r:123456789012:erasures', undefined, true],
  ['privacy-officer', 'repoint:FindPerson', 'arn:aws:repoint:r:123456789012:persons', undefined, true],
  ['privacy-officer', 'repoint:CreateUser', 'arn:aws:repoint:r:123456789012:users', undefined, false],
  ['privacy-officer', 'mobiletargeting:DeleteApp', arn(`apps/${project}`), undefined, false],
] as const)('%s, %s on %s (project %s): %s', (name, action, resource, projectId, allowed) => {
  expect(may(name, action, resource, projectId)).toBe(allowed);
});

describe('of all operations', () => {
  /** Whoever adds an operation that a pattern takes in sees it here, and decides. */
  const allowed = (name: ReadyMadeName, projectId?: string) =>
    Object.values<OperationDefinition>(operations)
      .filter((definition) => may(name, definition.action, resourceOf(definition), projectId))
      .map((definition) => definition.name)
      .toSorted();

  /** In the project, about something of it or of the caller. */
  function resourceOf({ service, resource }: OperationDefinition): string {
    const filled = resource
      .replace(/^apps\/\{[\w-]+\}/, `apps/${project}`)
      .replace('users/{user}', 'users/ann')
      .replace('{resource-arn}', `apps/${project}`)
      .replaceAll(/\{[\w-]+\}/g, 'x');
    return `arn:aws:${service === 'pinpoint' ? 'mobiletargeting' : 'repoint'}:eu-west-1:123456789012:${filled}`;
  }

  const pinpoint = Object.values<OperationDefinition>(operations).filter(({ service }) => service === 'pinpoint');

  test('an administrator may do each', () => {
    expect(allowed('administrator')).toHaveLength(Object.keys(operations).length);
  });

  test('read-only reads what is in a project, and changes the own password', () => {
    const reads = pinpoint.map(({ name }) => name).filter((name) => /^(Get|List)/.test(name));
    const own = [
      ...['EstimateSegment', 'FindEndpoints', 'GetAttributeNames', 'GetAttributeValues', 'GetEndpointSegments'],
      ...['GetSegmentEstimate', 'GetSegmentMembers', 'GetCampaignProgress', 'GetCampaignWinner'],
      ...['GetEventTypes', 'ExploreEvents', 'ExploreFunnel', 'GetFunnels', 'GetFunnel', 'GetFunnelReport'],
      ...['GetUsageReport', 'GetRevenueReport', 'GetRetentionReport', 'GetDemographicsReport', 'GetSessionHours'],
      ...['GetTransactionalEmailReport', 'GetTransactionalSmsReport', 'GetOverviewReport', 'GetCampaignsReport'],
      ...['GetCampaignReport', 'GetCampaignSessions', 'GetTargetableEndpoints', 'GetEventNames'],
    ];
    const expected = [...reads, ...own, 'SetUserPassword'].toSorted();
    expect(allowed('read-only')).toEqual(expected);
    const ofOneProject = allowed('read-only', project);
    expect(ofOneProject).toEqual(expect.arrayContaining(['GetApp', 'GetApplicationSettings', 'GetSegmentEstimate']));
    expect(ofOneProject).not.toContain('GetApps');
  });

  test('a sender sends, and sees where to send from, what, and to whom', () => {
    const channels = [
      'Adm',
      'Apns',
      'ApnsSandbox',
      'ApnsVoip',
      'ApnsVoipSandbox',
      'Baidu',
      'Email',
      'Gcm',
      'Sms',
      'Voice',
    ];
    const templates = ['Email', 'InApp', 'Push', 'Sms', 'Voice'];
    expect(allowed('sender')).toEqual(
      [
        ...['SendMessages', 'SendOTPMessage', 'SendUsersMessages', 'VerifyOTPMessage', 'PhoneNumberValidate'],
        ...['GetApp', 'GetApplicationSettings', 'GetApps', 'GetChannels', 'SetUserPassword'],
        ...channels.map((name) => `Get${name}Channel`),
        ...templates.map((name) => `Get${name}Template`),
        ...['ListTemplates', 'ListTemplateVersions'],
        ...['GetSegment', 'GetSegmentEstimate', 'GetSegments', 'GetSegmentVersion', 'GetSegmentVersions'],
      ].toSorted(),
    );
  });

  test('an app writes its endpoint and its events, and fetches its messages', () => {
    expect(allowed('mobile-client', project)).toEqual(['GetInAppMessages', 'PutEvents', 'UpdateEndpoint']);
    expect(allowed('mobile-client', 'f'.repeat(32))).toEqual([]);
  });

  test('a privacy officer reaches persons and the audit log, and nobody’s rights', () => {
    expect(allowed('privacy-officer')).toEqual(
      [
        ...['DeleteEndpoint', 'DeleteUserEndpoints', 'RemoveAttributes'],
        ...['GetApp', 'GetApps', 'GetEndpoint', 'GetEndpointSegments', 'GetInAppMessages', 'GetUserEndpoints'],
        ...['CreateSuppressedAddress', 'DeleteSuppressedAddress', 'FindSuppressedAddress', 'GetSuppressedAddresses'],
        ...['GetAuditCounts', 'GetAuditLog', 'SetUserPassword'],
        ...['FindEndpoints', 'GetEndpointMessages', 'GetEndpointEvents', 'GetFiles'],
        ...['CreateErasureRequest', 'CancelErasureRequest', 'FindErasureRequests', 'PreviewErasure'],
        ...['GetErasureRequest', 'GetErasureRequests', 'GetErasureSettings', 'UpdateErasureSettings'],
        ...['CreateErasureHold', 'DeleteErasureHold', 'GetErasureHolds', 'GetProjectErasure', 'GetProjectErasures'],
        ...['CreateFileErasure', 'GetFileErasure', 'GetFileErasureKept', 'GetFileErasures'],
        ...['CreateAccessRequest', 'DeleteAccessRequest', 'GetAccessRequest', 'GetAccessRequests'],
        ...['CreateErasureTarget', 'DeleteErasureTarget', 'GetErasureTargets', 'GetErasureNotices'],
        ...['GetErasureReceipt', 'GetErasureReceipts', 'GetReceiptKeys'],
        ...['GetRetentionRules', 'UpdateRetentionRule', 'DeleteRetentionRule', 'PreviewRetention'],
        ...['GetOpenDsrSettings', 'UpdateOpenDsrSettings', 'DeleteOpenDsrSettings', 'DownloadFile'],
        ...['CreateProjectArchive', 'GetProjectArchive', 'GetProjectArchives', 'DownloadProjectArchive'],
        ...['GetAccount', 'EstimateSegment'],
      ].toSorted(),
    );
  });
});
