/**
 * The operations of Repoint's own API that the console uses. A name in braces is a member of the input, in the path or in
 * the query (where it may be left out); the member that is in neither is the body.
 */
import type { OperationInputs } from '../../../server/src/contract/operations.ts';

const paging = 'page-size={PageSize}&token={Token}';
const app = '/apps/{ApplicationId}';
const days = 'start-date={StartDate}&end-date={EndDate}&time-zone={TimeZone}';
const analytics = `${app}/analytics`;

export const routes = {
  SignOut: 'POST /sign-out',

  GetUsers: `GET /users?${paging}`,
  CreateUser: 'POST /users',
  DeleteUser: 'DELETE /users/{UserName}',
  GetPolicies: `GET /policies?${paging}`,
  GetAccessKeys: `GET /access-keys?${paging}`,
  CreateAccessKey: 'POST /users/{UserName}/access-keys',
  UpdateAccessKey: 'PUT /access-keys/{AccessKeyId}',
  DeleteAccessKey: 'DELETE /access-keys/{AccessKeyId}',

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

  RehearseCampaign: `POST ${app}/campaigns/rehearse`,
  GetCampaignProgress: `GET ${app}/campaigns/{CampaignId}/progress`,
  GetCampaignWinner: `GET ${app}/campaigns/{CampaignId}/winner?metric={Metric}&event-type={EventType}&window-hours={WindowHours}`,
  PauseCampaignRun: `POST ${app}/campaigns/{CampaignId}/runs/{RunId}/pause`,
  ResumeCampaignRun: `POST ${app}/campaigns/{CampaignId}/runs/{RunId}/resume`,

  GetOverviewReport: `GET ${analytics}/overview?${days}`,
  GetUsageReport: `GET ${analytics}/usage?${days}`,
  GetSessionHours: `GET ${analytics}/session-hours?${days}`,
  GetRetentionReport: `GET ${analytics}/retention?${days}`,
  GetRevenueReport: `GET ${analytics}/revenue?currency={Currency}&${days}`,
  GetDemographicsReport: `GET ${analytics}/demographics?channel-type={ChannelType}`,
  GetTransactionalEmailReport: `GET ${analytics}/transactional-email?${days}`,
  GetTransactionalSmsReport: `GET ${analytics}/transactional-sms?${days}`,
  GetCampaignsReport: `GET ${analytics}/campaigns?${days}`,
  GetCampaignReport: `GET ${analytics}/campaigns/{CampaignId}?${days}`,
  GetTargetableEndpoints: `GET ${analytics}/targetable-endpoints`,
  GetEventTypes: `GET ${analytics}/event-types`,
  GetEventNames: `GET ${analytics}/event-names`,
  ExploreEvents: `POST ${analytics}/events?${days}`,
  ExploreFunnel: `POST ${analytics}/funnel?${days}`,
  GetFunnels: `GET ${app}/funnels?${paging}`,
  CreateFunnel: `POST ${app}/funnels`,
  GetFunnel: `GET ${app}/funnels/{FunnelId}`,
  UpdateFunnel: `PUT ${app}/funnels/{FunnelId}`,
  DeleteFunnel: `DELETE ${app}/funnels/{FunnelId}`,
  GetFunnelReport: `GET ${app}/funnels/{FunnelId}/report?${days}`,

  GetEventStreamDestination: `GET ${app}/event-stream-destination`,
  UpdateEventStreamDestination: `PUT ${app}/event-stream-destination`,
  DeleteEventStreamDestination: `DELETE ${app}/event-stream-destination`,
  GetEventSettings: `GET ${app}/event-settings`,
  UpdateEventSettings: `PUT ${app}/event-settings`,

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
