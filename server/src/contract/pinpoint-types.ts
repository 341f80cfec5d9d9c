// GENERATED from model/ by scripts/generate-contract.ts. Do not edit: `npm run generate`.
export interface ADMChannelRequest {
  readonly ClientId: string;
  readonly ClientSecret: string;
  readonly Enabled?: boolean | undefined;
}

export interface ADMChannelResponse {
  readonly ApplicationId?: string | undefined;
  readonly CreationDate?: string | undefined;
  readonly Enabled?: boolean | undefined;
  readonly HasCredential?: boolean | undefined;
  readonly Id?: string | undefined;
  readonly IsArchived?: boolean | undefined;
  readonly LastModifiedBy?: string | undefined;
  readonly LastModifiedDate?: string | undefined;
  readonly Platform: string;
  readonly Version?: number | undefined;
}

export interface ADMMessage {
  readonly Action?: Action | undefined;
  readonly Body?: string | undefined;
  readonly ConsolidationKey?: string | undefined;
  readonly Data?: Readonly<Record<string, string>> | undefined;
  readonly ExpiresAfter?: string | undefined;
  readonly IconReference?: string | undefined;
  readonly ImageIconUrl?: string | undefined;
  readonly ImageUrl?: string | undefined;
  readonly MD5?: string | undefined;
  readonly RawContent?: string | undefined;
  readonly SilentPush?: boolean | undefined;
  readonly SmallImageIconUrl?: string | undefined;
  readonly Sound?: string | undefined;
  readonly Substitutions?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly Title?: string | undefined;
  readonly Url?: string | undefined;
}

export interface APNSChannelRequest {
  readonly BundleId?: string | undefined;
  readonly Certificate?: string | undefined;
  readonly DefaultAuthenticationMethod?: string | undefined;
  readonly Enabled?: boolean | undefined;
  readonly PrivateKey?: string | undefined;
  readonly TeamId?: string | undefined;
  readonly TokenKey?: string | undefined;
  readonly TokenKeyId?: string | undefined;
}

export interface APNSChannelResponse {
  readonly ApplicationId?: string | undefined;
  readonly CreationDate?: string | undefined;
  readonly DefaultAuthenticationMethod?: string | undefined;
  readonly Enabled?: boolean | undefined;
  readonly HasCredential?: boolean | undefined;
  readonly HasTokenKey?: boolean | undefined;
  readonly Id?: string | undefined;
  readonly IsArchived?: boolean | undefined;
  readonly LastModifiedBy?: string | undefined;
  readonly LastModifiedDate?: string | undefined;
  readonly Platform: string;
  readonly Version?: number | undefined;
}

export interface APNSMessage {
  readonly APNSPushType?: string | undefined;
  readonly Action?: Action | undefined;
  readonly Badge?: number | undefined;
  readonly Body?: string | undefined;
  readonly Category?: string | undefined;
  readonly CollapseId?: string | undefined;
  readonly Data?: Readonly<Record<string, string>> | undefined;
  readonly MediaUrl?: string | undefined;
  readonly PreferredAuthenticationMethod?: string | undefined;
  readonly Priority?: string | undefined;
  readonly RawContent?: string | undefined;
  readonly SilentPush?: boolean | undefined;
  readonly Sound?: string | undefined;
  readonly Substitutions?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly ThreadId?: string | undefined;
  readonly TimeToLive?: number | undefined;
  readonly Title?: string | undefined;
  readonly Url?: string | undefined;
}

export interface APNSPushNotificationTemplate {
  readonly Action?: Action | undefined;
  readonly Body?: string | undefined;
  readonly MediaUrl?: string | undefined;
  readonly RawContent?: string | undefined;
  readonly Sound?: string | undefined;
  readonly Title?: string | undefined;
  readonly Url?: string | undefined;
}

export interface APNSSandboxChannelRequest {
  readonly BundleId?: string | undefined;
  readonly Certificate?: string | undefined;
  readonly DefaultAuthenticationMethod?: string | undefined;
  readonly Enabled?: boolean | undefined;
  readonly PrivateKey?: string | undefined;
  readonly TeamId?: string | undefined;
  readonly TokenKey?: string | undefined;
  readonly TokenKeyId?: string | undefined;
}

export interface APNSSandboxChannelResponse {
  readonly ApplicationId?: string | undefined;
  readonly CreationDate?: string | undefined;
  readonly DefaultAuthenticationMethod?: string | undefined;
  readonly Enabled?: boolean | undefined;
  readonly HasCredential?: boolean | undefined;
  readonly HasTokenKey?: boolean | undefined;
  readonly Id?: string | undefined;
  readonly IsArchived?: boolean | undefined;
  readonly LastModifiedBy?: string | undefined;
  readonly LastModifiedDate?: string | undefined;
  readonly Platform: string;
  readonly Version?: number | undefined;
}

export interface APNSVoipChannelRequest {
  readonly BundleId?: string | undefined;
  readonly Certificate?: string | undefined;
  readonly DefaultAuthenticationMethod?: string | undefined;
  readonly Enabled?: boolean | undefined;
  readonly PrivateKey?: string | undefined;
  readonly TeamId?: string | undefined;
  readonly TokenKey?: string | undefined;
  readonly TokenKeyId?: string | undefined;
}

export interface APNSVoipChannelResponse {
  readonly ApplicationId?: string | undefined;
  readonly CreationDate?: string | undefined;
  readonly DefaultAuthenticationMethod?: string | undefined;
  readonly Enabled?: boolean | undefined;
  readonly HasCredential?: boolean | undefined;
  readonly HasTokenKey?: boolean | undefined;
  readonly Id?: string | undefined;
  readonly IsArchived?: boolean | undefined;
  readonly LastModifiedBy?: string | undefined;
  readonly LastModifiedDate?: string | undefined;
  readonly Platform: string;
  readonly Version?: number | undefined;
}

export interface APNSVoipSandboxChannelRequest {
  readonly BundleId?: string | undefined;
  readonly Certificate?: string | undefined;
  readonly DefaultAuthenticationMethod?: string | undefined;
  readonly Enabled?: boolean | undefined;
  readonly PrivateKey?: string | undefined;
  readonly TeamId?: string | undefined;
  readonly TokenKey?: string | undefined;
  readonly TokenKeyId?: string | undefined;
}

export interface APNSVoipSandboxChannelResponse {
  readonly ApplicationId?: string | undefined;
  readonly CreationDate?: string | undefined;
  readonly DefaultAuthenticationMethod?: string | undefined;
  readonly Enabled?: boolean | undefined;
  readonly HasCredential?: boolean | undefined;
  readonly HasTokenKey?: boolean | undefined;
  readonly Id?: string | undefined;
  readonly IsArchived?: boolean | undefined;
  readonly LastModifiedBy?: string | undefined;
  readonly LastModifiedDate?: string | undefined;
  readonly Platform: string;
  readonly Version?: number | undefined;
}

export type Action = 'OPEN_APP' | 'DEEP_LINK' | 'URL';

export interface ActivitiesResponse {
  readonly Item: readonly ActivityResponse[];
  readonly NextToken?: string | undefined;
}

export interface Activity {
  readonly CUSTOM?: CustomMessageActivity | undefined;
  readonly ConditionalSplit?: ConditionalSplitActivity | undefined;
  readonly Description?: string | undefined;
  readonly EMAIL?: EmailMessageActivity | undefined;
  readonly Holdout?: HoldoutActivity | undefined;
  readonly MultiCondition?: MultiConditionalSplitActivity | undefined;
  readonly PUSH?: PushMessageActivity | undefined;
  readonly RandomSplit?: RandomSplitActivity | undefined;
  readonly SMS?: SMSMessageActivity | undefined;
  readonly Wait?: WaitActivity | undefined;
  readonly ContactCenter?: ContactCenterActivity | undefined;
}

export interface ActivityResponse {
  readonly ApplicationId: string;
  readonly CampaignId: string;
  readonly End?: string | undefined;
  readonly Id: string;
  readonly Result?: string | undefined;
  readonly ScheduledStart?: string | undefined;
  readonly Start?: string | undefined;
  readonly State?: string | undefined;
  readonly SuccessfulEndpointCount?: number | undefined;
  readonly TimezonesCompletedCount?: number | undefined;
  readonly TimezonesTotalCount?: number | undefined;
  readonly TotalEndpointCount?: number | undefined;
  readonly TreatmentId?: string | undefined;
  readonly ExecutionMetrics?: Readonly<Record<string, string>> | undefined;
}

