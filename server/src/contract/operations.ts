// GENERATED from model/ by scripts/generate-contract.ts. Do not edit: `npm run generate`.
import type { OperationDefinition } from '../operations/definition.ts';
import type * as pinpoint from './pinpoint-types.ts';
import type * as repoint from './repoint-types.ts';

export interface OperationInputs {
  readonly CreateApp: { readonly CreateApplicationRequest: pinpoint.CreateApplicationRequest };
  readonly CreateCampaign: { readonly ApplicationId: string; readonly WriteCampaignRequest: pinpoint.WriteCampaignRequest };
  readonly CreateEmailTemplate: { readonly TemplateName: string; readonly EmailTemplateRequest: pinpoint.EmailTemplateRequest };
  readonly CreateExportJob: { readonly ApplicationId: string; readonly ExportJobRequest: pinpoint.ExportJobRequest };
  readonly CreateImportJob: { readonly ApplicationId: string; readonly ImportJobRequest: pinpoint.ImportJobRequest };
  readonly CreateInAppTemplate: { readonly TemplateName: string; readonly InAppTemplateRequest: pinpoint.InAppTemplateRequest };
  readonly CreateJourney: { readonly ApplicationId: string; readonly WriteJourneyRequest: pinpoint.WriteJourneyRequest };
  readonly CreatePushTemplate: { readonly TemplateName: string; readonly PushNotificationTemplateRequest: pinpoint.PushNotificationTemplateRequest };
  readonly CreateRecommenderConfiguration: { readonly CreateRecommenderConfiguration: pinpoint.CreateRecommenderConfiguration };
  readonly CreateSegment: { readonly ApplicationId: string; readonly WriteSegmentRequest: pinpoint.WriteSegmentRequest };
  readonly CreateSmsTemplate: { readonly TemplateName: string; readonly SMSTemplateRequest: pinpoint.SMSTemplateRequest };
  readonly CreateVoiceTemplate: { readonly TemplateName: string; readonly VoiceTemplateRequest: pinpoint.VoiceTemplateRequest };
  readonly DeleteAdmChannel: { readonly ApplicationId: string };
  readonly DeleteApnsChannel: { readonly ApplicationId: string };
  readonly DeleteApnsSandboxChannel: { readonly ApplicationId: string };
  readonly DeleteApnsVoipChannel: { readonly ApplicationId: string };
  readonly DeleteApnsVoipSandboxChannel: { readonly ApplicationId: string };
  readonly DeleteApp: { readonly ApplicationId: string };
  readonly DeleteBaiduChannel: { readonly ApplicationId: string };
  readonly DeleteCampaign: { readonly ApplicationId: string; readonly CampaignId: string };
  readonly DeleteEmailChannel: { readonly ApplicationId: string };
  readonly DeleteEmailTemplate: { readonly TemplateName: string; readonly Version?: string };
  readonly DeleteEndpoint: { readonly ApplicationId: string; readonly EndpointId: string };
  readonly DeleteEventStream: { readonly ApplicationId: string };
  readonly DeleteGcmChannel: { readonly ApplicationId: string };
  readonly DeleteInAppTemplate: { readonly TemplateName: string; readonly Version?: string };
  readonly DeleteJourney: { readonly ApplicationId: string; readonly JourneyId: string };
  readonly DeletePushTemplate: { readonly TemplateName: string; readonly Version?: string };
  readonly DeleteRecommenderConfiguration: { readonly RecommenderId: string };
  readonly DeleteSegment: { readonly ApplicationId: string; readonly SegmentId: string };
  readonly DeleteSmsChannel: { readonly ApplicationId: string };
  readonly DeleteSmsTemplate: { readonly TemplateName: string; readonly Version?: string };
  readonly DeleteUserEndpoints: { readonly ApplicationId: string; readonly UserId: string };
  readonly DeleteVoiceChannel: { readonly ApplicationId: string };
  readonly DeleteVoiceTemplate: { readonly TemplateName: string; readonly Version?: string };
  readonly GetAdmChannel: { readonly ApplicationId: string };
  readonly GetApnsChannel: { readonly ApplicationId: string };
  readonly GetApnsSandboxChannel: { readonly ApplicationId: string };
  readonly GetApnsVoipChannel: { readonly ApplicationId: string };
  readonly GetApnsVoipSandboxChannel: { readonly ApplicationId: string };
  readonly GetApp: { readonly ApplicationId: string };
  readonly GetApplicationDateRangeKpi: { readonly ApplicationId: string; readonly KpiName: string; readonly EndTime?: string; readonly NextToken?: string; readonly PageSize?: string; readonly StartTime?: string };
  readonly GetApplicationSettings: { readonly ApplicationId: string };
  readonly GetApps: { readonly PageSize?: string; readonly Token?: string };
  readonly GetBaiduChannel: { readonly ApplicationId: string };
  readonly GetCampaign: { readonly ApplicationId: string; readonly CampaignId: string };
  readonly GetCampaignActivities: { readonly ApplicationId: string; readonly CampaignId: string; readonly PageSize?: string; readonly Token?: string };
  readonly GetCampaignDateRangeKpi: { readonly ApplicationId: string; readonly CampaignId: string; readonly KpiName: string; readonly EndTime?: string; readonly NextToken?: string; readonly PageSize?: string; readonly StartTime?: string };
  readonly GetCampaignVersion: { readonly ApplicationId: string; readonly CampaignId: string; readonly Version: string };
  readonly GetCampaignVersions: { readonly ApplicationId: string; readonly CampaignId: string; readonly PageSize?: string; readonly Token?: string };
  readonly GetCampaigns: { readonly ApplicationId: string; readonly PageSize?: string; readonly Token?: string };
  readonly GetChannels: { readonly ApplicationId: string };
  readonly GetEmailChannel: { readonly ApplicationId: string };
  readonly GetEmailTemplate: { readonly TemplateName: string; readonly Version?: string };
  readonly GetEndpoint: { readonly ApplicationId: string; readonly EndpointId: string };
  readonly GetEventStream: { readonly ApplicationId: string };
  readonly GetExportJob: { readonly ApplicationId: string; readonly JobId: string };
  readonly GetExportJobs: { readonly ApplicationId: string; readonly PageSize?: string; readonly Token?: string };
  readonly GetGcmChannel: { readonly ApplicationId: string };
  readonly GetImportJob: { readonly ApplicationId: string; readonly JobId: string };
  readonly GetImportJobs: { readonly ApplicationId: string; readonly PageSize?: string; readonly Token?: string };
  readonly GetInAppMessages: { readonly ApplicationId: string; readonly EndpointId: string };
  readonly GetInAppTemplate: { readonly TemplateName: string; readonly Version?: string };
  readonly GetJourney: { readonly ApplicationId: string; readonly JourneyId: string };
  readonly GetJourneyDateRangeKpi: { readonly ApplicationId: string; readonly JourneyId: string; readonly KpiName: string; readonly EndTime?: string; readonly NextToken?: string; readonly PageSize?: string; readonly StartTime?: string };
  readonly GetJourneyExecutionActivityMetrics: { readonly ApplicationId: string; readonly JourneyActivityId: string; readonly JourneyId: string; readonly NextToken?: string; readonly PageSize?: string };
  readonly GetJourneyExecutionMetrics: { readonly ApplicationId: string; readonly JourneyId: string; readonly NextToken?: string; readonly PageSize?: string };
  readonly GetJourneyRunExecutionActivityMetrics: { readonly ApplicationId: string; readonly JourneyActivityId: string; readonly JourneyId: string; readonly RunId: string; readonly NextToken?: string; readonly PageSize?: string };
  readonly GetJourneyRunExecutionMetrics: { readonly ApplicationId: string; readonly JourneyId: string; readonly RunId: string; readonly NextToken?: string; readonly PageSize?: string };
  readonly GetJourneyRuns: { readonly ApplicationId: string; readonly JourneyId: string; readonly PageSize?: string; readonly Token?: string };
  readonly GetPushTemplate: { readonly TemplateName: string; readonly Version?: string };
  readonly GetRecommenderConfiguration: { readonly RecommenderId: string };
  readonly GetRecommenderConfigurations: { readonly PageSize?: string; readonly Token?: string };
  readonly GetSegment: { readonly ApplicationId: string; readonly SegmentId: string };
  readonly GetSegmentExportJobs: { readonly ApplicationId: string; readonly SegmentId: string; readonly PageSize?: string; readonly Token?: string };
  readonly GetSegmentImportJobs: { readonly ApplicationId: string; readonly SegmentId: string; readonly PageSize?: string; readonly Token?: string };
  readonly GetSegmentVersion: { readonly ApplicationId: string; readonly SegmentId: string; readonly Version: string };
  readonly GetSegmentVersions: { readonly ApplicationId: string; readonly SegmentId: string; readonly PageSize?: string; readonly Token?: string };
  readonly GetSegments: { readonly ApplicationId: string; readonly PageSize?: string; readonly Token?: string };
  readonly GetSmsChannel: { readonly ApplicationId: string };
  readonly GetSmsTemplate: { readonly TemplateName: string; readonly Version?: string };
  readonly GetUserEndpoints: { readonly ApplicationId: string; readonly UserId: string };
  readonly GetVoiceChannel: { readonly ApplicationId: string };
  readonly GetVoiceTemplate: { readonly TemplateName: string; readonly Version?: string };
  readonly ListJourneys: { readonly ApplicationId: string; readonly PageSize?: string; readonly Token?: string };
  readonly ListTagsForResource: { readonly ResourceArn: string };
  readonly ListTemplateVersions: { readonly TemplateName: string; readonly TemplateType: string; readonly NextToken?: string; readonly PageSize?: string };
  readonly ListTemplates: { readonly NextToken?: string; readonly PageSize?: string; readonly Prefix?: string; readonly TemplateType?: string };
  readonly PhoneNumberValidate: { readonly NumberValidateRequest: pinpoint.NumberValidateRequest };
  readonly PutEventStream: { readonly ApplicationId: string; readonly WriteEventStream: pinpoint.WriteEventStream };
  readonly PutEvents: { readonly ApplicationId: string; readonly EventsRequest: pinpoint.EventsRequest };
  readonly RemoveAttributes: { readonly ApplicationId: string; readonly AttributeType: string; readonly UpdateAttributesRequest: pinpoint.UpdateAttributesRequest };
  readonly SendMessages: { readonly ApplicationId: string; readonly MessageRequest: pinpoint.MessageRequest };
  readonly SendOTPMessage: { readonly ApplicationId: string; readonly SendOTPMessageRequestParameters: pinpoint.SendOTPMessageRequestParameters };
  readonly SendUsersMessages: { readonly ApplicationId: string; readonly SendUsersMessageRequest: pinpoint.SendUsersMessageRequest };
  readonly TagResource: { readonly ResourceArn: string; readonly TagsModel: pinpoint.TagsModel };
  readonly UntagResource: { readonly ResourceArn: string; readonly TagKeys: readonly string[] };
  readonly UpdateAdmChannel: { readonly ApplicationId: string; readonly ADMChannelRequest: pinpoint.ADMChannelRequest };
  readonly UpdateApnsChannel: { readonly ApplicationId: string; readonly APNSChannelRequest: pinpoint.APNSChannelRequest };
  readonly UpdateApnsSandboxChannel: { readonly ApplicationId: string; readonly APNSSandboxChannelRequest: pinpoint.APNSSandboxChannelRequest };
  readonly UpdateApnsVoipChannel: { readonly ApplicationId: string; readonly APNSVoipChannelRequest: pinpoint.APNSVoipChannelRequest };
  readonly UpdateApnsVoipSandboxChannel: { readonly ApplicationId: string; readonly APNSVoipSandboxChannelRequest: pinpoint.APNSVoipSandboxChannelRequest };
  readonly UpdateApplicationSettings: { readonly ApplicationId: string; readonly WriteApplicationSettingsRequest: pinpoint.WriteApplicationSettingsRequest };
  readonly UpdateBaiduChannel: { readonly ApplicationId: string; readonly BaiduChannelRequest: pinpoint.BaiduChannelRequest };
  readonly UpdateCampaign: { readonly ApplicationId: string; readonly CampaignId: string; readonly WriteCampaignRequest: pinpoint.WriteCampaignRequest };
  readonly UpdateEmailChannel: { readonly ApplicationId: string; readonly EmailChannelRequest: pinpoint.EmailChannelRequest };
  readonly UpdateEmailTemplate: { readonly TemplateName: string; readonly CreateNewVersion?: string; readonly Version?: string; readonly EmailTemplateRequest: pinpoint.EmailTemplateRequest };
  readonly UpdateEndpoint: { readonly ApplicationId: string; readonly EndpointId: string; readonly EndpointRequest: pinpoint.EndpointRequest };
  readonly UpdateEndpointsBatch: { readonly ApplicationId: string; readonly EndpointBatchRequest: pinpoint.EndpointBatchRequest };
  readonly UpdateGcmChannel: { readonly ApplicationId: string; readonly GCMChannelRequest: pinpoint.GCMChannelRequest };
  readonly UpdateInAppTemplate: { readonly TemplateName: string; readonly CreateNewVersion?: string; readonly Version?: string; readonly InAppTemplateRequest: pinpoint.InAppTemplateRequest };
  readonly UpdateJourney: { readonly ApplicationId: string; readonly JourneyId: string; readonly WriteJourneyRequest: pinpoint.WriteJourneyRequest };
  readonly UpdateJourneyState: { readonly ApplicationId: string; readonly JourneyId: string; readonly JourneyStateRequest: pinpoint.JourneyStateRequest };
  readonly UpdatePushTemplate: { readonly TemplateName: string; readonly CreateNewVersion?: string; readonly Version?: string; readonly PushNotificationTemplateRequest: pinpoint.PushNotificationTemplateRequest };
  readonly UpdateRecommenderConfiguration: { readonly RecommenderId: string; readonly UpdateRecommenderConfiguration: pinpoint.UpdateRecommenderConfiguration };
  readonly UpdateSegment: { readonly ApplicationId: string; readonly SegmentId: string; readonly WriteSegmentRequest: pinpoint.WriteSegmentRequest };
  readonly UpdateSmsChannel: { readonly ApplicationId: string; readonly SMSChannelRequest: pinpoint.SMSChannelRequest };
  readonly UpdateSmsTemplate: { readonly TemplateName: string; readonly CreateNewVersion?: string; readonly Version?: string; readonly SMSTemplateRequest: pinpoint.SMSTemplateRequest };
  readonly UpdateTemplateActiveVersion: { readonly TemplateName: string; readonly TemplateType: string; readonly TemplateActiveVersionRequest: pinpoint.TemplateActiveVersionRequest };
  readonly UpdateVoiceChannel: { readonly ApplicationId: string; readonly VoiceChannelRequest: pinpoint.VoiceChannelRequest };
  readonly UpdateVoiceTemplate: { readonly TemplateName: string; readonly CreateNewVersion?: string; readonly Version?: string; readonly VoiceTemplateRequest: pinpoint.VoiceTemplateRequest };
  readonly VerifyOTPMessage: { readonly ApplicationId: string; readonly VerifyOTPMessageRequestParameters: pinpoint.VerifyOTPMessageRequestParameters };
  readonly SignIn: { readonly SignInRequest: repoint.SignInRequest };
  readonly SignOut: object;
  readonly GetCallerIdentity: object;
  readonly CreateUser: { readonly CreateUserRequest: repoint.CreateUserRequest };
  readonly GetUsers: { readonly PageSize?: string; readonly Token?: string };
  readonly GetUser: { readonly User: string };
  readonly DeleteUser: { readonly User: string };
  readonly SetUserPassword: { readonly User: string; readonly SetUserPasswordRequest: repoint.SetUserPasswordRequest };
  readonly AttachUserPolicy: { readonly User: string; readonly Policy: string };
  readonly DetachUserPolicy: { readonly User: string; readonly Policy: string };
  readonly CreateAccessKey: { readonly User: string };
  readonly GetAccessKeys: { readonly User?: string; readonly PageSize?: string; readonly Token?: string };
  readonly UpdateAccessKey: { readonly AccessKey: string; readonly UpdateAccessKeyRequest: repoint.UpdateAccessKeyRequest };
  readonly DeleteAccessKey: { readonly AccessKey: string };
  readonly RotateAccessKey: { readonly AccessKey: string; readonly RotateAccessKeyRequest: repoint.RotateAccessKeyRequest };
  readonly CreatePolicy: { readonly CreatePolicyRequest: repoint.CreatePolicyRequest };
  readonly GetPolicies: { readonly PageSize?: string; readonly Token?: string };
  readonly GetPolicy: { readonly Policy: string };
  readonly UpdatePolicy: { readonly Policy: string; readonly UpdatePolicyRequest: repoint.UpdatePolicyRequest };
  readonly DeletePolicy: { readonly Policy: string };
  readonly GetAuditLog: { readonly StartTime?: string; readonly EndTime?: string; readonly Operation?: string; readonly User?: string; readonly Project?: string; readonly PageSize?: string; readonly Token?: string };
  readonly GetAuditCounts: { readonly StartTime?: string; readonly EndTime?: string; readonly Operation?: string; readonly PageSize?: string; readonly Token?: string };
}

