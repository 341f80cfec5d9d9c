/** Policies every account has. They live here, not in the database, so that a new version of the server may widen them. */
import { badRequest } from '../../../kernel/errors.ts';

export const readyMadeNames = ['administrator', 'read-only', 'sender', 'mobile-client', 'privacy-officer'] as const;
export type ReadyMadeName = (typeof readyMadeNames)[number];

/** Those that can be given for one project instead of for the account. */
const scopable: readonly ReadyMadeName[] = ['read-only', 'sender', 'mobile-client'];

export const readyMadeDescriptions: Readonly<Record<ReadyMadeName, string>> = {
  administrator: 'Everything.',
  'read-only': 'Reads projects and what is in them; neither the audit log nor data requests of persons.',
  sender: 'Sends messages and one-time passwords; reads projects, their settings, channels, templates and segments.',
  'mobile-client': 'What an app on a phone needs of one project: its endpoint, its events, its in-app messages.',
  'privacy-officer': 'Finds persons, reads and erases what is held on them, reads the audit log.',
};

interface ReadyMadeStatement {
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

export interface ReadyMadeDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly ReadyMadeStatement[];
}

/** People may change their own password. */
const ownPassword: ReadyMadeStatement = {
  Effect: 'Allow',
  Action: 'repoint:SetUserPassword',
  Resource: 'arn:aws:repoint:*:*:users/${aws:username}/password',
};

/**
 * What our own API tells of a project and what is in it. Named one by one: what a person asked for is not among them,
 * nor are providers, whose callback path lets whoever knows it tell receipts, nor the outbox, which holds passcodes.
 */
const reading = [
  ...['GetSegmentEstimate', 'EstimateSegment', 'GetSegmentMembers', 'GetEndpointSegments'],
  ...['FindEndpoints', 'GetAttributeNames', 'GetAttributeValues', 'GetCampaignProgress', 'GetCampaignWinner'],
  ...['GetEventTypes', 'ExploreEvents', 'ExploreFunnel', 'GetFunnels', 'GetFunnel', 'GetFunnelReport'],
  ...['GetUsageReport', 'GetRevenueReport', 'GetRetentionReport', 'GetDemographicsReport', 'GetSessionHours'],
  ...['GetTransactionalEmailReport', 'GetTransactionalSmsReport', 'GetOverviewReport', 'GetCampaignsReport'],
  ...['GetCampaignReport', 'GetCampaignSessions', 'GetTargetableEndpoints', 'GetEventNames'],
].map((name) => `repoint:${name}`);

const sending = [
  ...['Send*', 'VerifyOTPMessage', 'PhoneNumberValidate'],
  // What a sender must see to choose: where to send from, what, and to whom.
  ...['GetApp', 'GetApps', 'GetApplicationSettings', 'Get*Channel', 'GetChannels'],
  ...['Get*Template', 'ListTemplates', 'ListTemplateVersions'],
  ...['GetSegment', 'GetSegments', 'GetSegmentVersion', 'GetSegmentVersions'],
].map((name) => `mobiletargeting:${name}`);
const sizes = ['repoint:GetSegmentEstimate'];

const personal = [
  ...['GetApp', 'GetApps', 'GetEndpoint', 'GetUserEndpoints', 'GetInAppMessages'],
  ...['DeleteEndpoint', 'DeleteUserEndpoints', 'RemoveAttributes'],
].map((name) => `mobiletargeting:${name}`);
/** Also for what later versions add: erasures, access requests, persons, suppressions, receipts, retention. */
const privacy = [
  ...[
    '*Erasure*',
    '*AccessRequest*',
    '*Person',
    '*Persons',
    '*Suppression*',
    '*SuppressedAddress*',
    '*Receipt*',
    '*Inventory*',
    '*RetentionRule*',
  ],
  ...['PreviewRetention', 'GetFiles', 'GetEndpointSegments', 'GetEndpointMessages', 'GetEndpointEvents'],
  ...['FindEndpoints', 'GetAuditLog', 'GetAuditCounts'],
  // Requests that come from privacy desks by OpenDSR, files that hold people, and archives, which hold everybody. Closing the
  // account stays with administrators; whether it is closed is for everybody to see who answers for its data.
  ...['*OpenDsr*', 'DownloadFile', '*ProjectArchive*', 'GetAccount', 'EstimateSegment'],
].map((name) => `repoint:${name}`);

/**
 * @param projectId the one project it is for; `mobile-client` needs one
 * @throws BadRequestException when the policy needs a project and has none, or cannot be had for one
 */
export function readyMadeDocument(name: ReadyMadeName, projectId?: string): ReadyMadeDocument {
  if (projectId !== undefined && !scopable.includes(name))
    throw badRequest(`The policy ${name} cannot be had for one project`);
  if (projectId !== undefined && !/^[0-9A-Za-z-]{1,64}$/.test(projectId))
    throw badRequest('ProjectId is not the id of a project');
  return { Version: '2012-10-17', Statement: statements(name, projectId) };
}

function statements(name: ReadyMadeName, projectId: string | undefined): readonly ReadyMadeStatement[] {
  const project = `arn:aws:mobiletargeting:*:*:apps/${projectId}`;
  const resources =
    projectId === undefined ? '*' : [project, `${project}/*`, `arn:aws:repoint:*:*:apps/${projectId}/*`];
  const allow = (actions: string | readonly string[], resource: string | readonly string[] = resources) =>
    ({ Effect: 'Allow', Action: actions, Resource: resource }) as const;
  switch (name) {
    case 'administrator':
      return [allow(['mobiletargeting:*', 'repoint:*'])];
    case 'read-only':
      return [allow(['mobiletargeting:Get*', 'mobiletargeting:List*', ...reading]), ownPassword];
    case 'sender':
      return [allow([...sending, ...sizes]), ownPassword];
    case 'mobile-client':
      if (projectId === undefined) throw badRequest('The policy mobile-client needs a ProjectId');
      return [
        allow(['mobiletargeting:UpdateEndpoint', 'mobiletargeting:GetInAppMessages'], `${project}/endpoints/*`),
        allow('mobiletargeting:PutEvents', `${project}/events`),
      ];
    case 'privacy-officer':
      return [allow([...personal, ...privacy]), ownPassword];
  }
}