export interface AddressConfiguration {
  readonly BodyOverride?: string | undefined;
  readonly ChannelType?: ChannelType | undefined;
  readonly Context?: Readonly<Record<string, string>> | undefined;
  readonly RawContent?: string | undefined;
  readonly Substitutions?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly TitleOverride?: string | undefined;
}

export type Alignment = 'LEFT' | 'CENTER' | 'RIGHT';

export interface AndroidPushNotificationTemplate {
  readonly Action?: Action | undefined;
  readonly Body?: string | undefined;
  readonly ImageIconUrl?: string | undefined;
  readonly ImageUrl?: string | undefined;
  readonly RawContent?: string | undefined;
  readonly SmallImageIconUrl?: string | undefined;
  readonly Sound?: string | undefined;
  readonly Title?: string | undefined;
  readonly Url?: string | undefined;
}

export interface ApplicationDateRangeKpiResponse {
  readonly ApplicationId: string;
  readonly EndTime: string;
  readonly KpiName: string;
  readonly KpiResult: BaseKpiResult;
  readonly NextToken?: string | undefined;
  readonly StartTime: string;
}

export interface ApplicationResponse {
  readonly Arn: string;
  readonly Id: string;
  readonly Name: string;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly CreationDate?: string | undefined;
}

export interface ApplicationSettingsJourneyLimits {
  readonly DailyCap?: number | undefined;
  readonly TimeframeCap?: JourneyTimeframeCap | undefined;
  readonly TotalCap?: number | undefined;
}

export interface ApplicationSettingsResource {
  readonly ApplicationId: string;
  readonly CampaignHook?: CampaignHook | undefined;
  readonly LastModifiedDate?: string | undefined;
  readonly Limits?: CampaignLimits | undefined;
  readonly QuietTime?: QuietTime | undefined;
  readonly JourneyLimits?: ApplicationSettingsJourneyLimits | undefined;
}

export interface ApplicationsResponse {
  readonly Item?: readonly ApplicationResponse[] | undefined;
  readonly NextToken?: string | undefined;
}

export interface AttributeDimension {
  readonly AttributeType?: AttributeType | undefined;
  readonly Values: readonly string[];
}

export type AttributeType = 'INCLUSIVE' | 'EXCLUSIVE' | 'CONTAINS' | 'BEFORE' | 'AFTER' | 'ON' | 'BETWEEN';

export interface AttributesResource {
  readonly ApplicationId: string;
  readonly AttributeType: string;
  readonly Attributes?: readonly string[] | undefined;
}

export interface BaiduChannelRequest {
  readonly ApiKey: string;
  readonly Enabled?: boolean | undefined;
  readonly SecretKey: string;
}

export interface BaiduChannelResponse {
  readonly ApplicationId?: string | undefined;
  readonly CreationDate?: string | undefined;
  readonly Credential: string;
  readonly Enabled?: boolean | undefined;
  readonly HasCredential?: boolean | undefined;
  readonly Id?: string | undefined;
  readonly IsArchived?: boolean | undefined;
  readonly LastModifiedBy?: string | undefined;
  readonly LastModifiedDate?: string | undefined;
  readonly Platform: string;
  readonly Version?: number | undefined;
}

export interface BaiduMessage {
  readonly Action?: Action | undefined;
  readonly Body?: string | undefined;
  readonly Data?: Readonly<Record<string, string>> | undefined;
  readonly IconReference?: string | undefined;
  readonly ImageIconUrl?: string | undefined;
  readonly ImageUrl?: string | undefined;
  readonly RawContent?: string | undefined;
  readonly SilentPush?: boolean | undefined;
  readonly SmallImageIconUrl?: string | undefined;
  readonly Sound?: string | undefined;
  readonly Substitutions?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly TimeToLive?: number | undefined;
  readonly Title?: string | undefined;
  readonly Url?: string | undefined;
}

export interface BaseKpiResult {
  readonly Rows: readonly ResultRow[];
}

export type ButtonAction = 'LINK' | 'DEEP_LINK' | 'CLOSE';

export interface CampaignCustomMessage {
  readonly Data?: string | undefined;
}

export interface CampaignDateRangeKpiResponse {
  readonly ApplicationId: string;
  readonly CampaignId: string;
  readonly EndTime: string;
  readonly KpiName: string;
  readonly KpiResult: BaseKpiResult;
  readonly NextToken?: string | undefined;
  readonly StartTime: string;
}

export interface CampaignEmailMessage {
  readonly Body?: string | undefined;
  readonly FromAddress?: string | undefined;
  readonly Headers?: readonly MessageHeader[] | undefined;
  readonly HtmlBody?: string | undefined;
  readonly Title?: string | undefined;
}

export interface CampaignEventFilter {
  readonly Dimensions: EventDimensions;
  readonly FilterType: FilterType;
}

export interface CampaignHook {
  readonly LambdaFunctionName?: string | undefined;
  readonly Mode?: Mode | undefined;
  readonly WebUrl?: string | undefined;
}

export interface CampaignInAppMessage {
  readonly Body?: string | undefined;
  readonly Content?: readonly InAppMessageContent[] | undefined;
  readonly CustomConfig?: Readonly<Record<string, string>> | undefined;
  readonly Layout?: Layout | undefined;
}

export interface CampaignLimits {
  readonly Daily?: number | undefined;
  readonly MaximumDuration?: number | undefined;
  readonly MessagesPerSecond?: number | undefined;
  readonly Total?: number | undefined;
  readonly Session?: number | undefined;
}

export interface CampaignResponse {
  readonly AdditionalTreatments?: readonly TreatmentResource[] | undefined;
  readonly ApplicationId: string;
  readonly Arn: string;
  readonly CreationDate: string;
  readonly CustomDeliveryConfiguration?: CustomDeliveryConfiguration | undefined;
  readonly DefaultState?: CampaignState | undefined;
  readonly Description?: string | undefined;
  readonly HoldoutPercent?: number | undefined;
  readonly Hook?: CampaignHook | undefined;
  readonly Id: string;
  readonly IsPaused?: boolean | undefined;
  readonly LastModifiedDate: string;
  readonly Limits?: CampaignLimits | undefined;
  readonly MessageConfiguration?: MessageConfiguration | undefined;
  readonly Name?: string | undefined;
  readonly Schedule?: Schedule | undefined;
  readonly SegmentId: string;
  readonly SegmentVersion: number;
  readonly State?: CampaignState | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly TemplateConfiguration?: TemplateConfiguration | undefined;
  readonly TreatmentDescription?: string | undefined;
  readonly TreatmentName?: string | undefined;
  readonly Version?: number | undefined;
  readonly Priority?: number | undefined;
}

export interface CampaignSmsMessage {
  readonly Body?: string | undefined;
  readonly MessageType?: MessageType | undefined;
  readonly OriginationNumber?: string | undefined;
  readonly SenderId?: string | undefined;
  readonly EntityId?: string | undefined;
  readonly TemplateId?: string | undefined;
}

export interface CampaignState {
  readonly CampaignStatus?: CampaignStatus | undefined;
}

export type CampaignStatus = 'SCHEDULED' | 'EXECUTING' | 'PENDING_NEXT_RUN' | 'COMPLETED' | 'PAUSED' | 'DELETED' | 'INVALID';

export interface CampaignsResponse {
  readonly Item: readonly CampaignResponse[];
  readonly NextToken?: string | undefined;
}

export interface ChannelResponse {
  readonly ApplicationId?: string | undefined;
  readonly CreationDate?: string | undefined;
  readonly Enabled?: boolean | undefined;
  readonly HasCredential?: boolean | undefined;
  readonly Id?: string | undefined;
  readonly IsArchived?: boolean | undefined;
  readonly LastModifiedBy?: string | undefined;
  readonly LastModifiedDate?: string | undefined;
  readonly Version?: number | undefined;
}

export type ChannelType = 'PUSH' | 'GCM' | 'APNS' | 'APNS_SANDBOX' | 'APNS_VOIP' | 'APNS_VOIP_SANDBOX' | 'ADM' | 'SMS' | 'VOICE' | 'EMAIL' | 'BAIDU' | 'CUSTOM' | 'IN_APP';

export interface ChannelsResponse {
  readonly Channels: Readonly<Record<string, ChannelResponse>>;
}