export interface OperationOutputs {
  readonly CreateApp: pinpoint.ApplicationResponse;
  readonly CreateCampaign: pinpoint.CampaignResponse;
  readonly CreateEmailTemplate: pinpoint.CreateTemplateMessageBody;
  readonly CreateExportJob: pinpoint.ExportJobResponse;
  readonly CreateImportJob: pinpoint.ImportJobResponse;
  readonly CreateInAppTemplate: pinpoint.TemplateCreateMessageBody;
  readonly CreateJourney: pinpoint.JourneyResponse;
  readonly CreatePushTemplate: pinpoint.CreateTemplateMessageBody;
  readonly CreateRecommenderConfiguration: pinpoint.RecommenderConfigurationResponse;
  readonly CreateSegment: pinpoint.SegmentResponse;
  readonly CreateSmsTemplate: pinpoint.CreateTemplateMessageBody;
  readonly CreateVoiceTemplate: pinpoint.CreateTemplateMessageBody;
  readonly DeleteAdmChannel: pinpoint.ADMChannelResponse;
  readonly DeleteApnsChannel: pinpoint.APNSChannelResponse;
  readonly DeleteApnsSandboxChannel: pinpoint.APNSSandboxChannelResponse;
  readonly DeleteApnsVoipChannel: pinpoint.APNSVoipChannelResponse;
  readonly DeleteApnsVoipSandboxChannel: pinpoint.APNSVoipSandboxChannelResponse;
  readonly DeleteApp: pinpoint.ApplicationResponse;
  readonly DeleteBaiduChannel: pinpoint.BaiduChannelResponse;
  readonly DeleteCampaign: pinpoint.CampaignResponse;
  readonly DeleteEmailChannel: pinpoint.EmailChannelResponse;
  readonly DeleteEmailTemplate: pinpoint.MessageBody;
  readonly DeleteEndpoint: pinpoint.EndpointResponse;
  readonly DeleteEventStream: pinpoint.EventStream;
  readonly DeleteGcmChannel: pinpoint.GCMChannelResponse;
  readonly DeleteInAppTemplate: pinpoint.MessageBody;
  readonly DeleteJourney: pinpoint.JourneyResponse;
  readonly DeletePushTemplate: pinpoint.MessageBody;
  readonly DeleteRecommenderConfiguration: pinpoint.RecommenderConfigurationResponse;
  readonly DeleteSegment: pinpoint.SegmentResponse;
  readonly DeleteSmsChannel: pinpoint.SMSChannelResponse;
  readonly DeleteSmsTemplate: pinpoint.MessageBody;
  readonly DeleteUserEndpoints: pinpoint.EndpointsResponse;
  readonly DeleteVoiceChannel: pinpoint.VoiceChannelResponse;
  readonly DeleteVoiceTemplate: pinpoint.MessageBody;
  readonly GetAdmChannel: pinpoint.ADMChannelResponse;
  readonly GetApnsChannel: pinpoint.APNSChannelResponse;
  readonly GetApnsSandboxChannel: pinpoint.APNSSandboxChannelResponse;
  readonly GetApnsVoipChannel: pinpoint.APNSVoipChannelResponse;
  readonly GetApnsVoipSandboxChannel: pinpoint.APNSVoipSandboxChannelResponse;
  readonly GetApp: pinpoint.ApplicationResponse;
  readonly GetApplicationDateRangeKpi: pinpoint.ApplicationDateRangeKpiResponse;
  readonly GetApplicationSettings: pinpoint.ApplicationSettingsResource;
  readonly GetApps: pinpoint.ApplicationsResponse;
  readonly GetBaiduChannel: pinpoint.BaiduChannelResponse;
  readonly GetCampaign: pinpoint.CampaignResponse;
  readonly GetCampaignActivities: pinpoint.ActivitiesResponse;
  readonly GetCampaignDateRangeKpi: pinpoint.CampaignDateRangeKpiResponse;
  readonly GetCampaignVersion: pinpoint.CampaignResponse;
  readonly GetCampaignVersions: pinpoint.CampaignsResponse;
  readonly GetCampaigns: pinpoint.CampaignsResponse;
  readonly GetChannels: pinpoint.ChannelsResponse;
  readonly GetEmailChannel: pinpoint.EmailChannelResponse;
  readonly GetEmailTemplate: pinpoint.EmailTemplateResponse;
  readonly GetEndpoint: pinpoint.EndpointResponse;
  readonly GetEventStream: pinpoint.EventStream;
  readonly GetExportJob: pinpoint.ExportJobResponse;
  readonly GetExportJobs: pinpoint.ExportJobsResponse;
  readonly GetGcmChannel: pinpoint.GCMChannelResponse;
  readonly GetImportJob: pinpoint.ImportJobResponse;
  readonly GetImportJobs: pinpoint.ImportJobsResponse;
  readonly GetInAppMessages: pinpoint.InAppMessagesResponse;
  readonly GetInAppTemplate: pinpoint.InAppTemplateResponse;
  readonly GetJourney: pinpoint.JourneyResponse;
  readonly GetJourneyDateRangeKpi: pinpoint.JourneyDateRangeKpiResponse;
  readonly GetJourneyExecutionActivityMetrics: pinpoint.JourneyExecutionActivityMetricsResponse;
  readonly GetJourneyExecutionMetrics: pinpoint.JourneyExecutionMetricsResponse;
  readonly GetJourneyRunExecutionActivityMetrics: pinpoint.JourneyRunExecutionActivityMetricsResponse;
  readonly GetJourneyRunExecutionMetrics: pinpoint.JourneyRunExecutionMetricsResponse;
  readonly GetJourneyRuns: pinpoint.JourneyRunsResponse;
  readonly GetPushTemplate: pinpoint.PushNotificationTemplateResponse;
  readonly GetRecommenderConfiguration: pinpoint.RecommenderConfigurationResponse;
  readonly GetRecommenderConfigurations: pinpoint.ListRecommenderConfigurationsResponse;
  readonly GetSegment: pinpoint.SegmentResponse;
  readonly GetSegmentExportJobs: pinpoint.ExportJobsResponse;
  readonly GetSegmentImportJobs: pinpoint.ImportJobsResponse;
  readonly GetSegmentVersion: pinpoint.SegmentResponse;
  readonly GetSegmentVersions: pinpoint.SegmentsResponse;
  readonly GetSegments: pinpoint.SegmentsResponse;
  readonly GetSmsChannel: pinpoint.SMSChannelResponse;
  readonly GetSmsTemplate: pinpoint.SMSTemplateResponse;
  readonly GetUserEndpoints: pinpoint.EndpointsResponse;
  readonly GetVoiceChannel: pinpoint.VoiceChannelResponse;
  readonly GetVoiceTemplate: pinpoint.VoiceTemplateResponse;
  readonly ListJourneys: pinpoint.JourneysResponse;
  readonly ListTagsForResource: pinpoint.TagsModel;
  readonly ListTemplateVersions: pinpoint.TemplateVersionsResponse;
  readonly ListTemplates: pinpoint.TemplatesResponse;
  readonly PhoneNumberValidate: pinpoint.NumberValidateResponse;
  readonly PutEventStream: pinpoint.EventStream;
  readonly PutEvents: pinpoint.EventsResponse;
  readonly RemoveAttributes: pinpoint.AttributesResource;
  readonly SendMessages: pinpoint.MessageResponse;
  readonly SendOTPMessage: pinpoint.MessageResponse;
  readonly SendUsersMessages: pinpoint.SendUsersMessageResponse;
  readonly TagResource: void;
  readonly UntagResource: void;
  readonly UpdateAdmChannel: pinpoint.ADMChannelResponse;
  readonly UpdateApnsChannel: pinpoint.APNSChannelResponse;
  readonly UpdateApnsSandboxChannel: pinpoint.APNSSandboxChannelResponse;
  readonly UpdateApnsVoipChannel: pinpoint.APNSVoipChannelResponse;
  readonly UpdateApnsVoipSandboxChannel: pinpoint.APNSVoipSandboxChannelResponse;
  readonly UpdateApplicationSettings: pinpoint.ApplicationSettingsResource;
  readonly UpdateBaiduChannel: pinpoint.BaiduChannelResponse;
  readonly UpdateCampaign: pinpoint.CampaignResponse;
  readonly UpdateEmailChannel: pinpoint.EmailChannelResponse;
  readonly UpdateEmailTemplate: pinpoint.MessageBody;
  readonly UpdateEndpoint: pinpoint.MessageBody;
  readonly UpdateEndpointsBatch: pinpoint.MessageBody;
  readonly UpdateGcmChannel: pinpoint.GCMChannelResponse;
  readonly UpdateInAppTemplate: pinpoint.MessageBody;
  readonly UpdateJourney: pinpoint.JourneyResponse;
  readonly UpdateJourneyState: pinpoint.JourneyResponse;
  readonly UpdatePushTemplate: pinpoint.MessageBody;
  readonly UpdateRecommenderConfiguration: pinpoint.RecommenderConfigurationResponse;
  readonly UpdateSegment: pinpoint.SegmentResponse;
  readonly UpdateSmsChannel: pinpoint.SMSChannelResponse;
  readonly UpdateSmsTemplate: pinpoint.MessageBody;
  readonly UpdateTemplateActiveVersion: pinpoint.MessageBody;
  readonly UpdateVoiceChannel: pinpoint.VoiceChannelResponse;
  readonly UpdateVoiceTemplate: pinpoint.MessageBody;
  readonly VerifyOTPMessage: pinpoint.VerificationResponse;
  readonly SignIn: repoint.SignInResponse;
  readonly SignOut: void;
  readonly GetCallerIdentity: repoint.CallerIdentity;
  readonly CreateUser: repoint.UserResponse;
  readonly GetUsers: repoint.UsersResponse;
  readonly GetUser: repoint.UserResponse;
  readonly DeleteUser: repoint.UserResponse;
  readonly SetUserPassword: void;
  readonly AttachUserPolicy: void;
  readonly DetachUserPolicy: void;
  readonly CreateAccessKey: repoint.NewAccessKey;
  readonly GetAccessKeys: repoint.AccessKeysResponse;
  readonly UpdateAccessKey: repoint.AccessKeyResponse;
  readonly DeleteAccessKey: repoint.AccessKeyResponse;
  readonly RotateAccessKey: repoint.NewAccessKey;
  readonly CreatePolicy: repoint.PolicyResponse;
  readonly GetPolicies: repoint.PoliciesResponse;
  readonly GetPolicy: repoint.PolicyResponse;
  readonly UpdatePolicy: repoint.PolicyResponse;
  readonly DeletePolicy: repoint.PolicyResponse;
  readonly GetAuditLog: repoint.AuditLogResponse;
  readonly GetAuditCounts: repoint.AuditCountsResponse;
}

