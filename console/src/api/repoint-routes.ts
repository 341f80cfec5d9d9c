/**
 * The operations of Repoint's own API that the console uses. A name in braces is a member of the input, in the path or in
 * the query (where it may be left out); the member that is in neither is the body.
 */
import type { OperationInputs } from '../../../server/src/contract/operations.ts';

const paging = 'page-size={PageSize}&token={Token}';
const app = '/apps/{ApplicationId}';

export const routes = {
  SignOut: 'POST /sign-out',

  GetUsers: `GET /users?${paging}`,
  CreateUser: 'POST /users',
  DeleteUser: 'DELETE /users/{UserName}',
  AttachUserPolicy: 'PUT /users/{UserName}/policies/{PolicyName}',
  DetachUserPolicy: 'DELETE /users/{UserName}/policies/{PolicyName}',
  GetPolicies: `GET /policies?${paging}`,
  GetPolicy: 'GET /policies/{PolicyName}',
  CreatePolicy: 'POST /policies',
  UpdatePolicy: 'PUT /policies/{PolicyName}',
  DeletePolicy: 'DELETE /policies/{PolicyName}',
  SimulatePolicy: 'POST /policy-simulations',
  GetAccessKeys: `GET /access-keys?${paging}`,
  CreateAccessKey: 'POST /users/{UserName}/access-keys',
  UpdateAccessKey: 'PUT /access-keys/{AccessKeyId}',
  DeleteAccessKey: 'DELETE /access-keys/{AccessKeyId}',

  GetAuditLog: `GET /audit-log?start-time={StartTime}&end-time={EndTime}&operation={Operation}&user={UserName}&project={ProjectId}&outcome={Outcome}&${paging}`,
  GetAuditCounts: `GET /audit-counts?start-time={StartTime}&end-time={EndTime}&operation={Operation}&${paging}`,
  GetHealth: 'GET /health',
  GetBackgroundJobs: `GET /background-jobs?state={State}&name={JobName}&${paging}`,
  RetryBackgroundJob: 'POST /background-jobs/{JobId}/retry',

  FindEndpoints: `POST ${app}/endpoints/find`,
  GetEndpointSegments: `GET ${app}/endpoints/{EndpointId}/segments`,
  GetEndpointEvents: `GET ${app}/endpoints/{EndpointId}/events?${paging}`,
  GetEndpointMessages: `GET ${app}/endpoints/{EndpointId}/messages?campaign={CampaignId}&${paging}`,
  EstimateSegment: `POST ${app}/segments/estimate`,
  GetSegmentEstimate: `GET ${app}/segments/{SegmentId}/estimate?version={Version}`,
  GetSegmentMembers: `GET ${app}/segments/{SegmentId}/members?version={Version}&${paging}`,
  GetAttributeNames: `GET ${app}/attributes`,
  GetAttributeValues: `GET ${app}/attributes/{Kind}/{AttributeName}/values`,
  UploadFile: `POST ${app}/file-uploads`,
  DownloadFile: `GET ${app}/file-content?url={Url}`,
  GetFiles: `GET ${app}/files?job-id={JobId}&prefix={Prefix}&${paging}`,

  PreviewErasure: `POST ${app}/erasure-previews`,
  CreateErasureRequest: `POST ${app}/erasure-requests`,
  GetErasureRequest: `GET ${app}/erasure-requests/{ErasureRequestId}`,

  GetEventNames: `GET ${app}/analytics/event-names`,

  RehearseCampaign: `POST ${app}/campaigns/rehearse`,
  GetCampaignProgress: `GET ${app}/campaigns/{CampaignId}/progress`,
  GetCampaignWinner: `GET ${app}/campaigns/{CampaignId}/winner?metric={Metric}`,
  PauseCampaignRun: `POST ${app}/campaigns/{CampaignId}/runs/{RunId}/pause`,
  ResumeCampaignRun: `POST ${app}/campaigns/{CampaignId}/runs/{RunId}/resume`,

  PreviewTemplate: `POST ${app}/template-previews`,
  GetOutboxMessages: `GET ${app}/outbox?channel-type={ChannelType}&address={Address}&${paging}`,
  GetOutboxMessage: `GET ${app}/outbox/{MessageId}`,
  DeleteOutboxMessages: `DELETE ${app}/outbox`,

  GetProviderKinds: 'GET /provider-kinds',
  GetProviders: 'GET /providers',
  GetProjectProviders: `GET ${app}/providers`,
  UpdateProjectProvider: `PUT ${app}/providers/{ChannelType}`,
  DeleteProjectProvider: `DELETE ${app}/providers/{ChannelType}`,
  GetMessagingSettings: `GET ${app}/messaging-settings`,
  UpdateMessagingSettings: `PUT ${app}/messaging-settings`,

  GetSuppressedAddresses: `GET /suppressed-addresses?channel={Channel}&${paging}`,
  CreateSuppressedAddress: 'POST /suppressed-addresses',
  FindSuppressedAddress: 'POST /suppressed-addresses/find',
  DeleteSuppressedAddress: 'POST /suppressed-addresses/delete',

  GetSmsNumbers: `GET /sms/numbers?${paging}`,
  GetSmsNumber: 'GET /sms/numbers/{Number}',
  UpdateSmsNumber: 'PUT /sms/numbers/{Number}',
  DeleteSmsNumber: 'DELETE /sms/numbers/{Number}',
  GetSmsKeywords: 'GET /sms/numbers/{Number}/keywords',
  UpdateSmsKeyword: 'PUT /sms/numbers/{Number}/keywords/{Keyword}',
  DeleteSmsKeyword: 'DELETE /sms/numbers/{Number}/keywords/{Keyword}',
  GetInboundMessages: `GET /sms/inbound?number={Number}&${paging}`,
} as const satisfies Partial<Record<keyof OperationInputs, string>>;

export type RepointOperation = keyof typeof routes;