export interface ClosedDays {
  readonly EMAIL?: readonly ClosedDaysRule[] | undefined;
  readonly SMS?: readonly ClosedDaysRule[] | undefined;
  readonly PUSH?: readonly ClosedDaysRule[] | undefined;
  readonly VOICE?: readonly ClosedDaysRule[] | undefined;
  readonly CUSTOM?: readonly ClosedDaysRule[] | undefined;
}

export interface ClosedDaysRule {
  readonly Name?: string | undefined;
  readonly StartDateTime?: string | undefined;
  readonly EndDateTime?: string | undefined;
}

export interface Condition {
  readonly Conditions?: readonly SimpleCondition[] | undefined;
  readonly Operator?: Operator | undefined;
}

export interface ConditionalSplitActivity {
  readonly Condition?: Condition | undefined;
  readonly EvaluationWaitTime?: WaitTime | undefined;
  readonly FalseActivity?: string | undefined;
  readonly TrueActivity?: string | undefined;
}

export interface ContactCenterActivity {
  readonly NextActivity?: string | undefined;
}

export interface CreateApplicationRequest {
  readonly Name: string;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export interface CreateRecommenderConfiguration {
  readonly Attributes?: Readonly<Record<string, string>> | undefined;
  readonly Description?: string | undefined;
  readonly Name?: string | undefined;
  readonly RecommendationProviderIdType?: string | undefined;
  readonly RecommendationProviderRoleArn: string;
  readonly RecommendationProviderUri: string;
  readonly RecommendationTransformerUri?: string | undefined;
  readonly RecommendationsDisplayName?: string | undefined;
  readonly RecommendationsPerMessage?: number | undefined;
}

export interface CreateTemplateMessageBody {
  readonly Arn?: string | undefined;
  readonly Message?: string | undefined;
  readonly RequestID?: string | undefined;
}

export interface CustomDeliveryConfiguration {
  readonly DeliveryUri: string;
  readonly EndpointTypes?: readonly __EndpointTypesElement[] | undefined;
}

export interface CustomMessageActivity {
  readonly DeliveryUri?: string | undefined;
  readonly EndpointTypes?: readonly __EndpointTypesElement[] | undefined;
  readonly MessageConfig?: JourneyCustomMessage | undefined;
  readonly NextActivity?: string | undefined;
  readonly TemplateName?: string | undefined;
  readonly TemplateVersion?: string | undefined;
}

export interface DefaultButtonConfiguration {
  readonly BackgroundColor?: string | undefined;
  readonly BorderRadius?: number | undefined;
  readonly ButtonAction: ButtonAction;
  readonly Link?: string | undefined;
  readonly Text: string;
  readonly TextColor?: string | undefined;
}

export interface DefaultMessage {
  readonly Body?: string | undefined;
  readonly Substitutions?: Readonly<Record<string, readonly string[]>> | undefined;
}

export interface DefaultPushNotificationMessage {
  readonly Action?: Action | undefined;
  readonly Body?: string | undefined;
  readonly Data?: Readonly<Record<string, string>> | undefined;
  readonly SilentPush?: boolean | undefined;
  readonly Substitutions?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly Title?: string | undefined;
  readonly Url?: string | undefined;
}

export interface DefaultPushNotificationTemplate {
  readonly Action?: Action | undefined;
  readonly Body?: string | undefined;
  readonly Sound?: string | undefined;
  readonly Title?: string | undefined;
  readonly Url?: string | undefined;
}

export type DeliveryStatus = 'SUCCESSFUL' | 'THROTTLED' | 'TEMPORARY_FAILURE' | 'PERMANENT_FAILURE' | 'UNKNOWN_FAILURE' | 'OPT_OUT' | 'DUPLICATE';

export type DimensionType = 'INCLUSIVE' | 'EXCLUSIVE';

export interface DirectMessageConfiguration {
  readonly ADMMessage?: ADMMessage | undefined;
  readonly APNSMessage?: APNSMessage | undefined;
  readonly BaiduMessage?: BaiduMessage | undefined;
  readonly DefaultMessage?: DefaultMessage | undefined;
  readonly DefaultPushNotificationMessage?: DefaultPushNotificationMessage | undefined;
  readonly EmailMessage?: EmailMessage | undefined;
  readonly GCMMessage?: GCMMessage | undefined;
  readonly SMSMessage?: SMSMessage | undefined;
  readonly VoiceMessage?: VoiceMessage | undefined;
}

export type Duration = 'HR_24' | 'DAY_7' | 'DAY_14' | 'DAY_30';

export interface EmailChannelRequest {
  readonly ConfigurationSet?: string | undefined;
  readonly Enabled?: boolean | undefined;
  readonly FromAddress: string;
  readonly Identity: string;
  readonly RoleArn?: string | undefined;
  readonly OrchestrationSendingRoleArn?: string | undefined;
}

export interface EmailChannelResponse {
  readonly ApplicationId?: string | undefined;
  readonly ConfigurationSet?: string | undefined;
  readonly CreationDate?: string | undefined;
  readonly Enabled?: boolean | undefined;
  readonly FromAddress?: string | undefined;
  readonly HasCredential?: boolean | undefined;
  readonly Id?: string | undefined;
  readonly Identity?: string | undefined;
  readonly IsArchived?: boolean | undefined;
  readonly LastModifiedBy?: string | undefined;
  readonly LastModifiedDate?: string | undefined;
  readonly MessagesPerSecond?: number | undefined;
  readonly Platform: string;
  readonly RoleArn?: string | undefined;
  readonly OrchestrationSendingRoleArn?: string | undefined;
  readonly Version?: number | undefined;
}

export interface EmailMessage {
  readonly Body?: string | undefined;
  readonly FeedbackForwardingAddress?: string | undefined;
  readonly FromAddress?: string | undefined;
  readonly RawEmail?: RawEmail | undefined;
  readonly ReplyToAddresses?: readonly string[] | undefined;
  readonly SimpleEmail?: SimpleEmail | undefined;
  readonly Substitutions?: Readonly<Record<string, readonly string[]>> | undefined;
}

export interface EmailMessageActivity {
  readonly MessageConfig?: JourneyEmailMessage | undefined;
  readonly NextActivity?: string | undefined;
  readonly TemplateName?: string | undefined;
  readonly TemplateVersion?: string | undefined;
}

export interface EmailTemplateRequest {
  readonly DefaultSubstitutions?: string | undefined;
  readonly HtmlPart?: string | undefined;
  readonly RecommenderId?: string | undefined;
  readonly Subject?: string | undefined;
  readonly Headers?: readonly MessageHeader[] | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly TemplateDescription?: string | undefined;
  readonly TextPart?: string | undefined;
}

export interface EmailTemplateResponse {
  readonly Arn?: string | undefined;
  readonly CreationDate: string;
  readonly DefaultSubstitutions?: string | undefined;
  readonly HtmlPart?: string | undefined;
  readonly LastModifiedDate: string;
  readonly RecommenderId?: string | undefined;
  readonly Subject?: string | undefined;
  readonly Headers?: readonly MessageHeader[] | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly TemplateDescription?: string | undefined;
  readonly TemplateName: string;
  readonly TemplateType: TemplateType;
  readonly TextPart?: string | undefined;
  readonly Version?: string | undefined;
}

export interface EndpointBatchItem {
  readonly Address?: string | undefined;
  readonly Attributes?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly ChannelType?: ChannelType | undefined;
  readonly Demographic?: EndpointDemographic | undefined;
  readonly EffectiveDate?: string | undefined;
  readonly EndpointStatus?: string | undefined;
  readonly Id?: string | undefined;
  readonly Location?: EndpointLocation | undefined;
  readonly Metrics?: Readonly<Record<string, number>> | undefined;
  readonly OptOut?: string | undefined;
  readonly RequestId?: string | undefined;
  readonly User?: EndpointUser | undefined;
}

export interface EndpointBatchRequest {
  readonly Item: readonly EndpointBatchItem[];
}

export interface EndpointDemographic {
  readonly AppVersion?: string | undefined;
  readonly Locale?: string | undefined;
  readonly Make?: string | undefined;
  readonly Model?: string | undefined;
  readonly ModelVersion?: string | undefined;
  readonly Platform?: string | undefined;
  readonly PlatformVersion?: string | undefined;
  readonly Timezone?: string | undefined;
}

export interface EndpointItemResponse {
  readonly Message?: string | undefined;
  readonly StatusCode?: number | undefined;
}

export interface EndpointLocation {
  readonly City?: string | undefined;
  readonly Country?: string | undefined;
  readonly Latitude?: number | undefined;
  readonly Longitude?: number | undefined;
  readonly PostalCode?: string | undefined;
  readonly Region?: string | undefined;
}

export interface EndpointMessageResult {
  readonly Address?: string | undefined;
  readonly DeliveryStatus: DeliveryStatus;
  readonly MessageId?: string | undefined;
  readonly StatusCode: number;
  readonly StatusMessage?: string | undefined;
  readonly UpdatedToken?: string | undefined;
}

export interface EndpointRequest {
  readonly Address?: string | undefined;
  readonly Attributes?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly ChannelType?: ChannelType | undefined;
  readonly Demographic?: EndpointDemographic | undefined;
  readonly EffectiveDate?: string | undefined;
  readonly EndpointStatus?: string | undefined;
  readonly Location?: EndpointLocation | undefined;
  readonly Metrics?: Readonly<Record<string, number>> | undefined;
  readonly OptOut?: string | undefined;
  readonly RequestId?: string | undefined;
  readonly User?: EndpointUser | undefined;
}

export interface EndpointResponse {
  readonly Address?: string | undefined;
  readonly ApplicationId?: string | undefined;
  readonly Attributes?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly ChannelType?: ChannelType | undefined;
  readonly CohortId?: string | undefined;
  readonly CreationDate?: string | undefined;
  readonly Demographic?: EndpointDemographic | undefined;
  readonly EffectiveDate?: string | undefined;
  readonly EndpointStatus?: string | undefined;
  readonly Id?: string | undefined;
  readonly Location?: EndpointLocation | undefined;
  readonly Metrics?: Readonly<Record<string, number>> | undefined;
  readonly OptOut?: string | undefined;
  readonly RequestId?: string | undefined;
  readonly User?: EndpointUser | undefined;
}

export interface EndpointSendConfiguration {
  readonly BodyOverride?: string | undefined;
  readonly Context?: Readonly<Record<string, string>> | undefined;
  readonly RawContent?: string | undefined;
  readonly Substitutions?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly TitleOverride?: string | undefined;
}

export interface EndpointUser {
  readonly UserAttributes?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly UserId?: string | undefined;
}

export interface EndpointsResponse {
  readonly Item: readonly EndpointResponse[];
}

export interface Event {
  readonly AppPackageName?: string | undefined;
  readonly AppTitle?: string | undefined;
  readonly AppVersionCode?: string | undefined;
  readonly Attributes?: Readonly<Record<string, string>> | undefined;
  readonly ClientSdkVersion?: string | undefined;
  readonly EventType: string;
  readonly Metrics?: Readonly<Record<string, number>> | undefined;
  readonly SdkName?: string | undefined;
  readonly Session?: Session | undefined;
  readonly Timestamp: string;
}

export interface EventCondition {
  readonly Dimensions?: EventDimensions | undefined;
  readonly MessageActivity?: string | undefined;
}

export interface EventDimensions {
  readonly Attributes?: Readonly<Record<string, AttributeDimension>> | undefined;
  readonly EventType?: SetDimension | undefined;
  readonly Metrics?: Readonly<Record<string, MetricDimension>> | undefined;
}

export interface EventFilter {
  readonly Dimensions: EventDimensions;
  readonly FilterType: FilterType;
}

export interface EventItemResponse {
  readonly Message?: string | undefined;
  readonly StatusCode?: number | undefined;
}

export interface EventStartCondition {
  readonly EventFilter?: EventFilter | undefined;
  readonly SegmentId?: string | undefined;
}

export interface EventStream {
  readonly ApplicationId: string;
  readonly DestinationStreamArn: string;
  readonly ExternalId?: string | undefined;
  readonly LastModifiedDate?: string | undefined;
  readonly LastUpdatedBy?: string | undefined;
  readonly RoleArn: string;
}

export interface EventsBatch {
  readonly Endpoint: PublicEndpoint;
  readonly Events: Readonly<Record<string, Event>>;
}

export interface EventsRequest {
  readonly BatchItem: Readonly<Record<string, EventsBatch>>;
}

export interface EventsResponse {
  readonly Results?: Readonly<Record<string, ItemResponse>> | undefined;
}

export interface ExportJobRequest {
  readonly RoleArn: string;
  readonly S3UrlPrefix: string;
  readonly SegmentId?: string | undefined;
  readonly SegmentVersion?: number | undefined;
}

export interface ExportJobResource {
  readonly RoleArn: string;
  readonly S3UrlPrefix: string;
  readonly SegmentId?: string | undefined;
  readonly SegmentVersion?: number | undefined;
}

export interface ExportJobResponse {
  readonly ApplicationId: string;
  readonly CompletedPieces?: number | undefined;
  readonly CompletionDate?: string | undefined;
  readonly CreationDate: string;
  readonly Definition: ExportJobResource;
  readonly FailedPieces?: number | undefined;
  readonly Failures?: readonly string[] | undefined;
  readonly Id: string;
  readonly JobStatus: JobStatus;
  readonly TotalFailures?: number | undefined;
  readonly TotalPieces?: number | undefined;
  readonly TotalProcessed?: number | undefined;
  readonly Type: string;
}

export interface ExportJobsResponse {
  readonly Item: readonly ExportJobResponse[];
  readonly NextToken?: string | undefined;
}

export type FilterType = 'SYSTEM' | 'ENDPOINT';

export type Format = 'CSV' | 'JSON';

export type Frequency = 'ONCE' | 'HOURLY' | 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'EVENT' | 'IN_APP_EVENT';

export interface GCMChannelRequest {
  readonly ApiKey?: string | undefined;
  readonly DefaultAuthenticationMethod?: string | undefined;
  readonly Enabled?: boolean | undefined;
  readonly ServiceJson?: string | undefined;
}

export interface GCMChannelResponse {
  readonly ApplicationId?: string | undefined;
  readonly CreationDate?: string | undefined;
  readonly Credential?: string | undefined;
  readonly DefaultAuthenticationMethod?: string | undefined;
  readonly Enabled?: boolean | undefined;
  readonly HasCredential?: boolean | undefined;
  readonly HasFcmServiceCredentials?: boolean | undefined;
  readonly Id?: string | undefined;
  readonly IsArchived?: boolean | undefined;
  readonly LastModifiedBy?: string | undefined;
  readonly LastModifiedDate?: string | undefined;
  readonly Platform: string;
  readonly Version?: number | undefined;
}

export interface GCMMessage {
  readonly Action?: Action | undefined;
  readonly Body?: string | undefined;
  readonly CollapseKey?: string | undefined;
  readonly Data?: Readonly<Record<string, string>> | undefined;
  readonly IconReference?: string | undefined;
  readonly ImageIconUrl?: string | undefined;
  readonly ImageUrl?: string | undefined;
  readonly PreferredAuthenticationMethod?: string | undefined;
  readonly Priority?: string | undefined;
  readonly RawContent?: string | undefined;
  readonly RestrictedPackageName?: string | undefined;
  readonly SilentPush?: boolean | undefined;
  readonly SmallImageIconUrl?: string | undefined;
  readonly Sound?: string | undefined;
  readonly Substitutions?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly TimeToLive?: number | undefined;
  readonly Title?: string | undefined;
  readonly Url?: string | undefined;
}

export interface GPSCoordinates {
  readonly Latitude: number;
  readonly Longitude: number;
}

export interface GPSPointDimension {
  readonly Coordinates: GPSCoordinates;
  readonly RangeInKilometers?: number | undefined;
}

export interface HoldoutActivity {
  readonly NextActivity?: string | undefined;
  readonly Percentage: number;
}

export interface ImportJobRequest {
  readonly DefineSegment?: boolean | undefined;
  readonly ExternalId?: string | undefined;
  readonly Format: Format;
  readonly RegisterEndpoints?: boolean | undefined;
  readonly RoleArn: string;
  readonly S3Url: string;
  readonly SegmentId?: string | undefined;
  readonly SegmentName?: string | undefined;
}

export interface ImportJobResource {
  readonly DefineSegment?: boolean | undefined;
  readonly ExternalId?: string | undefined;
  readonly Format: Format;
  readonly RegisterEndpoints?: boolean | undefined;
  readonly RoleArn: string;
  readonly S3Url: string;
  readonly SegmentId?: string | undefined;
  readonly SegmentName?: string | undefined;
}

export interface ImportJobResponse {
  readonly ApplicationId: string;
  readonly CompletedPieces?: number | undefined;
  readonly CompletionDate?: string | undefined;
  readonly CreationDate: string;
  readonly Definition: ImportJobResource;
  readonly FailedPieces?: number | undefined;
  readonly Failures?: readonly string[] | undefined;
  readonly Id: string;
  readonly JobStatus: JobStatus;
  readonly TotalFailures?: number | undefined;
  readonly TotalPieces?: number | undefined;
  readonly TotalProcessed?: number | undefined;
  readonly Type: string;
}

export interface ImportJobsResponse {
  readonly Item: readonly ImportJobResponse[];
  readonly NextToken?: string | undefined;
}

export interface InAppCampaignSchedule {
  readonly EndDate?: string | undefined;
  readonly EventFilter?: CampaignEventFilter | undefined;
  readonly QuietTime?: QuietTime | undefined;
}

export interface InAppMessage {
  readonly Content?: readonly InAppMessageContent[] | undefined;
  readonly CustomConfig?: Readonly<Record<string, string>> | undefined;
  readonly Layout?: Layout | undefined;
}

export interface InAppMessageBodyConfig {
  readonly Alignment: Alignment;
  readonly Body: string;
  readonly TextColor: string;
}

export interface InAppMessageButton {
  readonly Android?: OverrideButtonConfiguration | undefined;
  readonly DefaultConfig?: DefaultButtonConfiguration | undefined;
  readonly IOS?: OverrideButtonConfiguration | undefined;
  readonly Web?: OverrideButtonConfiguration | undefined;
}

export interface InAppMessageCampaign {
  readonly CampaignId?: string | undefined;
  readonly DailyCap?: number | undefined;
  readonly InAppMessage?: InAppMessage | undefined;
  readonly Priority?: number | undefined;
  readonly Schedule?: InAppCampaignSchedule | undefined;
  readonly SessionCap?: number | undefined;
  readonly TotalCap?: number | undefined;
  readonly TreatmentId?: string | undefined;
}

export interface InAppMessageContent {
  readonly BackgroundColor?: string | undefined;
  readonly BodyConfig?: InAppMessageBodyConfig | undefined;
  readonly HeaderConfig?: InAppMessageHeaderConfig | undefined;
  readonly ImageUrl?: string | undefined;
  readonly PrimaryBtn?: InAppMessageButton | undefined;
  readonly SecondaryBtn?: InAppMessageButton | undefined;
}

export interface InAppMessageHeaderConfig {
  readonly Alignment: Alignment;
  readonly Header: string;
  readonly TextColor: string;
}

export interface InAppMessagesResponse {
  readonly InAppMessageCampaigns?: readonly InAppMessageCampaign[] | undefined;
}

export interface InAppTemplateRequest {
  readonly Content?: readonly InAppMessageContent[] | undefined;
  readonly CustomConfig?: Readonly<Record<string, string>> | undefined;
  readonly Layout?: Layout | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly TemplateDescription?: string | undefined;
}

export interface InAppTemplateResponse {
  readonly Arn?: string | undefined;
  readonly Content?: readonly InAppMessageContent[] | undefined;
  readonly CreationDate: string;
  readonly CustomConfig?: Readonly<Record<string, string>> | undefined;
  readonly LastModifiedDate: string;
  readonly Layout?: Layout | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly TemplateDescription?: string | undefined;
  readonly TemplateName: string;
  readonly TemplateType: TemplateType;
  readonly Version?: string | undefined;
}

export type Include = 'ALL' | 'ANY' | 'NONE';

export interface ItemResponse {
  readonly EndpointItemResponse?: EndpointItemResponse | undefined;
  readonly EventsItemResponse?: Readonly<Record<string, EventItemResponse>> | undefined;
}

export type JobStatus = 'CREATED' | 'PREPARING_FOR_INITIALIZATION' | 'INITIALIZING' | 'PROCESSING' | 'PENDING_JOB' | 'COMPLETING' | 'COMPLETED' | 'FAILING' | 'FAILED';

export interface JourneyChannelSettings {
  readonly ConnectCampaignArn?: string | undefined;
  readonly ConnectCampaignExecutionRoleArn?: string | undefined;
}

export interface JourneyCustomMessage {
  readonly Data?: string | undefined;
}

export interface JourneyDateRangeKpiResponse {
  readonly ApplicationId: string;
  readonly EndTime: string;
  readonly JourneyId: string;
  readonly KpiName: string;
  readonly KpiResult: BaseKpiResult;
  readonly NextToken?: string | undefined;
  readonly StartTime: string;
}

export interface JourneyEmailMessage {
  readonly FromAddress?: string | undefined;
}

export interface JourneyExecutionActivityMetricsResponse {
  readonly ActivityType: string;
  readonly ApplicationId: string;
  readonly JourneyActivityId: string;
  readonly JourneyId: string;
  readonly LastEvaluatedTime: string;
  readonly Metrics: Readonly<Record<string, string>>;
}

export interface JourneyExecutionMetricsResponse {
  readonly ApplicationId: string;
  readonly JourneyId: string;
  readonly LastEvaluatedTime: string;
  readonly Metrics: Readonly<Record<string, string>>;
}

export interface JourneyLimits {
  readonly DailyCap?: number | undefined;
  readonly EndpointReentryCap?: number | undefined;
  readonly MessagesPerSecond?: number | undefined;
  readonly EndpointReentryInterval?: string | undefined;
  readonly TimeframeCap?: JourneyTimeframeCap | undefined;
  readonly TotalCap?: number | undefined;
}

export interface JourneyPushMessage {
  readonly TimeToLive?: string | undefined;
}

export interface JourneyResponse {
  readonly Activities?: Readonly<Record<string, Activity>> | undefined;
  readonly ApplicationId: string;
  readonly CreationDate?: string | undefined;
  readonly Id: string;
  readonly LastModifiedDate?: string | undefined;
  readonly Limits?: JourneyLimits | undefined;
  readonly LocalTime?: boolean | undefined;
  readonly Name: string;
  readonly QuietTime?: QuietTime | undefined;
  readonly RefreshFrequency?: string | undefined;
  readonly Schedule?: JourneySchedule | undefined;
  readonly StartActivity?: string | undefined;
  readonly StartCondition?: StartCondition | undefined;
  readonly State?: State | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly WaitForQuietTime?: boolean | undefined;
  readonly RefreshOnSegmentUpdate?: boolean | undefined;
  readonly JourneyChannelSettings?: JourneyChannelSettings | undefined;
  readonly SendingSchedule?: boolean | undefined;
  readonly OpenHours?: OpenHours | undefined;
  readonly ClosedDays?: ClosedDays | undefined;
  readonly TimezoneEstimationMethods?: readonly __TimezoneEstimationMethodsElement[] | undefined;
}

export interface JourneyRunExecutionActivityMetricsResponse {
  readonly ActivityType: string;
  readonly ApplicationId: string;
  readonly JourneyActivityId: string;
  readonly JourneyId: string;
  readonly LastEvaluatedTime: string;
  readonly Metrics: Readonly<Record<string, string>>;
  readonly RunId: string;
}

export interface JourneyRunExecutionMetricsResponse {
  readonly ApplicationId: string;
  readonly JourneyId: string;
  readonly LastEvaluatedTime: string;
  readonly Metrics: Readonly<Record<string, string>>;
  readonly RunId: string;
}

export interface JourneyRunResponse {
  readonly CreationTime: string;
  readonly LastUpdateTime: string;
  readonly RunId: string;
  readonly Status: JourneyRunStatus;
}

export type JourneyRunStatus = 'SCHEDULED' | 'RUNNING' | 'COMPLETED' | 'CANCELLED';

export interface JourneyRunsResponse {
  readonly Item: readonly JourneyRunResponse[];
  readonly NextToken?: string | undefined;
}

export interface JourneySMSMessage {
  readonly MessageType?: MessageType | undefined;
  readonly OriginationNumber?: string | undefined;
  readonly SenderId?: string | undefined;
  readonly EntityId?: string | undefined;
  readonly TemplateId?: string | undefined;
}

export interface JourneySchedule {
  readonly EndTime?: string | undefined;
  readonly StartTime?: string | undefined;
  readonly Timezone?: string | undefined;
}

export interface JourneyStateRequest {
  readonly State?: State | undefined;
}

export interface JourneyTimeframeCap {
  readonly Cap?: number | undefined;
  readonly Days?: number | undefined;
}

export interface JourneysResponse {
  readonly Item: readonly JourneyResponse[];
  readonly NextToken?: string | undefined;
}

export type Layout = 'BOTTOM_BANNER' | 'TOP_BANNER' | 'OVERLAYS' | 'MOBILE_FEED' | 'MIDDLE_BANNER' | 'CAROUSEL';

export interface ListRecommenderConfigurationsResponse {
  readonly Item: readonly RecommenderConfigurationResponse[];
  readonly NextToken?: string | undefined;
}

export interface Message {
  readonly Action?: Action | undefined;
  readonly Body?: string | undefined;
  readonly ImageIconUrl?: string | undefined;
  readonly ImageSmallIconUrl?: string | undefined;
  readonly ImageUrl?: string | undefined;
  readonly JsonBody?: string | undefined;
  readonly MediaUrl?: string | undefined;
  readonly RawContent?: string | undefined;
  readonly SilentPush?: boolean | undefined;
  readonly TimeToLive?: number | undefined;
  readonly Title?: string | undefined;
  readonly Url?: string | undefined;
}

export interface MessageBody {
  readonly Message?: string | undefined;
  readonly RequestID?: string | undefined;
}

export interface MessageConfiguration {
  readonly ADMMessage?: Message | undefined;
  readonly APNSMessage?: Message | undefined;
  readonly BaiduMessage?: Message | undefined;
  readonly CustomMessage?: CampaignCustomMessage | undefined;
  readonly DefaultMessage?: Message | undefined;
  readonly EmailMessage?: CampaignEmailMessage | undefined;
  readonly GCMMessage?: Message | undefined;
  readonly SMSMessage?: CampaignSmsMessage | undefined;
  readonly InAppMessage?: CampaignInAppMessage | undefined;
}

export interface MessageHeader {
  readonly Name?: string | undefined;
  readonly Value?: string | undefined;
}

export interface MessageRequest {
  readonly Addresses?: Readonly<Record<string, AddressConfiguration>> | undefined;
  readonly Context?: Readonly<Record<string, string>> | undefined;
  readonly Endpoints?: Readonly<Record<string, EndpointSendConfiguration>> | undefined;
  readonly MessageConfiguration: DirectMessageConfiguration;
  readonly TemplateConfiguration?: TemplateConfiguration | undefined;
  readonly TraceId?: string | undefined;
}

export interface MessageResponse {
  readonly ApplicationId: string;
  readonly EndpointResult?: Readonly<Record<string, EndpointMessageResult>> | undefined;
  readonly RequestId?: string | undefined;
  readonly Result?: Readonly<Record<string, MessageResult>> | undefined;
}

export interface MessageResult {
  readonly DeliveryStatus: DeliveryStatus;
  readonly MessageId?: string | undefined;
  readonly StatusCode: number;
  readonly StatusMessage?: string | undefined;
  readonly UpdatedToken?: string | undefined;
}

export type MessageType = 'TRANSACTIONAL' | 'PROMOTIONAL';

export interface MetricDimension {
  readonly ComparisonOperator: string;
  readonly Value: number;
}

export type Mode = 'DELIVERY' | 'FILTER';

export interface MultiConditionalBranch {
  readonly Condition?: SimpleCondition | undefined;
  readonly NextActivity?: string | undefined;
}

export interface MultiConditionalSplitActivity {
  readonly Branches?: readonly MultiConditionalBranch[] | undefined;
  readonly DefaultActivity?: string | undefined;
  readonly EvaluationWaitTime?: WaitTime | undefined;
}

export interface NumberValidateRequest {
  readonly IsoCountryCode?: string | undefined;
  readonly PhoneNumber?: string | undefined;
}

export interface NumberValidateResponse {
  readonly Carrier?: string | undefined;
  readonly City?: string | undefined;
  readonly CleansedPhoneNumberE164?: string | undefined;
  readonly CleansedPhoneNumberNational?: string | undefined;
  readonly Country?: string | undefined;
  readonly CountryCodeIso2?: string | undefined;
  readonly CountryCodeNumeric?: string | undefined;
  readonly County?: string | undefined;
  readonly OriginalCountryCodeIso2?: string | undefined;
  readonly OriginalPhoneNumber?: string | undefined;
  readonly PhoneType?: string | undefined;
  readonly PhoneTypeCode?: number | undefined;
  readonly Timezone?: string | undefined;
  readonly ZipCode?: string | undefined;
}

export interface OpenHours {
  readonly EMAIL?: Readonly<Record<string, readonly OpenHoursRule[]>> | undefined;
  readonly SMS?: Readonly<Record<string, readonly OpenHoursRule[]>> | undefined;
  readonly PUSH?: Readonly<Record<string, readonly OpenHoursRule[]>> | undefined;
  readonly VOICE?: Readonly<Record<string, readonly OpenHoursRule[]>> | undefined;
  readonly CUSTOM?: Readonly<Record<string, readonly OpenHoursRule[]>> | undefined;
}

export interface OpenHoursRule {
  readonly StartTime?: string | undefined;
  readonly EndTime?: string | undefined;
}

export type Operator = 'ALL' | 'ANY';

export interface OverrideButtonConfiguration {
  readonly ButtonAction: ButtonAction;
  readonly Link?: string | undefined;
}

export interface PublicEndpoint {
  readonly Address?: string | undefined;
  readonly Attributes?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly ChannelType?: ChannelType | undefined;
  readonly Demographic?: EndpointDemographic | undefined;
  readonly EffectiveDate?: string | undefined;
  readonly EndpointStatus?: string | undefined;
  readonly Location?: EndpointLocation | undefined;
  readonly Metrics?: Readonly<Record<string, number>> | undefined;
  readonly OptOut?: string | undefined;
  readonly RequestId?: string | undefined;
  readonly User?: EndpointUser | undefined;
}

export interface PushMessageActivity {
  readonly MessageConfig?: JourneyPushMessage | undefined;
  readonly NextActivity?: string | undefined;
  readonly TemplateName?: string | undefined;
  readonly TemplateVersion?: string | undefined;
}

export interface PushNotificationTemplateRequest {
  readonly ADM?: AndroidPushNotificationTemplate | undefined;
  readonly APNS?: APNSPushNotificationTemplate | undefined;
  readonly Baidu?: AndroidPushNotificationTemplate | undefined;
  readonly Default?: DefaultPushNotificationTemplate | undefined;
  readonly DefaultSubstitutions?: string | undefined;
  readonly GCM?: AndroidPushNotificationTemplate | undefined;
  readonly RecommenderId?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly TemplateDescription?: string | undefined;
}

export interface PushNotificationTemplateResponse {
  readonly ADM?: AndroidPushNotificationTemplate | undefined;
  readonly APNS?: APNSPushNotificationTemplate | undefined;
  readonly Arn?: string | undefined;
  readonly Baidu?: AndroidPushNotificationTemplate | undefined;
  readonly CreationDate: string;
  readonly Default?: DefaultPushNotificationTemplate | undefined;
  readonly DefaultSubstitutions?: string | undefined;
  readonly GCM?: AndroidPushNotificationTemplate | undefined;
  readonly LastModifiedDate: string;
  readonly RecommenderId?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly TemplateDescription?: string | undefined;
  readonly TemplateName: string;
  readonly TemplateType: TemplateType;
  readonly Version?: string | undefined;
}

export interface QuietTime {
  readonly End?: string | undefined;
  readonly Start?: string | undefined;
}

export interface RandomSplitActivity {
  readonly Branches?: readonly RandomSplitEntry[] | undefined;
}

export interface RandomSplitEntry {
  readonly NextActivity?: string | undefined;
  readonly Percentage?: number | undefined;
}

export interface RawEmail {
  readonly Data?: string | undefined;
}

export interface RecencyDimension {
  readonly Duration: Duration;
  readonly RecencyType: RecencyType;
}

export type RecencyType = 'ACTIVE' | 'INACTIVE';

export interface RecommenderConfigurationResponse {
  readonly Attributes?: Readonly<Record<string, string>> | undefined;
  readonly CreationDate: string;
  readonly Description?: string | undefined;
  readonly Id: string;
  readonly LastModifiedDate: string;
  readonly Name?: string | undefined;
  readonly RecommendationProviderIdType?: string | undefined;
  readonly RecommendationProviderRoleArn: string;
  readonly RecommendationProviderUri: string;
  readonly RecommendationTransformerUri?: string | undefined;
  readonly RecommendationsDisplayName?: string | undefined;
  readonly RecommendationsPerMessage?: number | undefined;
}

export interface ResultRow {
  readonly GroupedBys: readonly ResultRowValue[];
  readonly Values: readonly ResultRowValue[];
}

export interface ResultRowValue {
  readonly Key: string;
  readonly Type: string;
  readonly Value: string;
}

export interface SMSChannelRequest {
  readonly Enabled?: boolean | undefined;
  readonly SenderId?: string | undefined;
  readonly ShortCode?: string | undefined;
}

export interface SMSChannelResponse {
  readonly ApplicationId?: string | undefined;
  readonly CreationDate?: string | undefined;
  readonly Enabled?: boolean | undefined;
  readonly HasCredential?: boolean | undefined;
  readonly Id?: string | undefined;
  readonly IsArchived?: boolean | undefined;
  readonly LastModifiedBy?: string | undefined;
  readonly LastModifiedDate?: string | undefined;
  readonly Platform: string;
  readonly PromotionalMessagesPerSecond?: number | undefined;
  readonly SenderId?: string | undefined;
  readonly ShortCode?: string | undefined;
  readonly TransactionalMessagesPerSecond?: number | undefined;
  readonly Version?: number | undefined;
}

export interface SMSMessage {
  readonly Body?: string | undefined;
  readonly Keyword?: string | undefined;
  readonly MediaUrl?: string | undefined;
  readonly MessageType?: MessageType | undefined;
  readonly OriginationNumber?: string | undefined;
  readonly SenderId?: string | undefined;
  readonly Substitutions?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly EntityId?: string | undefined;
  readonly TemplateId?: string | undefined;
}

export interface SMSMessageActivity {
  readonly MessageConfig?: JourneySMSMessage | undefined;
  readonly NextActivity?: string | undefined;
  readonly TemplateName?: string | undefined;
  readonly TemplateVersion?: string | undefined;
}

export interface SMSTemplateRequest {
  readonly Body?: string | undefined;
  readonly DefaultSubstitutions?: string | undefined;
  readonly RecommenderId?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly TemplateDescription?: string | undefined;
}

export interface SMSTemplateResponse {
  readonly Arn?: string | undefined;
  readonly Body?: string | undefined;
  readonly CreationDate: string;
  readonly DefaultSubstitutions?: string | undefined;
  readonly LastModifiedDate: string;
  readonly RecommenderId?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly TemplateDescription?: string | undefined;
  readonly TemplateName: string;
  readonly TemplateType: TemplateType;
  readonly Version?: string | undefined;
}

export interface Schedule {
  readonly EndTime?: string | undefined;
  readonly EventFilter?: CampaignEventFilter | undefined;
  readonly Frequency?: Frequency | undefined;
  readonly IsLocalTime?: boolean | undefined;
  readonly QuietTime?: QuietTime | undefined;
  readonly StartTime: string;
  readonly Timezone?: string | undefined;
}

export interface SegmentBehaviors {
  readonly Recency?: RecencyDimension | undefined;
}

export interface SegmentCondition {
  readonly SegmentId: string;
}

export interface SegmentDemographics {
  readonly AppVersion?: SetDimension | undefined;
  readonly Channel?: SetDimension | undefined;
  readonly DeviceType?: SetDimension | undefined;
  readonly Make?: SetDimension | undefined;
  readonly Model?: SetDimension | undefined;
  readonly Platform?: SetDimension | undefined;
}

export interface SegmentDimensions {
  readonly Attributes?: Readonly<Record<string, AttributeDimension>> | undefined;
  readonly Behavior?: SegmentBehaviors | undefined;
  readonly Demographic?: SegmentDemographics | undefined;
  readonly Location?: SegmentLocation | undefined;
  readonly Metrics?: Readonly<Record<string, MetricDimension>> | undefined;
  readonly UserAttributes?: Readonly<Record<string, AttributeDimension>> | undefined;
}

export interface SegmentGroup {
  readonly Dimensions?: readonly SegmentDimensions[] | undefined;
  readonly SourceSegments?: readonly SegmentReference[] | undefined;
  readonly SourceType?: SourceType | undefined;
  readonly Type?: Type | undefined;
}

export interface SegmentGroupList {
  readonly Groups?: readonly SegmentGroup[] | undefined;
  readonly Include?: Include | undefined;
}

export interface SegmentImportResource {
  readonly ChannelCounts?: Readonly<Record<string, number>> | undefined;
  readonly ExternalId: string;
  readonly Format: Format;
  readonly RoleArn: string;
  readonly S3Url: string;
  readonly Size: number;
}

export interface SegmentLocation {
  readonly Country?: SetDimension | undefined;
  readonly GPSPoint?: GPSPointDimension | undefined;
}

export interface SegmentReference {
  readonly Id: string;
  readonly Version?: number | undefined;
}

export interface SegmentResponse {
  readonly ApplicationId: string;
  readonly Arn: string;
  readonly CreationDate: string;
  readonly Dimensions?: SegmentDimensions | undefined;
  readonly Id: string;
  readonly ImportDefinition?: SegmentImportResource | undefined;
  readonly LastModifiedDate?: string | undefined;
  readonly Name?: string | undefined;
  readonly SegmentGroups?: SegmentGroupList | undefined;
  readonly SegmentType: SegmentType;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly Version?: number | undefined;
}

export type SegmentType = 'DIMENSIONAL' | 'IMPORT';

export interface SegmentsResponse {
  readonly Item: readonly SegmentResponse[];
  readonly NextToken?: string | undefined;
}

export interface SendOTPMessageRequestParameters {
  readonly AllowedAttempts?: number | undefined;
  readonly BrandName: string;
  readonly Channel: string;
  readonly CodeLength?: number | undefined;
  readonly DestinationIdentity: string;
  readonly EntityId?: string | undefined;
  readonly Language?: string | undefined;
  readonly OriginationIdentity: string;
  readonly ReferenceId: string;
  readonly TemplateId?: string | undefined;
  readonly ValidityPeriod?: number | undefined;
}

export interface SendUsersMessageRequest {
  readonly Context?: Readonly<Record<string, string>> | undefined;
  readonly MessageConfiguration: DirectMessageConfiguration;
  readonly TemplateConfiguration?: TemplateConfiguration | undefined;
  readonly TraceId?: string | undefined;
  readonly Users: Readonly<Record<string, EndpointSendConfiguration>>;
}

export interface SendUsersMessageResponse {
  readonly ApplicationId: string;
  readonly RequestId?: string | undefined;
  readonly Result?: Readonly<Record<string, Readonly<Record<string, EndpointMessageResult>>>> | undefined;
}

export interface Session {
  readonly Duration?: number | undefined;
  readonly Id: string;
  readonly StartTimestamp: string;
  readonly StopTimestamp?: string | undefined;
}

export interface SetDimension {
  readonly DimensionType?: DimensionType | undefined;
  readonly Values: readonly string[];
}

export interface SimpleCondition {
  readonly EventCondition?: EventCondition | undefined;
  readonly SegmentCondition?: SegmentCondition | undefined;
  readonly SegmentDimensions?: SegmentDimensions | undefined;
}

export interface SimpleEmail {
  readonly HtmlPart?: SimpleEmailPart | undefined;
  readonly Subject?: SimpleEmailPart | undefined;
  readonly TextPart?: SimpleEmailPart | undefined;
  readonly Headers?: readonly MessageHeader[] | undefined;
}

export interface SimpleEmailPart {
  readonly Charset?: string | undefined;
  readonly Data?: string | undefined;
}

export type SourceType = 'ALL' | 'ANY' | 'NONE';

export interface StartCondition {
  readonly Description?: string | undefined;
  readonly EventStartCondition?: EventStartCondition | undefined;
  readonly SegmentStartCondition?: SegmentCondition | undefined;
}

export type State = 'DRAFT' | 'ACTIVE' | 'COMPLETED' | 'CANCELLED' | 'CLOSED' | 'PAUSED';

export interface TagsModel {
  readonly tags: Readonly<Record<string, string>>;
}

export interface Template {
  readonly Name?: string | undefined;
  readonly Version?: string | undefined;
}

export interface TemplateActiveVersionRequest {
  readonly Version?: string | undefined;
}

export interface TemplateConfiguration {
  readonly EmailTemplate?: Template | undefined;
  readonly PushTemplate?: Template | undefined;
  readonly SMSTemplate?: Template | undefined;
  readonly VoiceTemplate?: Template | undefined;
  readonly InAppTemplate?: Template | undefined;
}

export interface TemplateCreateMessageBody {
  readonly Arn?: string | undefined;
  readonly Message?: string | undefined;
  readonly RequestID?: string | undefined;
}

export interface TemplateResponse {
  readonly Arn?: string | undefined;
  readonly CreationDate: string;
  readonly DefaultSubstitutions?: string | undefined;
  readonly LastModifiedDate: string;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly TemplateDescription?: string | undefined;
  readonly TemplateName: string;
  readonly TemplateType: TemplateType;
  readonly Version?: string | undefined;
}

export type TemplateType = 'EMAIL' | 'SMS' | 'VOICE' | 'PUSH' | 'INAPP';

export interface TemplateVersionResponse {
  readonly CreationDate: string;
  readonly DefaultSubstitutions?: string | undefined;
  readonly LastModifiedDate: string;
  readonly TemplateDescription?: string | undefined;
  readonly TemplateName: string;
  readonly TemplateType: string;
  readonly Version?: string | undefined;
}

export interface TemplateVersionsResponse {
  readonly Item: readonly TemplateVersionResponse[];
  readonly Message?: string | undefined;
  readonly NextToken?: string | undefined;
  readonly RequestID?: string | undefined;
}

export interface TemplatesResponse {
  readonly Item: readonly TemplateResponse[];
  readonly NextToken?: string | undefined;
}

export interface TreatmentResource {
  readonly CustomDeliveryConfiguration?: CustomDeliveryConfiguration | undefined;
  readonly Id: string;
  readonly MessageConfiguration?: MessageConfiguration | undefined;
  readonly Schedule?: Schedule | undefined;
  readonly SizePercent: number;
  readonly State?: CampaignState | undefined;
  readonly TemplateConfiguration?: TemplateConfiguration | undefined;
  readonly TreatmentDescription?: string | undefined;
  readonly TreatmentName?: string | undefined;
}

export type Type = 'ALL' | 'ANY' | 'NONE';

export interface UpdateAttributesRequest {
  readonly Blacklist?: readonly string[] | undefined;
}

export interface UpdateRecommenderConfiguration {
  readonly Attributes?: Readonly<Record<string, string>> | undefined;
  readonly Description?: string | undefined;
  readonly Name?: string | undefined;
  readonly RecommendationProviderIdType?: string | undefined;
  readonly RecommendationProviderRoleArn: string;
  readonly RecommendationProviderUri: string;
  readonly RecommendationTransformerUri?: string | undefined;
  readonly RecommendationsDisplayName?: string | undefined;
  readonly RecommendationsPerMessage?: number | undefined;
}

export interface VerificationResponse {
  readonly Valid?: boolean | undefined;
}

export interface VerifyOTPMessageRequestParameters {
  readonly DestinationIdentity: string;
  readonly Otp: string;
  readonly ReferenceId: string;
}

export interface VoiceChannelRequest {
  readonly Enabled?: boolean | undefined;
}

export interface VoiceChannelResponse {
  readonly ApplicationId?: string | undefined;
  readonly CreationDate?: string | undefined;
  readonly Enabled?: boolean | undefined;
  readonly HasCredential?: boolean | undefined;
  readonly Id?: string | undefined;
  readonly IsArchived?: boolean | undefined;
  readonly LastModifiedBy?: string | undefined;
  readonly LastModifiedDate?: string | undefined;
  readonly Platform: string;
  readonly Version?: number | undefined;
}

export interface VoiceMessage {
  readonly Body?: string | undefined;
  readonly LanguageCode?: string | undefined;
  readonly OriginationNumber?: string | undefined;
  readonly Substitutions?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly VoiceId?: string | undefined;
}

export interface VoiceTemplateRequest {
  readonly Body?: string | undefined;
  readonly DefaultSubstitutions?: string | undefined;
  readonly LanguageCode?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly TemplateDescription?: string | undefined;
  readonly VoiceId?: string | undefined;
}

export interface VoiceTemplateResponse {
  readonly Arn?: string | undefined;
  readonly Body?: string | undefined;
  readonly CreationDate: string;
  readonly DefaultSubstitutions?: string | undefined;
  readonly LanguageCode?: string | undefined;
  readonly LastModifiedDate: string;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly TemplateDescription?: string | undefined;
  readonly TemplateName: string;
  readonly TemplateType: TemplateType;
  readonly Version?: string | undefined;
  readonly VoiceId?: string | undefined;
}

export interface WaitActivity {
  readonly NextActivity?: string | undefined;
  readonly WaitTime?: WaitTime | undefined;
}

export interface WaitTime {
  readonly WaitFor?: string | undefined;
  readonly WaitUntil?: string | undefined;
}

export interface WriteApplicationSettingsRequest {
  readonly CampaignHook?: CampaignHook | undefined;
  readonly CloudWatchMetricsEnabled?: boolean | undefined;
  readonly EventTaggingEnabled?: boolean | undefined;
  readonly Limits?: CampaignLimits | undefined;
  readonly QuietTime?: QuietTime | undefined;
  readonly JourneyLimits?: ApplicationSettingsJourneyLimits | undefined;
}

export interface WriteCampaignRequest {
  readonly AdditionalTreatments?: readonly WriteTreatmentResource[] | undefined;
  readonly CustomDeliveryConfiguration?: CustomDeliveryConfiguration | undefined;
  readonly Description?: string | undefined;
  readonly HoldoutPercent?: number | undefined;
  readonly Hook?: CampaignHook | undefined;
  readonly IsPaused?: boolean | undefined;
  readonly Limits?: CampaignLimits | undefined;
  readonly MessageConfiguration?: MessageConfiguration | undefined;
  readonly Name?: string | undefined;
  readonly Schedule?: Schedule | undefined;
  readonly SegmentId?: string | undefined;
  readonly SegmentVersion?: number | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly TemplateConfiguration?: TemplateConfiguration | undefined;
  readonly TreatmentDescription?: string | undefined;
  readonly TreatmentName?: string | undefined;
  readonly Priority?: number | undefined;
}

export interface WriteEventStream {
  readonly DestinationStreamArn: string;
  readonly RoleArn: string;
}

export interface WriteJourneyRequest {
  readonly Activities?: Readonly<Record<string, Activity>> | undefined;
  readonly CreationDate?: string | undefined;
  readonly LastModifiedDate?: string | undefined;
  readonly Limits?: JourneyLimits | undefined;
  readonly LocalTime?: boolean | undefined;
  readonly Name: string;
  readonly QuietTime?: QuietTime | undefined;
  readonly RefreshFrequency?: string | undefined;
  readonly Schedule?: JourneySchedule | undefined;
  readonly StartActivity?: string | undefined;
  readonly StartCondition?: StartCondition | undefined;
  readonly State?: State | undefined;
  readonly WaitForQuietTime?: boolean | undefined;
  readonly RefreshOnSegmentUpdate?: boolean | undefined;
  readonly JourneyChannelSettings?: JourneyChannelSettings | undefined;
  readonly SendingSchedule?: boolean | undefined;
  readonly OpenHours?: OpenHours | undefined;
  readonly ClosedDays?: ClosedDays | undefined;
  readonly TimezoneEstimationMethods?: readonly __TimezoneEstimationMethodsElement[] | undefined;
}

export interface WriteSegmentRequest {
  readonly Dimensions?: SegmentDimensions | undefined;
  readonly Name?: string | undefined;
  readonly SegmentGroups?: SegmentGroupList | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export interface WriteTreatmentResource {
  readonly CustomDeliveryConfiguration?: CustomDeliveryConfiguration | undefined;
  readonly MessageConfiguration?: MessageConfiguration | undefined;
  readonly Schedule?: Schedule | undefined;
  readonly SizePercent: number;
  readonly TemplateConfiguration?: TemplateConfiguration | undefined;
  readonly TreatmentDescription?: string | undefined;
  readonly TreatmentName?: string | undefined;
}

export type __EndpointTypesElement = 'PUSH' | 'GCM' | 'APNS' | 'APNS_SANDBOX' | 'APNS_VOIP' | 'APNS_VOIP_SANDBOX' | 'ADM' | 'SMS' | 'VOICE' | 'EMAIL' | 'BAIDU' | 'CUSTOM' | 'IN_APP';

export type __TimezoneEstimationMethodsElement = 'PHONE_NUMBER' | 'POSTAL_CODE';