export type OperationName = keyof OperationInputs;

/** Operations with a project in their path. */
export type ProjectOperationName =
  | 'CreateCampaign'
  | 'CreateExportJob'
  | 'CreateImportJob'
  | 'CreateJourney'
  | 'CreateSegment'
  | 'DeleteAdmChannel'
  | 'DeleteApnsChannel'
  | 'DeleteApnsSandboxChannel'
  | 'DeleteApnsVoipChannel'
  | 'DeleteApnsVoipSandboxChannel'
  | 'DeleteApp'
  | 'DeleteBaiduChannel'
  | 'DeleteCampaign'
  | 'DeleteEmailChannel'
  | 'DeleteEndpoint'
  | 'DeleteEventStream'
  | 'DeleteGcmChannel'
  | 'DeleteJourney'
  | 'DeleteSegment'
  | 'DeleteSmsChannel'
  | 'DeleteUserEndpoints'
  | 'DeleteVoiceChannel'
  | 'GetAdmChannel'
  | 'GetApnsChannel'
  | 'GetApnsSandboxChannel'
  | 'GetApnsVoipChannel'
  | 'GetApnsVoipSandboxChannel'
  | 'GetApp'
  | 'GetApplicationDateRangeKpi'
  | 'GetApplicationSettings'
  | 'GetBaiduChannel'
  | 'GetCampaign'
  | 'GetCampaignActivities'
  | 'GetCampaignDateRangeKpi'
  | 'GetCampaignVersion'
  | 'GetCampaignVersions'
  | 'GetCampaigns'
  | 'GetChannels'
  | 'GetEmailChannel'
  | 'GetEndpoint'
  | 'GetEventStream'
  | 'GetExportJob'
  | 'GetExportJobs'
  | 'GetGcmChannel'
  | 'GetImportJob'
  | 'GetImportJobs'
  | 'GetInAppMessages'
  | 'GetJourney'
  | 'GetJourneyDateRangeKpi'
  | 'GetJourneyExecutionActivityMetrics'
  | 'GetJourneyExecutionMetrics'
  | 'GetJourneyRunExecutionActivityMetrics'
  | 'GetJourneyRunExecutionMetrics'
  | 'GetJourneyRuns'
  | 'GetSegment'
  | 'GetSegmentExportJobs'
  | 'GetSegmentImportJobs'
  | 'GetSegmentVersion'
  | 'GetSegmentVersions'
  | 'GetSegments'
  | 'GetSmsChannel'
  | 'GetUserEndpoints'
  | 'GetVoiceChannel'
  | 'ListJourneys'
  | 'PutEventStream'
  | 'PutEvents'
  | 'RemoveAttributes'
  | 'SendMessages'
  | 'SendOTPMessage'
  | 'SendUsersMessages'
  | 'UpdateAdmChannel'
  | 'UpdateApnsChannel'
  | 'UpdateApnsSandboxChannel'
  | 'UpdateApnsVoipChannel'
  | 'UpdateApnsVoipSandboxChannel'
  | 'UpdateApplicationSettings'
  | 'UpdateBaiduChannel'
  | 'UpdateCampaign'
  | 'UpdateEmailChannel'
  | 'UpdateEndpoint'
  | 'UpdateEndpointsBatch'
  | 'UpdateGcmChannel'
  | 'UpdateJourney'
  | 'UpdateJourneyState'
  | 'UpdateSegment'
  | 'UpdateSmsChannel'
  | 'UpdateVoiceChannel'
  | 'VerifyOTPMessage'
;

export const operations: { readonly [Name in OperationName]: OperationDefinition } = {
  CreateApp: {"name":"CreateApp","service":"pinpoint","method":"POST","path":"/v1/apps","successStatus":201,"action":"mobiletargeting:CreateApp","resource":"apps","labels":[],"query":[],"audit":"change","quotaPerSecond":300,"payload":{"member":"CreateApplicationRequest","required":true}},
  CreateCampaign: {"name":"CreateCampaign","service":"pinpoint","method":"POST","path":"/v1/apps/{application-id}/campaigns","successStatus":201,"action":"mobiletargeting:CreateCampaign","resource":"apps/{application-id}/campaigns","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":25,"payload":{"member":"WriteCampaignRequest","required":true}},
  CreateEmailTemplate: {"name":"CreateEmailTemplate","service":"pinpoint","method":"POST","path":"/v1/templates/{template-name}/email","successStatus":201,"action":"mobiletargeting:CreateEmailTemplate","resource":"templates/{template-name}/EMAIL","labels":[{"label":"template-name","member":"TemplateName"}],"query":[],"audit":"change","quotaPerSecond":300,"payload":{"member":"EmailTemplateRequest","required":true}},
  CreateExportJob: {"name":"CreateExportJob","service":"pinpoint","method":"POST","path":"/v1/apps/{application-id}/jobs/export","successStatus":202,"action":"mobiletargeting:CreateExportJob","resource":"apps/{application-id}/jobs/export","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300,"payload":{"member":"ExportJobRequest","required":true}},
  CreateImportJob: {"name":"CreateImportJob","service":"pinpoint","method":"POST","path":"/v1/apps/{application-id}/jobs/import","successStatus":201,"action":"mobiletargeting:CreateImportJob","resource":"apps/{application-id}","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300,"payload":{"member":"ImportJobRequest","required":true}},
  CreateInAppTemplate: {"name":"CreateInAppTemplate","service":"pinpoint","method":"POST","path":"/v1/templates/{template-name}/inapp","successStatus":201,"action":"mobiletargeting:CreateInAppTemplate","resource":"templates/{template-name}/INAPP","labels":[{"label":"template-name","member":"TemplateName"}],"query":[],"audit":"change","quotaPerSecond":300,"payload":{"member":"InAppTemplateRequest","required":true}},
  CreateJourney: {"name":"CreateJourney","service":"pinpoint","method":"POST","path":"/v1/apps/{application-id}/journeys","successStatus":201,"action":"mobiletargeting:CreateJourney","resource":"apps/{application-id}/journeys","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300,"payload":{"member":"WriteJourneyRequest","required":true}},
  CreatePushTemplate: {"name":"CreatePushTemplate","service":"pinpoint","method":"POST","path":"/v1/templates/{template-name}/push","successStatus":201,"action":"mobiletargeting:CreatePushTemplate","resource":"templates/{template-name}/PUSH","labels":[{"label":"template-name","member":"TemplateName"}],"query":[],"audit":"change","quotaPerSecond":300,"payload":{"member":"PushNotificationTemplateRequest","required":true}},
  CreateRecommenderConfiguration: {"name":"CreateRecommenderConfiguration","service":"pinpoint","method":"POST","path":"/v1/recommenders","successStatus":201,"action":"mobiletargeting:CreateRecommenderConfiguration","resource":"recommenders","labels":[],"query":[],"audit":"change","quotaPerSecond":300,"payload":{"member":"CreateRecommenderConfiguration","required":true}},
  CreateSegment: {"name":"CreateSegment","service":"pinpoint","method":"POST","path":"/v1/apps/{application-id}/segments","successStatus":201,"action":"mobiletargeting:CreateSegment","resource":"apps/{application-id}","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":25,"payload":{"member":"WriteSegmentRequest","required":true}},
  CreateSmsTemplate: {"name":"CreateSmsTemplate","service":"pinpoint","method":"POST","path":"/v1/templates/{template-name}/sms","successStatus":201,"action":"mobiletargeting:CreateSmsTemplate","resource":"templates/{template-name}/SMS","labels":[{"label":"template-name","member":"TemplateName"}],"query":[],"audit":"change","quotaPerSecond":300,"payload":{"member":"SMSTemplateRequest","required":true}},
  CreateVoiceTemplate: {"name":"CreateVoiceTemplate","service":"pinpoint","method":"POST","path":"/v1/templates/{template-name}/voice","successStatus":201,"action":"mobiletargeting:CreateVoiceTemplate","resource":"templates/{template-name}/VOICE","labels":[{"label":"template-name","member":"TemplateName"}],"query":[],"audit":"change","quotaPerSecond":300,"payload":{"member":"VoiceTemplateRequest","required":true}},
  DeleteAdmChannel: {"name":"DeleteAdmChannel","service":"pinpoint","method":"DELETE","path":"/v1/apps/{application-id}/channels/adm","successStatus":200,"action":"mobiletargeting:DeleteAdmChannel","resource":"apps/{application-id}/channels/adm","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300},
  DeleteApnsChannel: {"name":"DeleteApnsChannel","service":"pinpoint","method":"DELETE","path":"/v1/apps/{application-id}/channels/apns","successStatus":200,"action":"mobiletargeting:DeleteApnsChannel","resource":"apps/{application-id}/channels/apns","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300},
  DeleteApnsSandboxChannel: {"name":"DeleteApnsSandboxChannel","service":"pinpoint","method":"DELETE","path":"/v1/apps/{application-id}/channels/apns_sandbox","successStatus":200,"action":"mobiletargeting:DeleteApnsSandboxChannel","resource":"apps/{application-id}/channels/apns_sandbox","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300},
  DeleteApnsVoipChannel: {"name":"DeleteApnsVoipChannel","service":"pinpoint","method":"DELETE","path":"/v1/apps/{application-id}/channels/apns_voip","successStatus":200,"action":"mobiletargeting:DeleteApnsVoipChannel","resource":"apps/{application-id}/channels/apns_voip","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300},
  DeleteApnsVoipSandboxChannel: {"name":"DeleteApnsVoipSandboxChannel","service":"pinpoint","method":"DELETE","path":"/v1/apps/{application-id}/channels/apns_voip_sandbox","successStatus":200,"action":"mobiletargeting:DeleteApnsVoipSandboxChannel","resource":"apps/{application-id}/channels/apns_voip_sandbox","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300},
  DeleteApp: {"name":"DeleteApp","service":"pinpoint","method":"DELETE","path":"/v1/apps/{application-id}","successStatus":200,"action":"mobiletargeting:DeleteApp","resource":"apps/{application-id}","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300},
  DeleteBaiduChannel: {"name":"DeleteBaiduChannel","service":"pinpoint","method":"DELETE","path":"/v1/apps/{application-id}/channels/baidu","successStatus":200,"action":"mobiletargeting:DeleteBaiduChannel","resource":"apps/{application-id}/channels/baidu","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300},
  DeleteCampaign: {"name":"DeleteCampaign","service":"pinpoint","method":"DELETE","path":"/v1/apps/{application-id}/campaigns/{campaign-id}","successStatus":200,"action":"mobiletargeting:DeleteCampaign","resource":"apps/{application-id}/campaigns/{campaign-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"campaign-id","member":"CampaignId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":25},
  DeleteEmailChannel: {"name":"DeleteEmailChannel","service":"pinpoint","method":"DELETE","path":"/v1/apps/{application-id}/channels/email","successStatus":200,"action":"mobiletargeting:DeleteEmailChannel","resource":"apps/{application-id}/channels/email","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300},
  DeleteEmailTemplate: {"name":"DeleteEmailTemplate","service":"pinpoint","method":"DELETE","path":"/v1/templates/{template-name}/email","successStatus":202,"action":"mobiletargeting:DeleteEmailTemplate","resource":"templates/{template-name}/EMAIL","labels":[{"label":"template-name","member":"TemplateName"}],"query":[{"parameter":"version","member":"Version","type":"string"}],"audit":"change","quotaPerSecond":300},
  DeleteEndpoint: {"name":"DeleteEndpoint","service":"pinpoint","method":"DELETE","path":"/v1/apps/{application-id}/endpoints/{endpoint-id}","successStatus":202,"action":"mobiletargeting:DeleteEndpoint","resource":"apps/{application-id}/endpoints/{endpoint-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"endpoint-id","member":"EndpointId"}],"query":[],"projectLabel":"application-id","audit":"data","quotaPerSecond":1000},
  DeleteEventStream: {"name":"DeleteEventStream","service":"pinpoint","method":"DELETE","path":"/v1/apps/{application-id}/eventstream","successStatus":200,"action":"mobiletargeting:DeleteEventStream","resource":"apps/{application-id}/eventstream","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300},
  DeleteGcmChannel: {"name":"DeleteGcmChannel","service":"pinpoint","method":"DELETE","path":"/v1/apps/{application-id}/channels/gcm","successStatus":200,"action":"mobiletargeting:DeleteGcmChannel","resource":"apps/{application-id}/channels/gcm","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300},
  DeleteInAppTemplate: {"name":"DeleteInAppTemplate","service":"pinpoint","method":"DELETE","path":"/v1/templates/{template-name}/inapp","successStatus":202,"action":"mobiletargeting:DeleteInAppTemplate","resource":"templates/{template-name}/INAPP","labels":[{"label":"template-name","member":"TemplateName"}],"query":[{"parameter":"version","member":"Version","type":"string"}],"audit":"change","quotaPerSecond":300},
  DeleteJourney: {"name":"DeleteJourney","service":"pinpoint","method":"DELETE","path":"/v1/apps/{application-id}/journeys/{journey-id}","successStatus":200,"action":"mobiletargeting:DeleteJourney","resource":"apps/{application-id}/journeys/{journey-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"journey-id","member":"JourneyId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300},
  DeletePushTemplate: {"name":"DeletePushTemplate","service":"pinpoint","method":"DELETE","path":"/v1/templates/{template-name}/push","successStatus":202,"action":"mobiletargeting:DeletePushTemplate","resource":"templates/{template-name}/PUSH","labels":[{"label":"template-name","member":"TemplateName"}],"query":[{"parameter":"version","member":"Version","type":"string"}],"audit":"change","quotaPerSecond":300},
  DeleteRecommenderConfiguration: {"name":"DeleteRecommenderConfiguration","service":"pinpoint","method":"DELETE","path":"/v1/recommenders/{recommender-id}","successStatus":200,"action":"mobiletargeting:DeleteRecommenderConfiguration","resource":"recommenders/{recommender-id}","labels":[{"label":"recommender-id","member":"RecommenderId"}],"query":[],"audit":"change","quotaPerSecond":300},
  DeleteSegment: {"name":"DeleteSegment","service":"pinpoint","method":"DELETE","path":"/v1/apps/{application-id}/segments/{segment-id}","successStatus":200,"action":"mobiletargeting:DeleteSegment","resource":"apps/{application-id}/segments/{segment-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"segment-id","member":"SegmentId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":25},
  DeleteSmsChannel: {"name":"DeleteSmsChannel","service":"pinpoint","method":"DELETE","path":"/v1/apps/{application-id}/channels/sms","successStatus":200,"action":"mobiletargeting:DeleteSmsChannel","resource":"apps/{application-id}/channels/sms","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300},
  DeleteSmsTemplate: {"name":"DeleteSmsTemplate","service":"pinpoint","method":"DELETE","path":"/v1/templates/{template-name}/sms","successStatus":202,"action":"mobiletargeting:DeleteSmsTemplate","resource":"templates/{template-name}/SMS","labels":[{"label":"template-name","member":"TemplateName"}],"query":[{"parameter":"version","member":"Version","type":"string"}],"audit":"change","quotaPerSecond":300},
  DeleteUserEndpoints: {"name":"DeleteUserEndpoints","service":"pinpoint","method":"DELETE","path":"/v1/apps/{application-id}/users/{user-id}","successStatus":202,"action":"mobiletargeting:DeleteUserEndpoints","resource":"apps/{application-id}/users/{user-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"user-id","member":"UserId"}],"query":[],"projectLabel":"application-id","audit":"data","quotaPerSecond":300},
  DeleteVoiceChannel: {"name":"DeleteVoiceChannel","service":"pinpoint","method":"DELETE","path":"/v1/apps/{application-id}/channels/voice","successStatus":200,"action":"mobiletargeting:DeleteVoiceChannel","resource":"apps/{application-id}/channels/voice","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300},
  DeleteVoiceTemplate: {"name":"DeleteVoiceTemplate","service":"pinpoint","method":"DELETE","path":"/v1/templates/{template-name}/voice","successStatus":202,"action":"mobiletargeting:DeleteVoiceTemplate","resource":"templates/{template-name}/VOICE","labels":[{"label":"template-name","member":"TemplateName"}],"query":[{"parameter":"version","member":"Version","type":"string"}],"audit":"change","quotaPerSecond":300},
  GetAdmChannel: {"name":"GetAdmChannel","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/channels/adm","successStatus":200,"action":"mobiletargeting:GetAdmChannel","resource":"apps/{application-id}/channels/adm","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetApnsChannel: {"name":"GetApnsChannel","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/channels/apns","successStatus":200,"action":"mobiletargeting:GetApnsChannel","resource":"apps/{application-id}/channels/apns","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetApnsSandboxChannel: {"name":"GetApnsSandboxChannel","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/channels/apns_sandbox","successStatus":200,"action":"mobiletargeting:GetApnsSandboxChannel","resource":"apps/{application-id}/channels/apns_sandbox","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetApnsVoipChannel: {"name":"GetApnsVoipChannel","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/channels/apns_voip","successStatus":200,"action":"mobiletargeting:GetApnsVoipChannel","resource":"apps/{application-id}/channels/apns_voip","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetApnsVoipSandboxChannel: {"name":"GetApnsVoipSandboxChannel","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/channels/apns_voip_sandbox","successStatus":200,"action":"mobiletargeting:GetApnsVoipSandboxChannel","resource":"apps/{application-id}/channels/apns_voip_sandbox","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetApp: {"name":"GetApp","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}","successStatus":200,"action":"mobiletargeting:GetApp","resource":"apps/{application-id}","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetApplicationDateRangeKpi: {"name":"GetApplicationDateRangeKpi","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/kpis/daterange/{kpi-name}","successStatus":200,"action":"mobiletargeting:GetApplicationDateRangeKpi","resource":"apps/{application-id}/kpis/daterange/{kpi-name}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"kpi-name","member":"KpiName"}],"query":[{"parameter":"end-time","member":"EndTime","type":"string"},{"parameter":"next-token","member":"NextToken","type":"string"},{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"start-time","member":"StartTime","type":"string"}],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetApplicationSettings: {"name":"GetApplicationSettings","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/settings","successStatus":200,"action":"mobiletargeting:GetApplicationSettings","resource":"apps/{application-id}","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetApps: {"name":"GetApps","service":"pinpoint","method":"GET","path":"/v1/apps","successStatus":200,"action":"mobiletargeting:GetApps","resource":"apps","labels":[],"query":[{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"token","member":"Token","type":"string"}],"audit":"read","quotaPerSecond":300},
  GetBaiduChannel: {"name":"GetBaiduChannel","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/channels/baidu","successStatus":200,"action":"mobiletargeting:GetBaiduChannel","resource":"apps/{application-id}/channels/baidu","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetCampaign: {"name":"GetCampaign","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/campaigns/{campaign-id}","successStatus":200,"action":"mobiletargeting:GetCampaign","resource":"apps/{application-id}/campaigns/{campaign-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"campaign-id","member":"CampaignId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetCampaignActivities: {"name":"GetCampaignActivities","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/campaigns/{campaign-id}/activities","successStatus":200,"action":"mobiletargeting:GetCampaignActivities","resource":"apps/{application-id}/campaigns/{campaign-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"campaign-id","member":"CampaignId"}],"query":[{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"token","member":"Token","type":"string"}],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetCampaignDateRangeKpi: {"name":"GetCampaignDateRangeKpi","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/campaigns/{campaign-id}/kpis/daterange/{kpi-name}","successStatus":200,"action":"mobiletargeting:GetCampaignDateRangeKpi","resource":"apps/{application-id}/campaigns/{campaign-id}/kpis/daterange/{kpi-name}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"campaign-id","member":"CampaignId"},{"label":"kpi-name","member":"KpiName"}],"query":[{"parameter":"end-time","member":"EndTime","type":"string"},{"parameter":"next-token","member":"NextToken","type":"string"},{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"start-time","member":"StartTime","type":"string"}],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetCampaignVersion: {"name":"GetCampaignVersion","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/campaigns/{campaign-id}/versions/{version}","successStatus":200,"action":"mobiletargeting:GetCampaignVersion","resource":"apps/{application-id}/campaigns/{campaign-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"campaign-id","member":"CampaignId"},{"label":"version","member":"Version"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetCampaignVersions: {"name":"GetCampaignVersions","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/campaigns/{campaign-id}/versions","successStatus":200,"action":"mobiletargeting:GetCampaignVersions","resource":"apps/{application-id}/campaigns/{campaign-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"campaign-id","member":"CampaignId"}],"query":[{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"token","member":"Token","type":"string"}],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetCampaigns: {"name":"GetCampaigns","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/campaigns","successStatus":200,"action":"mobiletargeting:GetCampaigns","resource":"apps/{application-id}","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"token","member":"Token","type":"string"}],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetChannels: {"name":"GetChannels","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/channels","successStatus":200,"action":"mobiletargeting:GetChannels","resource":"apps/{application-id}/channels","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetEmailChannel: {"name":"GetEmailChannel","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/channels/email","successStatus":200,"action":"mobiletargeting:GetEmailChannel","resource":"apps/{application-id}/channels/email","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetEmailTemplate: {"name":"GetEmailTemplate","service":"pinpoint","method":"GET","path":"/v1/templates/{template-name}/email","successStatus":200,"action":"mobiletargeting:GetEmailTemplate","resource":"templates/{template-name}/EMAIL","labels":[{"label":"template-name","member":"TemplateName"}],"query":[{"parameter":"version","member":"Version","type":"string"}],"audit":"read","quotaPerSecond":300},
  GetEndpoint: {"name":"GetEndpoint","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/endpoints/{endpoint-id}","successStatus":200,"action":"mobiletargeting:GetEndpoint","resource":"apps/{application-id}/endpoints/{endpoint-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"endpoint-id","member":"EndpointId"}],"query":[],"projectLabel":"application-id","audit":"data","quotaPerSecond":7000},
  GetEventStream: {"name":"GetEventStream","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/eventstream","successStatus":200,"action":"mobiletargeting:GetEventStream","resource":"apps/{application-id}/eventstream","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetExportJob: {"name":"GetExportJob","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/jobs/export/{job-id}","successStatus":200,"action":"mobiletargeting:GetExportJob","resource":"apps/{application-id}/jobs/export/{job-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"job-id","member":"JobId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetExportJobs: {"name":"GetExportJobs","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/jobs/export","successStatus":200,"action":"mobiletargeting:GetExportJobs","resource":"apps/{application-id}/jobs/export","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"token","member":"Token","type":"string"}],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetGcmChannel: {"name":"GetGcmChannel","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/channels/gcm","successStatus":200,"action":"mobiletargeting:GetGcmChannel","resource":"apps/{application-id}/channels/gcm","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetImportJob: {"name":"GetImportJob","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/jobs/import/{job-id}","successStatus":200,"action":"mobiletargeting:GetImportJob","resource":"apps/{application-id}/jobs/import/{job-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"job-id","member":"JobId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetImportJobs: {"name":"GetImportJobs","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/jobs/import","successStatus":200,"action":"mobiletargeting:GetImportJobs","resource":"apps/{application-id}","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"token","member":"Token","type":"string"}],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetInAppMessages: {"name":"GetInAppMessages","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/endpoints/{endpoint-id}/inappmessages","successStatus":200,"action":"mobiletargeting:GetInAppMessages","resource":"apps/{application-id}/endpoints/{endpoint-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"endpoint-id","member":"EndpointId"}],"query":[],"projectLabel":"application-id","audit":"data","quotaPerSecond":300},
  GetInAppTemplate: {"name":"GetInAppTemplate","service":"pinpoint","method":"GET","path":"/v1/templates/{template-name}/inapp","successStatus":200,"action":"mobiletargeting:GetInAppTemplate","resource":"templates/{template-name}/INAPP","labels":[{"label":"template-name","member":"TemplateName"}],"query":[{"parameter":"version","member":"Version","type":"string"}],"audit":"read","quotaPerSecond":300},
  GetJourney: {"name":"GetJourney","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/journeys/{journey-id}","successStatus":200,"action":"mobiletargeting:GetJourney","resource":"apps/{application-id}/journeys/{journey-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"journey-id","member":"JourneyId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetJourneyDateRangeKpi: {"name":"GetJourneyDateRangeKpi","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/journeys/{journey-id}/kpis/daterange/{kpi-name}","successStatus":200,"action":"mobiletargeting:GetJourneyDateRangeKpi","resource":"apps/{application-id}/journeys/{journey-id}/kpis/daterange/{kpi-name}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"journey-id","member":"JourneyId"},{"label":"kpi-name","member":"KpiName"}],"query":[{"parameter":"end-time","member":"EndTime","type":"string"},{"parameter":"next-token","member":"NextToken","type":"string"},{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"start-time","member":"StartTime","type":"string"}],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetJourneyExecutionActivityMetrics: {"name":"GetJourneyExecutionActivityMetrics","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/journeys/{journey-id}/activities/{journey-activity-id}/execution-metrics","successStatus":200,"action":"mobiletargeting:GetJourneyExecutionActivityMetrics","resource":"apps/{application-id}/journeys/{journey-id}/activities/{journey-activity-id}/execution-metrics","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"journey-activity-id","member":"JourneyActivityId"},{"label":"journey-id","member":"JourneyId"}],"query":[{"parameter":"next-token","member":"NextToken","type":"string"},{"parameter":"page-size","member":"PageSize","type":"string"}],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetJourneyExecutionMetrics: {"name":"GetJourneyExecutionMetrics","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/journeys/{journey-id}/execution-metrics","successStatus":200,"action":"mobiletargeting:GetJourneyExecutionMetrics","resource":"apps/{application-id}/journeys/{journey-id}/execution-metrics","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"journey-id","member":"JourneyId"}],"query":[{"parameter":"next-token","member":"NextToken","type":"string"},{"parameter":"page-size","member":"PageSize","type":"string"}],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetJourneyRunExecutionActivityMetrics: {"name":"GetJourneyRunExecutionActivityMetrics","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/journeys/{journey-id}/runs/{run-id}/activities/{journey-activity-id}/execution-metrics","successStatus":200,"action":"mobiletargeting:GetJourneyRunExecutionActivityMetrics","resource":"apps/{application-id}/journeys/{journey-id}/runs/{run-id}/activities/{journey-activity-id}/execution-metrics","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"journey-activity-id","member":"JourneyActivityId"},{"label":"journey-id","member":"JourneyId"},{"label":"run-id","member":"RunId"}],"query":[{"parameter":"next-token","member":"NextToken","type":"string"},{"parameter":"page-size","member":"PageSize","type":"string"}],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetJourneyRunExecutionMetrics: {"name":"GetJourneyRunExecutionMetrics","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/journeys/{journey-id}/runs/{run-id}/execution-metrics","successStatus":200,"action":"mobiletargeting:GetJourneyRunExecutionMetrics","resource":"apps/{application-id}/journeys/{journey-id}/runs/{run-id}/execution-metrics","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"journey-id","member":"JourneyId"},{"label":"run-id","member":"RunId"}],"query":[{"parameter":"next-token","member":"NextToken","type":"string"},{"parameter":"page-size","member":"PageSize","type":"string"}],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetJourneyRuns: {"name":"GetJourneyRuns","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/journeys/{journey-id}/runs","successStatus":200,"action":"mobiletargeting:GetJourneyRuns","resource":"apps/{application-id}/journeys/{journey-id}/runs","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"journey-id","member":"JourneyId"}],"query":[{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"token","member":"Token","type":"string"}],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetPushTemplate: {"name":"GetPushTemplate","service":"pinpoint","method":"GET","path":"/v1/templates/{template-name}/push","successStatus":200,"action":"mobiletargeting:GetPushTemplate","resource":"templates/{template-name}/PUSH","labels":[{"label":"template-name","member":"TemplateName"}],"query":[{"parameter":"version","member":"Version","type":"string"}],"audit":"read","quotaPerSecond":300},
  GetRecommenderConfiguration: {"name":"GetRecommenderConfiguration","service":"pinpoint","method":"GET","path":"/v1/recommenders/{recommender-id}","successStatus":200,"action":"mobiletargeting:GetRecommenderConfiguration","resource":"recommenders/{recommender-id}","labels":[{"label":"recommender-id","member":"RecommenderId"}],"query":[],"audit":"read","quotaPerSecond":300},
  GetRecommenderConfigurations: {"name":"GetRecommenderConfigurations","service":"pinpoint","method":"GET","path":"/v1/recommenders","successStatus":200,"action":"mobiletargeting:GetRecommenderConfigurations","resource":"recommenders","labels":[],"query":[{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"token","member":"Token","type":"string"}],"audit":"read","quotaPerSecond":300},
  GetSegment: {"name":"GetSegment","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/segments/{segment-id}","successStatus":200,"action":"mobiletargeting:GetSegment","resource":"apps/{application-id}/segments/{segment-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"segment-id","member":"SegmentId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetSegmentExportJobs: {"name":"GetSegmentExportJobs","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/segments/{segment-id}/jobs/export","successStatus":200,"action":"mobiletargeting:GetSegmentExportJobs","resource":"apps/{application-id}/segments/{segment-id}/jobs/export","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"segment-id","member":"SegmentId"}],"query":[{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"token","member":"Token","type":"string"}],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetSegmentImportJobs: {"name":"GetSegmentImportJobs","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/segments/{segment-id}/jobs/import","successStatus":200,"action":"mobiletargeting:GetSegmentImportJobs","resource":"apps/{application-id}/segments/{segment-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"segment-id","member":"SegmentId"}],"query":[{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"token","member":"Token","type":"string"}],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetSegmentVersion: {"name":"GetSegmentVersion","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/segments/{segment-id}/versions/{version}","successStatus":200,"action":"mobiletargeting:GetSegmentVersion","resource":"apps/{application-id}/segments/{segment-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"segment-id","member":"SegmentId"},{"label":"version","member":"Version"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetSegmentVersions: {"name":"GetSegmentVersions","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/segments/{segment-id}/versions","successStatus":200,"action":"mobiletargeting:GetSegmentVersions","resource":"apps/{application-id}/segments/{segment-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"segment-id","member":"SegmentId"}],"query":[{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"token","member":"Token","type":"string"}],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetSegments: {"name":"GetSegments","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/segments","successStatus":200,"action":"mobiletargeting:GetSegments","resource":"apps/{application-id}","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"token","member":"Token","type":"string"}],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetSmsChannel: {"name":"GetSmsChannel","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/channels/sms","successStatus":200,"action":"mobiletargeting:GetSmsChannel","resource":"apps/{application-id}/channels/sms","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetSmsTemplate: {"name":"GetSmsTemplate","service":"pinpoint","method":"GET","path":"/v1/templates/{template-name}/sms","successStatus":200,"action":"mobiletargeting:GetSmsTemplate","resource":"templates/{template-name}/SMS","labels":[{"label":"template-name","member":"TemplateName"}],"query":[{"parameter":"version","member":"Version","type":"string"}],"audit":"read","quotaPerSecond":300},
  GetUserEndpoints: {"name":"GetUserEndpoints","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/users/{user-id}","successStatus":200,"action":"mobiletargeting:GetUserEndpoints","resource":"apps/{application-id}/users/{user-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"user-id","member":"UserId"}],"query":[],"projectLabel":"application-id","audit":"data","quotaPerSecond":300},
  GetVoiceChannel: {"name":"GetVoiceChannel","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/channels/voice","successStatus":200,"action":"mobiletargeting:GetVoiceChannel","resource":"apps/{application-id}/channels/voice","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  GetVoiceTemplate: {"name":"GetVoiceTemplate","service":"pinpoint","method":"GET","path":"/v1/templates/{template-name}/voice","successStatus":200,"action":"mobiletargeting:GetVoiceTemplate","resource":"templates/{template-name}/VOICE","labels":[{"label":"template-name","member":"TemplateName"}],"query":[{"parameter":"version","member":"Version","type":"string"}],"audit":"read","quotaPerSecond":300},
  ListJourneys: {"name":"ListJourneys","service":"pinpoint","method":"GET","path":"/v1/apps/{application-id}/journeys","successStatus":200,"action":"mobiletargeting:ListJourneys","resource":"apps/{application-id}/journeys","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"token","member":"Token","type":"string"}],"projectLabel":"application-id","audit":"read","quotaPerSecond":300},
  ListTagsForResource: {"name":"ListTagsForResource","service":"pinpoint","method":"GET","path":"/v1/tags/{resource-arn}","successStatus":200,"action":"mobiletargeting:ListTagsForResource","resource":"{resource-arn}","labels":[{"label":"resource-arn","member":"ResourceArn"}],"query":[],"audit":"read","quotaPerSecond":300},
  ListTemplateVersions: {"name":"ListTemplateVersions","service":"pinpoint","method":"GET","path":"/v1/templates/{template-name}/{template-type}/versions","successStatus":200,"action":"mobiletargeting:ListTemplateVersions","resource":"templates/{template-name}/{template-type}","labels":[{"label":"template-name","member":"TemplateName"},{"label":"template-type","member":"TemplateType"}],"query":[{"parameter":"next-token","member":"NextToken","type":"string"},{"parameter":"page-size","member":"PageSize","type":"string"}],"audit":"read","quotaPerSecond":300},
  ListTemplates: {"name":"ListTemplates","service":"pinpoint","method":"GET","path":"/v1/templates","successStatus":200,"action":"mobiletargeting:ListTemplates","resource":"templates","labels":[],"query":[{"parameter":"next-token","member":"NextToken","type":"string"},{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"prefix","member":"Prefix","type":"string"},{"parameter":"template-type","member":"TemplateType","type":"string"}],"audit":"read","quotaPerSecond":300},
  PhoneNumberValidate: {"name":"PhoneNumberValidate","service":"pinpoint","method":"POST","path":"/v1/phone/number/validate","successStatus":200,"action":"mobiletargeting:PhoneNumberValidate","resource":"phone/number/validate","labels":[],"query":[],"audit":"data","quotaPerSecond":20,"payload":{"member":"NumberValidateRequest","required":true}},
  PutEventStream: {"name":"PutEventStream","service":"pinpoint","method":"POST","path":"/v1/apps/{application-id}/eventstream","successStatus":200,"action":"mobiletargeting:PutEventStream","resource":"apps/{application-id}/eventstream","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300,"payload":{"member":"WriteEventStream","required":true}},
  PutEvents: {"name":"PutEvents","service":"pinpoint","method":"POST","path":"/v1/apps/{application-id}/events","successStatus":202,"action":"mobiletargeting:PutEvents","resource":"apps/{application-id}/events","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"data","quotaPerSecond":7000,"payload":{"member":"EventsRequest","required":true}},
  RemoveAttributes: {"name":"RemoveAttributes","service":"pinpoint","method":"PUT","path":"/v1/apps/{application-id}/attributes/{attribute-type}","successStatus":200,"action":"mobiletargeting:RemoveAttributes","resource":"apps/{application-id}/attributes/{attribute-type}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"attribute-type","member":"AttributeType"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300,"payload":{"member":"UpdateAttributesRequest","required":true}},
  SendMessages: {"name":"SendMessages","service":"pinpoint","method":"POST","path":"/v1/apps/{application-id}/messages","successStatus":200,"action":"mobiletargeting:SendMessages","resource":"apps/{application-id}/messages","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"data","quotaPerSecond":4000,"payload":{"member":"MessageRequest","required":true}},
  SendOTPMessage: {"name":"SendOTPMessage","service":"pinpoint","method":"POST","path":"/v1/apps/{application-id}/otp","successStatus":200,"action":"mobiletargeting:SendOTPMessage","resource":"apps/{application-id}/otp","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"data","quotaPerSecond":300,"payload":{"member":"SendOTPMessageRequestParameters","required":true}},
  SendUsersMessages: {"name":"SendUsersMessages","service":"pinpoint","method":"POST","path":"/v1/apps/{application-id}/users-messages","successStatus":200,"action":"mobiletargeting:SendUsersMessages","resource":"apps/{application-id}/messages","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"data","quotaPerSecond":6000,"payload":{"member":"SendUsersMessageRequest","required":true}},
  TagResource: {"name":"TagResource","service":"pinpoint","method":"POST","path":"/v1/tags/{resource-arn}","successStatus":204,"action":"mobiletargeting:TagResource","resource":"{resource-arn}","labels":[{"label":"resource-arn","member":"ResourceArn"}],"query":[],"audit":"change","quotaPerSecond":300,"payload":{"member":"TagsModel","required":true}},
  UntagResource: {"name":"UntagResource","service":"pinpoint","method":"DELETE","path":"/v1/tags/{resource-arn}","successStatus":204,"action":"mobiletargeting:UntagResource","resource":"{resource-arn}","labels":[{"label":"resource-arn","member":"ResourceArn"}],"query":[{"parameter":"tagKeys","member":"TagKeys","type":"list"}],"audit":"change","quotaPerSecond":300},
  UpdateAdmChannel: {"name":"UpdateAdmChannel","service":"pinpoint","method":"PUT","path":"/v1/apps/{application-id}/channels/adm","successStatus":200,"action":"mobiletargeting:UpdateAdmChannel","resource":"apps/{application-id}/channels/adm","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300,"payload":{"member":"ADMChannelRequest","required":true}},
  UpdateApnsChannel: {"name":"UpdateApnsChannel","service":"pinpoint","method":"PUT","path":"/v1/apps/{application-id}/channels/apns","successStatus":200,"action":"mobiletargeting:UpdateApnsChannel","resource":"apps/{application-id}/channels/apns","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300,"payload":{"member":"APNSChannelRequest","required":true}},
  UpdateApnsSandboxChannel: {"name":"UpdateApnsSandboxChannel","service":"pinpoint","method":"PUT","path":"/v1/apps/{application-id}/channels/apns_sandbox","successStatus":200,"action":"mobiletargeting:UpdateApnsSandboxChannel","resource":"apps/{application-id}/channels/apns_sandbox","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300,"payload":{"member":"APNSSandboxChannelRequest","required":true}},
  UpdateApnsVoipChannel: {"name":"UpdateApnsVoipChannel","service":"pinpoint","method":"PUT","path":"/v1/apps/{application-id}/channels/apns_voip","successStatus":200,"action":"mobiletargeting:UpdateApnsVoipChannel","resource":"apps/{application-id}/channels/apns_voip","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300,"payload":{"member":"APNSVoipChannelRequest","required":true}},
  UpdateApnsVoipSandboxChannel: {"name":"UpdateApnsVoipSandboxChannel","service":"pinpoint","method":"PUT","path":"/v1/apps/{application-id}/channels/apns_voip_sandbox","successStatus":200,"action":"mobiletargeting:UpdateApnsVoipSandboxChannel","resource":"apps/{application-id}/channels/apns_voip_sandbox","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300,"payload":{"member":"APNSVoipSandboxChannelRequest","required":true}},
  UpdateApplicationSettings: {"name":"UpdateApplicationSettings","service":"pinpoint","method":"PUT","path":"/v1/apps/{application-id}/settings","successStatus":200,"action":"mobiletargeting:UpdateApplicationSettings","resource":"apps/{application-id}","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300,"payload":{"member":"WriteApplicationSettingsRequest","required":true}},
  UpdateBaiduChannel: {"name":"UpdateBaiduChannel","service":"pinpoint","method":"PUT","path":"/v1/apps/{application-id}/channels/baidu","successStatus":200,"action":"mobiletargeting:UpdateBaiduChannel","resource":"apps/{application-id}/channels/baidu","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300,"payload":{"member":"BaiduChannelRequest","required":true}},
  UpdateCampaign: {"name":"UpdateCampaign","service":"pinpoint","method":"PUT","path":"/v1/apps/{application-id}/campaigns/{campaign-id}","successStatus":200,"action":"mobiletargeting:UpdateCampaign","resource":"apps/{application-id}/campaigns/{campaign-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"campaign-id","member":"CampaignId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":25,"payload":{"member":"WriteCampaignRequest","required":true}},
  UpdateEmailChannel: {"name":"UpdateEmailChannel","service":"pinpoint","method":"PUT","path":"/v1/apps/{application-id}/channels/email","successStatus":200,"action":"mobiletargeting:UpdateEmailChannel","resource":"apps/{application-id}/channels/email","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300,"payload":{"member":"EmailChannelRequest","required":true}},
  UpdateEmailTemplate: {"name":"UpdateEmailTemplate","service":"pinpoint","method":"PUT","path":"/v1/templates/{template-name}/email","successStatus":202,"action":"mobiletargeting:UpdateEmailTemplate","resource":"templates/{template-name}/EMAIL","labels":[{"label":"template-name","member":"TemplateName"}],"query":[{"parameter":"create-new-version","member":"CreateNewVersion","type":"string"},{"parameter":"version","member":"Version","type":"string"}],"audit":"change","quotaPerSecond":300,"payload":{"member":"EmailTemplateRequest","required":true}},
  UpdateEndpoint: {"name":"UpdateEndpoint","service":"pinpoint","method":"PUT","path":"/v1/apps/{application-id}/endpoints/{endpoint-id}","successStatus":202,"action":"mobiletargeting:UpdateEndpoint","resource":"apps/{application-id}/endpoints/{endpoint-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"endpoint-id","member":"EndpointId"}],"query":[],"projectLabel":"application-id","audit":"data","quotaPerSecond":5000,"payload":{"member":"EndpointRequest","required":true}},
  UpdateEndpointsBatch: {"name":"UpdateEndpointsBatch","service":"pinpoint","method":"PUT","path":"/v1/apps/{application-id}/endpoints","successStatus":202,"action":"mobiletargeting:UpdateEndpointsBatch","resource":"apps/{application-id}","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"data","quotaPerSecond":5000,"payload":{"member":"EndpointBatchRequest","required":true}},
  UpdateGcmChannel: {"name":"UpdateGcmChannel","service":"pinpoint","method":"PUT","path":"/v1/apps/{application-id}/channels/gcm","successStatus":200,"action":"mobiletargeting:UpdateGcmChannel","resource":"apps/{application-id}/channels/gcm","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300,"payload":{"member":"GCMChannelRequest","required":true}},
  UpdateInAppTemplate: {"name":"UpdateInAppTemplate","service":"pinpoint","method":"PUT","path":"/v1/templates/{template-name}/inapp","successStatus":202,"action":"mobiletargeting:UpdateInAppTemplate","resource":"templates/{template-name}/INAPP","labels":[{"label":"template-name","member":"TemplateName"}],"query":[{"parameter":"create-new-version","member":"CreateNewVersion","type":"string"},{"parameter":"version","member":"Version","type":"string"}],"audit":"change","quotaPerSecond":300,"payload":{"member":"InAppTemplateRequest","required":true}},
  UpdateJourney: {"name":"UpdateJourney","service":"pinpoint","method":"PUT","path":"/v1/apps/{application-id}/journeys/{journey-id}","successStatus":200,"action":"mobiletargeting:UpdateJourney","resource":"apps/{application-id}/journeys/{journey-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"journey-id","member":"JourneyId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300,"payload":{"member":"WriteJourneyRequest","required":true}},
  UpdateJourneyState: {"name":"UpdateJourneyState","service":"pinpoint","method":"PUT","path":"/v1/apps/{application-id}/journeys/{journey-id}/state","successStatus":200,"action":"mobiletargeting:UpdateJourneyState","resource":"apps/{application-id}/journeys/{journey-id}/state","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"journey-id","member":"JourneyId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300,"payload":{"member":"JourneyStateRequest","required":true}},
  UpdatePushTemplate: {"name":"UpdatePushTemplate","service":"pinpoint","method":"PUT","path":"/v1/templates/{template-name}/push","successStatus":202,"action":"mobiletargeting:UpdatePushTemplate","resource":"templates/{template-name}/PUSH","labels":[{"label":"template-name","member":"TemplateName"}],"query":[{"parameter":"create-new-version","member":"CreateNewVersion","type":"string"},{"parameter":"version","member":"Version","type":"string"}],"audit":"change","quotaPerSecond":300,"payload":{"member":"PushNotificationTemplateRequest","required":true}},
  UpdateRecommenderConfiguration: {"name":"UpdateRecommenderConfiguration","service":"pinpoint","method":"PUT","path":"/v1/recommenders/{recommender-id}","successStatus":200,"action":"mobiletargeting:UpdateRecommenderConfiguration","resource":"recommenders/{recommender-id}","labels":[{"label":"recommender-id","member":"RecommenderId"}],"query":[],"audit":"change","quotaPerSecond":300,"payload":{"member":"UpdateRecommenderConfiguration","required":true}},
  UpdateSegment: {"name":"UpdateSegment","service":"pinpoint","method":"PUT","path":"/v1/apps/{application-id}/segments/{segment-id}","successStatus":200,"action":"mobiletargeting:UpdateSegment","resource":"apps/{application-id}/segments/{segment-id}","labels":[{"label":"application-id","member":"ApplicationId"},{"label":"segment-id","member":"SegmentId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":25,"payload":{"member":"WriteSegmentRequest","required":true}},
  UpdateSmsChannel: {"name":"UpdateSmsChannel","service":"pinpoint","method":"PUT","path":"/v1/apps/{application-id}/channels/sms","successStatus":200,"action":"mobiletargeting:UpdateSmsChannel","resource":"apps/{application-id}/channels/sms","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300,"payload":{"member":"SMSChannelRequest","required":true}},
  UpdateSmsTemplate: {"name":"UpdateSmsTemplate","service":"pinpoint","method":"PUT","path":"/v1/templates/{template-name}/sms","successStatus":202,"action":"mobiletargeting:UpdateSmsTemplate","resource":"templates/{template-name}/SMS","labels":[{"label":"template-name","member":"TemplateName"}],"query":[{"parameter":"create-new-version","member":"CreateNewVersion","type":"string"},{"parameter":"version","member":"Version","type":"string"}],"audit":"change","quotaPerSecond":300,"payload":{"member":"SMSTemplateRequest","required":true}},
  UpdateTemplateActiveVersion: {"name":"UpdateTemplateActiveVersion","service":"pinpoint","method":"PUT","path":"/v1/templates/{template-name}/{template-type}/active-version","successStatus":200,"action":"mobiletargeting:UpdateTemplateActiveVersion","resource":"templates/{template-name}/{template-type}","labels":[{"label":"template-name","member":"TemplateName"},{"label":"template-type","member":"TemplateType"}],"query":[],"audit":"change","quotaPerSecond":300,"payload":{"member":"TemplateActiveVersionRequest","required":true}},
  UpdateVoiceChannel: {"name":"UpdateVoiceChannel","service":"pinpoint","method":"PUT","path":"/v1/apps/{application-id}/channels/voice","successStatus":200,"action":"mobiletargeting:UpdateVoiceChannel","resource":"apps/{application-id}/channels/voice","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"change","quotaPerSecond":300,"payload":{"member":"VoiceChannelRequest","required":true}},
  UpdateVoiceTemplate: {"name":"UpdateVoiceTemplate","service":"pinpoint","method":"PUT","path":"/v1/templates/{template-name}/voice","successStatus":202,"action":"mobiletargeting:UpdateVoiceTemplate","resource":"templates/{template-name}/VOICE","labels":[{"label":"template-name","member":"TemplateName"}],"query":[{"parameter":"create-new-version","member":"CreateNewVersion","type":"string"},{"parameter":"version","member":"Version","type":"string"}],"audit":"change","quotaPerSecond":300,"payload":{"member":"VoiceTemplateRequest","required":true}},
  VerifyOTPMessage: {"name":"VerifyOTPMessage","service":"pinpoint","method":"POST","path":"/v1/apps/{application-id}/verify-otp","successStatus":200,"action":"mobiletargeting:VerifyOTPMessage","resource":"apps/{application-id}/verify-otp","labels":[{"label":"application-id","member":"ApplicationId"}],"query":[],"projectLabel":"application-id","audit":"data","quotaPerSecond":300,"payload":{"member":"VerifyOTPMessageRequestParameters","required":true}},
  SignIn: {"name":"SignIn","service":"repoint","method":"POST","path":"/repoint/v1/sign-in","successStatus":200,"action":"repoint:SignIn","resource":"sign-in","labels":[],"query":[],"audit":"change","anonymous":true,"quotaPerSecond":300,"payload":{"member":"SignInRequest","required":true}},
  SignOut: {"name":"SignOut","service":"repoint","method":"POST","path":"/repoint/v1/sign-out","successStatus":204,"action":"repoint:SignOut","resource":"session","labels":[],"query":[],"audit":"change","quotaPerSecond":300},
  GetCallerIdentity: {"name":"GetCallerIdentity","service":"repoint","method":"GET","path":"/repoint/v1/caller","successStatus":200,"action":"repoint:GetCallerIdentity","resource":"caller","labels":[],"query":[],"audit":"read","quotaPerSecond":300},
  CreateUser: {"name":"CreateUser","service":"repoint","method":"POST","path":"/repoint/v1/users","successStatus":201,"action":"repoint:CreateUser","resource":"users","labels":[],"query":[],"audit":"change","quotaPerSecond":300,"payload":{"member":"CreateUserRequest","required":true}},
  GetUsers: {"name":"GetUsers","service":"repoint","method":"GET","path":"/repoint/v1/users","successStatus":200,"action":"repoint:GetUsers","resource":"users","labels":[],"query":[{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"token","member":"Token","type":"string"}],"audit":"read","quotaPerSecond":300},
  GetUser: {"name":"GetUser","service":"repoint","method":"GET","path":"/repoint/v1/users/{user}","successStatus":200,"action":"repoint:GetUser","resource":"users/{user}","labels":[{"label":"user","member":"User"}],"query":[],"audit":"read","quotaPerSecond":300},
  DeleteUser: {"name":"DeleteUser","service":"repoint","method":"DELETE","path":"/repoint/v1/users/{user}","successStatus":200,"action":"repoint:DeleteUser","resource":"users/{user}","labels":[{"label":"user","member":"User"}],"query":[],"audit":"change","quotaPerSecond":300},
  SetUserPassword: {"name":"SetUserPassword","service":"repoint","method":"PUT","path":"/repoint/v1/users/{user}/password","successStatus":204,"action":"repoint:SetUserPassword","resource":"users/{user}","labels":[{"label":"user","member":"User"}],"query":[],"audit":"change","quotaPerSecond":300,"payload":{"member":"SetUserPasswordRequest","required":true}},
  AttachUserPolicy: {"name":"AttachUserPolicy","service":"repoint","method":"PUT","path":"/repoint/v1/users/{user}/policies/{policy}","successStatus":204,"action":"repoint:AttachUserPolicy","resource":"users/{user}","labels":[{"label":"user","member":"User"},{"label":"policy","member":"Policy"}],"query":[],"audit":"change","quotaPerSecond":300},
  DetachUserPolicy: {"name":"DetachUserPolicy","service":"repoint","method":"DELETE","path":"/repoint/v1/users/{user}/policies/{policy}","successStatus":204,"action":"repoint:DetachUserPolicy","resource":"users/{user}","labels":[{"label":"user","member":"User"},{"label":"policy","member":"Policy"}],"query":[],"audit":"change","quotaPerSecond":300},
  CreateAccessKey: {"name":"CreateAccessKey","service":"repoint","method":"POST","path":"/repoint/v1/users/{user}/access-keys","successStatus":201,"action":"repoint:CreateAccessKey","resource":"users/{user}","labels":[{"label":"user","member":"User"}],"query":[],"audit":"change","quotaPerSecond":300},
  GetAccessKeys: {"name":"GetAccessKeys","service":"repoint","method":"GET","path":"/repoint/v1/access-keys","successStatus":200,"action":"repoint:GetAccessKeys","resource":"access-keys","labels":[],"query":[{"parameter":"user","member":"User","type":"string"},{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"token","member":"Token","type":"string"}],"audit":"read","quotaPerSecond":300},
  UpdateAccessKey: {"name":"UpdateAccessKey","service":"repoint","method":"PUT","path":"/repoint/v1/access-keys/{access-key}","successStatus":200,"action":"repoint:UpdateAccessKey","resource":"access-keys/{access-key}","labels":[{"label":"access-key","member":"AccessKey"}],"query":[],"audit":"change","quotaPerSecond":300,"payload":{"member":"UpdateAccessKeyRequest","required":true}},
  DeleteAccessKey: {"name":"DeleteAccessKey","service":"repoint","method":"DELETE","path":"/repoint/v1/access-keys/{access-key}","successStatus":200,"action":"repoint:DeleteAccessKey","resource":"access-keys/{access-key}","labels":[{"label":"access-key","member":"AccessKey"}],"query":[],"audit":"change","quotaPerSecond":300},
  RotateAccessKey: {"name":"RotateAccessKey","service":"repoint","method":"POST","path":"/repoint/v1/access-keys/{access-key}/rotate","successStatus":201,"action":"repoint:RotateAccessKey","resource":"access-keys/{access-key}","labels":[{"label":"access-key","member":"AccessKey"}],"query":[],"audit":"change","quotaPerSecond":300,"payload":{"member":"RotateAccessKeyRequest","required":true}},
  CreatePolicy: {"name":"CreatePolicy","service":"repoint","method":"POST","path":"/repoint/v1/policies","successStatus":201,"action":"repoint:CreatePolicy","resource":"policies","labels":[],"query":[],"audit":"change","quotaPerSecond":300,"payload":{"member":"CreatePolicyRequest","required":true}},
  GetPolicies: {"name":"GetPolicies","service":"repoint","method":"GET","path":"/repoint/v1/policies","successStatus":200,"action":"repoint:GetPolicies","resource":"policies","labels":[],"query":[{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"token","member":"Token","type":"string"}],"audit":"read","quotaPerSecond":300},
  GetPolicy: {"name":"GetPolicy","service":"repoint","method":"GET","path":"/repoint/v1/policies/{policy}","successStatus":200,"action":"repoint:GetPolicy","resource":"policies/{policy}","labels":[{"label":"policy","member":"Policy"}],"query":[],"audit":"read","quotaPerSecond":300},
  UpdatePolicy: {"name":"UpdatePolicy","service":"repoint","method":"PUT","path":"/repoint/v1/policies/{policy}","successStatus":200,"action":"repoint:UpdatePolicy","resource":"policies/{policy}","labels":[{"label":"policy","member":"Policy"}],"query":[],"audit":"change","quotaPerSecond":300,"payload":{"member":"UpdatePolicyRequest","required":true}},
  DeletePolicy: {"name":"DeletePolicy","service":"repoint","method":"DELETE","path":"/repoint/v1/policies/{policy}","successStatus":200,"action":"repoint:DeletePolicy","resource":"policies/{policy}","labels":[{"label":"policy","member":"Policy"}],"query":[],"audit":"change","quotaPerSecond":300},
  GetAuditLog: {"name":"GetAuditLog","service":"repoint","method":"GET","path":"/repoint/v1/audit-log","successStatus":200,"action":"repoint:GetAuditLog","resource":"audit-log","labels":[],"query":[{"parameter":"start-time","member":"StartTime","type":"string"},{"parameter":"end-time","member":"EndTime","type":"string"},{"parameter":"operation","member":"Operation","type":"string"},{"parameter":"user","member":"User","type":"string"},{"parameter":"project","member":"Project","type":"string"},{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"token","member":"Token","type":"string"}],"audit":"read","quotaPerSecond":300},
  GetAuditCounts: {"name":"GetAuditCounts","service":"repoint","method":"GET","path":"/repoint/v1/audit-counts","successStatus":200,"action":"repoint:GetAuditCounts","resource":"audit-log","labels":[],"query":[{"parameter":"start-time","member":"StartTime","type":"string"},{"parameter":"end-time","member":"EndTime","type":"string"},{"parameter":"operation","member":"Operation","type":"string"},{"parameter":"page-size","member":"PageSize","type":"string"},{"parameter":"token","member":"Token","type":"string"}],"audit":"read","quotaPerSecond":300},
};
