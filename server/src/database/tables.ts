// GENERATED from the migrations by scripts/dump-schema.ts. Do not edit: `npm run generate`.
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

/** A jsonb column: read as whatever it holds, written as JSON text. */
type Json = ColumnType<unknown, string, string>;
type NullableJson = ColumnType<unknown, string | null | undefined, string | null>;

export interface AccessRequestsTable {
  project_number: number;
  id: string;
  account_id: string;
  caller_id: string;
  request_hash: Buffer;
  origin: string;
  state: string;
  created_at: Date;
  completed_at: Date | null;
  hours: number;
  expires_at: Date | null;
  sealed_identities: Buffer | null;
  identity_hashes: Buffer[];
  identity_types: Json;
  url: string;
  epoch: Generated<number>;
  bytes: number | null;
  places: Json;
  downloads: Generated<number>;
  fault: string | null;
}

export interface AccountsTable {
  account_id: string;
  name: string;
  created_at: Date;
  closed_at: Date | null;
  erased_after: Date | null;
}

export interface AnalyticsCarriersTable {
  project_number: number;
  bucket: number;
  subject: string;
  user_id: string | null;
  labels: string[];
  demographics: string[];
}

export interface AnalyticsCountersTable {
  project_number: number;
  metric: string;
  slot: Date;
  source_id: string;
  activity_id: string;
  treatment_id: string;
  label: string;
  shard: number;
  value: number;
}

export interface AnalyticsLabelsTable {
  project_number: number;
  label: string;
  shard: number;
  carriers: number;
}

export interface AnalyticsMarksTable {
  project_number: number;
  bucket: number;
  subject: string;
  metric: string;
  scope: string;
  moments: number[];
}

export interface AnalyticsNamesTable {
  project_number: number;
  kind: string;
  name: string;
}

export interface AnalyticsUniquesTable {
  project_number: number;
  metric: string;
  scope: string;
  day: number;
  previous: number;
  shard: number;
  count: number;
}

export interface AttributeNamesTable {
  project_number: number;
  kind: string;
  name: string;
  value_tokens: number[] | null;
  idle_tokens: Generated<number[]>;
  idle_since: Date | null;
}

export interface AudienceRulesTable {
  project_number: number;
  version: number;
  suppresses: Generated<boolean>;
}

export interface AudienceUsersTable {
  project_number: number;
  bucket: number;
  user_id: string;
  attributes: Json;
  endpoint_ids: string[];
}

export interface AuditCountsTable {
  account_id: string;
  minute: Date;
  access_key_id: string;
  operation: string;
  project_id: string;
  status_class: string;
  count: number;
}

export interface AuditEntriesTable {
  number: GeneratedAlways<number>;
  account_id: string;
  at: Date;
  user_name: string;
  access_key_id: string;
  operation: string;
  region: string;
  project_id: string | null;
  resource: string | null;
  source_address: string;
  status: number;
  error_code: string | null;
  request_id: string;
}

export interface BlockedAttributesTable {
  project_number: number;
  kind: string;
  pattern: string;
}

export interface CampaignActivitiesTable {
  project_number: number;
  id: string;
  campaign_id: string;
  run_id: string;
  treatment_id: string;
  result: string | null;
}

export interface CampaignAddressesTable {
  run_number: number;
  address_key: number;
}

export interface CampaignCountsTable {
  project_number: number;
  activity_id: string;
  first_bucket: number;
  counter: string;
  count: number;
}

export interface CampaignRecipientsTable {
  project_number: number;
  bucket: number;
  endpoint_id: string;
  campaign_id: string;
  targeted: number;
  sent_at: Date[];
}

export interface CampaignRunsTable {
  project_number: number;
  id: string;
  number: GeneratedAlways<number>;
  campaign_id: string;
  campaign_version: number;
  treatment_id: string;
  kind: string;
  scheduled_start: Date;
  deadline: Date | null;
  state: string;
  plan: Json;
  started_at: Date | null;
  ended_at: Date | null;
  fault: string | null;
}

export interface CampaignSchedulesTable {
  project_number: number;
  campaign_id: string;
  treatment_id: string;
  timing: Json;
  anchor: Date;
  accepted_at: Date;
  next_slot: Date | null;
  next_run_at: Date | null;
  runs: Generated<number>;
  last_slot: Date | null;
}

export interface CampaignSlicesTable {
  project_number: number;
  run_id: string;
  slice: number;
  begins_at: Date;
  zones: string[] | null;
  begun_at: Date | null;
  ended_at: Date | null;
}

export interface CampaignTemplatesTable {
  project_number: number;
  campaign_id: string;
  type: string;
  name: string;
  wanted: string;
  version: number;
  content: Json;
}

export interface CampaignTriggersTable {
  project_number: number;
  bucket: number;
  endpoint_id: string;
  id: string;
  campaign_id: string;
  treatment_id: string;
  arrived_at: Date;
  holder: string | null;
  lease_until: Date | null;
}

export interface CampaignVersionsTable {
  project_number: number;
  campaign_id: string;
  version: number;
  definition: Json;
  segment_version: number;
  is_paused: boolean;
  state: string;
  last_modified_at: Date;
}

export interface CampaignsTable {
  project_number: number;
  id: string;
  version: number;
  name: string;
  definition: Json;
  inherited: Json;
  segment_id: string;
  segment_version: number;
  is_paused: Generated<boolean>;
  state: string;
  state_detail: string | null;
  created_at: Date;
  last_modified_at: Date;
  deleted_at: Date | null;
}

export interface ChannelsTable {
  project_number: number;
  channel_type: string;
  version: number;
  enabled: boolean;
  archived: boolean;
  settings: NullableJson;
  sealed_settings: Buffer | null;
  created_at: Date;
  last_modified_at: Date;
  last_modified_by: string;
}

export interface CredentialsTable {
  access_key_id: string;
  user_number: number;
  kind: string;
  sealed_secret: Buffer;
  token_hash: Buffer | null;
  active: Generated<boolean>;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  last_used_region: string | null;
  last_used_operation: string | null;
}

export interface DeploymentTable {
  name: string;
  value: string;
}

export interface EndpointAddressesTable {
  project_number: number;
  bucket: number;
  address_key: number;
  endpoint_ids: string[];
}

export interface EndpointFacetsTable {
  project_number: number;
  bucket: number;
  id: string;
  channel_type: string | null;
  eligible: boolean;
  tokens: number[];
  metrics: NullableJson;
  latitude: number | null;
  longitude: number | null;
  last_active_at: Date;
}

export interface EndpointTombstonesTable {
  project_number: number;
  bucket: number;
  id_hash: Buffer;
  deleted_at: Date;
}

export interface EndpointsTable {
  project_number: number;
  bucket: number;
  id: string;
  shown_id: string | null;
  generation: Generated<number>;
  channel_type: string | null;
  address: string | null;
  address_key: number | null;
  opt_out: string;
  status: string;
  cohort: number;
  user_id: string | null;
  user_bucket: number | null;
  attributes: Json;
  metrics: Json;
  demographic: Json;
  location: Json;
  user_attributes: Json;
  created_at: Date;
  effective_at: Date;
  request_id: string;
}

export interface ErasureCountsTable {
  project_number: number;
  request_id: string;
  location: string;
  found: Generated<number>;
  erased: Generated<number>;
  retained: Generated<number>;
  left_over: number | null;
}

export interface ErasureHoldsTable {
  project_number: number;
  id: string;
  fields: string[];
  identity_hashes: Buffer[];
  reason: string;
  ends_at: Date;
  created_at: Date;
  created_by: string;
}

export interface ErasureLedgerTable {
  id: string;
  appended_at: Date;
  entry: Json;
  replayed_at: Date | null;
}

export interface ErasureNoticesTable {
  project_number: number;
  id: string;
  about: string;
  kind: string;
  target_id: string | null;
  url: string;
  event: string;
  sealed_payload: Buffer | null;
  state: string;
  attempts: Generated<number>;
  created_at: Date;
  changed_at: Date;
  fault: string | null;
}

export interface ErasurePiecesTable {
  project_number: number;
  request_id: string;
  piece: number;
  sealed_subject: Buffer | null;
  through_generation: number | null;
  through_at: Date | null;
  state: string;
}

export interface ErasureReceiptChainsTable {
  account_id: string;
  length: number;
  hash: Buffer | null;
}

export interface ErasureReceiptKeysTable {
  key_id: string;
  public_key: string;
  first_used_at: Date;
}

export interface ErasureReceiptsTable {
  account_id: string;
  number: number;
  erasure_id: string;
  kind: string;
  project_id: string | null;
  state: string;
  issued_at: Date;
  key_id: string;
  hash: Buffer;
  document: string;
}

export interface ErasureRequestsTable {
  project_number: number;
  id: string;
  account_id: string;
  caller_id: string;
  request_hash: Buffer;
  origin: string;
  mode: string;
  state: string;
  created_at: Date;
  due_at: Date;
  accepted_at: Date | null;
  changed_at: Date;
  ended_at: Date | null;
  sealed_identities: Buffer | null;
  identity_hashes: Buffer[];
  identity_types: Json;
  endpoints: Generated<number>;
  users: Generated<number>;
  addresses: Generated<number>;
  messages_under_way: Generated<number>;
  skipped: Json;
  fault: string | null;
  version: string;
}

export interface ErasureRetainedTable {
  project_number: number;
  hold_id: string;
  number: GeneratedAlways<number>;
  request_id: string;
  piece: number;
  location: string;
  sealed_fields: Buffer;
  identity_hashes: Buffer[];
  retained_at: Date;
  ends_at: Date;
}

export interface ErasureSettingsTable {
  project_number: number;
  full_erasure: boolean;
  erase_removed_attributes: boolean;
  waiting_days: number;
}

export interface ErasureTargetsTable {
  project_number: number;
  id: string;
  url: string;
  sealed_secret: Buffer;
  created_at: Date;
}

export interface ErasureTouchedTable {
  relation: string;
  taken: boolean;
  touched_at: Date;
}

export interface EventFingerprintsTable {
  project_number: number;
  bucket: number;
  fingerprint: Buffer;
  seen_at: Date;
}

export interface EventMergesTable {
  month: string;
  begins: Date;
  ends: Date;
  days: string[];
  is_spoiled: Generated<boolean>;
}

export interface EventSettingsTable {
  project_number: number;
  deduplicate: boolean;
  retention_days: number | null;
}

export interface EventStreamFilesTable {
  project_number: number;
  url: string;
  recorded_at: Date;
  bytes: number | null;
  checksum: string | null;
  removed_at: Date | null;
}

export interface EventStreamsTable {
  project_number: number;
  kind: string;
  settings: Json;
  sealed_secret: Buffer | null;
  revision: Generated<number>;
  created_at: Date;
  last_modified_at: Date;
  last_modified_by: string;
  mark_transaction: Generated<string>;
  mark_sequence: Generated<number>;
  fence_sequence: Generated<number>;
  sent_records: Generated<number>;
  dropped_records: Generated<number>;
  last_sent_at: Date | null;
  failing_since: Date | null;
  fault: string | null;
}

export interface EventsTable {
  project_number: number;
  bucket: number;
  arrived_at: Date;
  sequence: Generated<number>;
  transaction_id: Generated<string>;
  type: string;
  occurred_at: Date;
  endpoint_id: string | null;
  envelope: string;
  generation: number | null;
  address_key: number | null;
  attributes: NullableJson;
  metrics: NullableJson;
  endpoint: string | null;
}

export interface FileErasureItemsTable {
  project_number: number;
  erasure_id: string;
  url: string;
  rows_found: Generated<number>;
  rows_erased: Generated<number>;
  versions_found: Generated<number>;
  versions_removed: Generated<number>;
  uploads_abandoned: Generated<number>;
  bytes_removed: Generated<number>;
  searched_at: Date | null;
  finished_at: Date | null;
}

export interface FileErasureKeptTable {
  project_number: number;
  erasure_id: string;
  url: string;
  version_id: string;
  reason: string;
}

export interface FileErasuresTable {
  project_number: number;
  id: string;
  action: string;
  scope: string;
  target: string | null;
  dry_run: boolean;
  sealed_identities: Buffer | null;
  status: string;
  created_at: Date;
  completed_at: Date | null;
  epoch: Generated<number>;
  listed_at: Date | null;
  fault: string | null;
}

export interface FunnelsTable {
  project_number: number;
  id: string;
  definition: Json;
  created_at: Date;
  last_modified_at: Date;
}

export interface IdempotentCallsTable {
  project_number: number;
  call_hash: Buffer;
  request_hash: Buffer;
  answer: Buffer | null;
  created_at: Date;
  people: Generated<Buffer[]>;
}

export interface InboundMessagesTable {
  id: string;
  account_id: string;
  region: string;
  provider_key: string;
  provider_message_id: string;
  number: string;
  from_address: string;
  address_hash: Buffer;
  body: string;
  keyword: string | null;
  action: string;
  sent_at: Date;
  received_at: Date;
  project_number: number | null;
  answer: string | null;
  answer_status: string | null;
  answer_detail: string | null;
  topic_status: string | null;
  topic_detail: string | null;
  webhook_status: string | null;
  webhook_detail: string | null;
}

export interface MessagingSettingsTable {
  project_number: number;
  missing_variables: string;
  click_tracking: boolean;
  open_tracking: boolean;
  unsubscribe_links: boolean;
}

export interface NodesTable {
  node_id: string;
  host_name: string;
  process_id: number;
  roles: string[];
  version: string;
  started_at: Date;
  heartbeat_at: Date;
}

export interface OneTimePasswordsTable {
  project_number: number;
  reference_hash: Buffer;
  code_hash: Buffer;
  attempts_left: number;
  expires_at: Date;
  address_hash: Buffer | null;
}

export interface OpenDsrRequestsTable {
  project_number: number;
  subject_request_id: string;
  type: string;
  status: string;
  api_version: string;
  request_hash: Buffer;
  request_id: string;
  received_at: Date;
  expected_at: Date;
  callback_urls: string[];
}

export interface OpenDsrSettingsTable {
  project_number: number;
  domain: string;
  controller_id: string;
  certificate: string;
  sealed_private_key: Buffer;
  bearer_hash: Buffer;
  changed_at: Date;
}

export interface OutboxMessagesTable {
  project_number: number;
  bucket: number;
  message_key: string;
  channel_type: string;
  address: string;
  address_key: number;
  endpoint_id: string | null;
  content: Json;
  created_at: Date;
  expires_at: Date;
}

export interface PoliciesTable {
  number: GeneratedAlways<number>;
  account_id: string;
  name: string;
  description: string | null;
  document: NullableJson;
  ready_made: string | null;
  project_id: string | null;
  created_at: Date;
  last_modified_at: Date;
}

export interface ProjectArchivesTable {
  project_number: number;
  id: string;
  url: string;
  state: string;
  epoch: Generated<number>;
  created_at: Date;
  completed_at: Date | null;
  bytes: number | null;
  rows: number | null;
  fault: string | null;
}

export interface ProjectSettingsTable {
  project_number: number;
  campaign_hook: NullableJson;
  limits: NullableJson;
  quiet_time: NullableJson;
  journey_limits: NullableJson;
  cloud_watch_metrics_enabled: boolean | null;
  event_tagging_enabled: boolean | null;
  last_modified_at: Date;
}

export interface ProjectsTable {
  number: GeneratedAlways<number>;
  account_id: string;
  region: string;
  id: string;
  name: string;
  created_at: Date;
  deleted_at: Date | null;
  closed_with_account: Generated<boolean>;
}

export interface ProviderBudgetsTable {
  provider_key: string;
  tokens: number;
  refilled_at: Date;
}

export interface ProviderMessagesTable {
  provider_message_id: string;
  sent_at: Date;
  project_number: number;
  bucket: number;
  recipient: string;
  run_id: string;
  started_at: Date;
  closed_at: Date | null;
}

export interface ProvidersTable {
  number: GeneratedAlways<number>;
  account_id: string;
  region: string;
  project_number: number;
  channel_type: string;
  kind: string;
  sealed_settings: Buffer;
  version: number;
  created_at: Date;
  last_modified_at: Date;
  last_modified_by: string;
}

export interface RecommendersTable {
  account_id: string;
  region: string;
  id: string;
  name: string | null;
  description: string | null;
  provider_uri: string;
  provider_role_arn: string;
  provider_id_type: string;
  recommendations_per_message: number;
  transformer_uri: string | null;
  display_name: string | null;
  attributes: NullableJson;
  created_at: Date;
  last_modified_at: Date;
}

export interface RetentionRulesTable {
  project_number: number;
  data_class: string;
  days: number;
  last_modified_at: Date;
}

export interface SchemaMigrationsTable {
  number: number;
  name: string;
  checksum: string;
  applied_at: Generated<Date>;
}

export interface ScopeErasurePlacesTable {
  erasure_id: string;
  place: string;
  position: number;
  cursor: NullableJson;
  erased: Generated<number>;
  finished: Generated<boolean>;
}

export interface ScopeErasuresTable {
  id: string;
  scope: string;
  account_id: string;
  region: string | null;
  project_id: string | null;
  project_number: number | null;
  part_of: string | null;
  state: string;
  received_at: Date;
  received_in: Generated<string>;
  repeated: Generated<number>;
  late: Generated<number>;
  swept_at: Date | null;
  completed_at: Date | null;
  kept: Json;
}

export interface SegmentEndpointsTable {
  membership: number;
  bucket: number;
  endpoint_id: string;
}

export interface SegmentUsersTable {
  membership: number;
  bucket: number;
  user_id: string;
}

export interface SegmentVersionsTable {
  project_number: number;
  segment_id: string;
  version: number;
  name: string | null;
  definition: NullableJson;
  import_definition: NullableJson;
  membership: number | null;
  last_modified_at: Date;
}

export interface SegmentsTable {
  project_number: number;
  id: string;
  kind: string;
  version: number;
  name: string | null;
  created_at: Date;
  last_modified_at: Date;
}

export interface SendsTable {
  project_number: number;
  bucket: number;
  recipient: string;
  run_id: string;
  started_at: Date;
  channel_type: string;
  detail: Json;
  status: string;
  status_code: number | null;
  status_message: string | null;
  message_id: string | null;
  attempts: Generated<number>;
  claimed_at: Generated<Date>;
  settled_at: Date | null;
}

export interface SmsKeywordsTable {
  account_id: string;
  number: string;
  keyword: string;
  action: string;
  response: string | null;
}

export interface SmsNumbersTable {
  account_id: string;
  number: string;
  project_number: number | null;
  topic_arn: string | null;
  webhook_url: string | null;
  sealed_webhook_secret: Buffer | null;
  self_managed_opt_outs: boolean;
  help_text: string | null;
  stop_text: string | null;
  start_text: string | null;
  created_at: Date;
  last_modified_at: Date;
  last_modified_by: string;
}

export interface SuppressedAddressesTable {
  account_id: string;
  channel: string;
  address_hash: Buffer;
  address: string | null;
  reason: string;
  detail: string | null;
  created_at: Date;
}

export interface SuppressedIdentitiesTable {
  project_number: number;
  identity_hash: Buffer;
  created_at: Date;
}

export interface TagsTable {
  account_id: string;
  region: string;
  resource: string;
  tags: Json;
}

export interface TemplateVersionsTable {
  template_number: number;
  version: number;
  content: Json;
  created_at: Date;
  last_modified_at: Date;
}

export interface TemplatesTable {
  number: GeneratedAlways<number>;
  account_id: string;
  region: string;
  name: string;
  type: string;
  active_version: number;
  latest_version: number;
  last_given: number;
  created_at: Date;
  last_modified_at: Date;
}

export interface TransferFilesTable {
  project_number: number;
  job_id: string;
  url: string;
  direction: string;
  bytes: number | null;
  checksum: string | null;
  recorded_at: Date;
  removed_at: Date | null;
}

export interface TransferJobsTable {
  project_number: number;
  id: string;
  kind: string;
  account_id: string;
  status: string;
  definition: Json;
  segment_id: string | null;
  updates_segment: boolean;
  segment_version: number | null;
  membership: number | null;
  created_at: Date;
  begun_at: Generated<Date>;
  completed_at: Date | null;
  epoch: Generated<number>;
  fault: string | null;
}

export interface TransferPiecesTable {
  project_number: number;
  job_id: string;
  piece: number;
  url: string;
  bytes: number | null;
  version: string | null;
  first_bucket: number | null;
  end_bucket: number | null;
  done: Generated<string>;
  processed: Generated<number>;
  failed: Generated<number>;
  failures: Json;
  fault: string | null;
  finished_at: Date | null;
}

export interface UserPoliciesTable {
  user_number: number;
  policy_number: number;
}

export interface UsersTable {
  number: GeneratedAlways<number>;
  account_id: string;
  name: string;
  password_hash: string | null;
  failed_attempts: Generated<number>;
  locked_until: Date | null;
  created_at: Date;
}

export interface WorkRangesTable {
  kind: string;
  work_id: string;
  first_bucket: number;
  end_bucket: number;
  cursor: NullableJson;
  epoch: Generated<number>;
  holder: string | null;
  lease_until: Date | null;
  finished_at: Date | null;
}

export interface Tables {
  access_requests: AccessRequestsTable;
  accounts: AccountsTable;
  analytics_carriers: AnalyticsCarriersTable;
  analytics_counters: AnalyticsCountersTable;
  analytics_labels: AnalyticsLabelsTable;
  analytics_marks: AnalyticsMarksTable;
  analytics_names: AnalyticsNamesTable;
  analytics_uniques: AnalyticsUniquesTable;
  attribute_names: AttributeNamesTable;
  audience_rules: AudienceRulesTable;
  audience_users: AudienceUsersTable;
  audit_counts: AuditCountsTable;
  audit_entries: AuditEntriesTable;
  blocked_attributes: BlockedAttributesTable;
  campaign_activities: CampaignActivitiesTable;
  campaign_addresses: CampaignAddressesTable;
  campaign_counts: CampaignCountsTable;
  campaign_recipients: CampaignRecipientsTable;
  campaign_runs: CampaignRunsTable;
  campaign_schedules: CampaignSchedulesTable;
  campaign_slices: CampaignSlicesTable;
  campaign_templates: CampaignTemplatesTable;
  campaign_triggers: CampaignTriggersTable;
  campaign_versions: CampaignVersionsTable;
  campaigns: CampaignsTable;
  channels: ChannelsTable;
  credentials: CredentialsTable;
  deployment: DeploymentTable;
  endpoint_addresses: EndpointAddressesTable;
  endpoint_facets: EndpointFacetsTable;
  endpoint_tombstones: EndpointTombstonesTable;
  endpoints: EndpointsTable;
  erasure_counts: ErasureCountsTable;
  erasure_holds: ErasureHoldsTable;
  erasure_ledger: ErasureLedgerTable;
  erasure_notices: ErasureNoticesTable;
  erasure_pieces: ErasurePiecesTable;
  erasure_receipt_chains: ErasureReceiptChainsTable;
  erasure_receipt_keys: ErasureReceiptKeysTable;
  erasure_receipts: ErasureReceiptsTable;
  erasure_requests: ErasureRequestsTable;
  erasure_retained: ErasureRetainedTable;
  erasure_settings: ErasureSettingsTable;
  erasure_targets: ErasureTargetsTable;
  erasure_touched: ErasureTouchedTable;
  event_fingerprints: EventFingerprintsTable;
  event_merges: EventMergesTable;
  event_settings: EventSettingsTable;
  event_stream_files: EventStreamFilesTable;
  event_streams: EventStreamsTable;
  events: EventsTable;
  file_erasure_items: FileErasureItemsTable;
  file_erasure_kept: FileErasureKeptTable;
  file_erasures: FileErasuresTable;
  funnels: FunnelsTable;
  idempotent_calls: IdempotentCallsTable;
  inbound_messages: InboundMessagesTable;
  messaging_settings: MessagingSettingsTable;
  nodes: NodesTable;
  one_time_passwords: OneTimePasswordsTable;
  open_dsr_requests: OpenDsrRequestsTable;
  open_dsr_settings: OpenDsrSettingsTable;
  outbox_messages: OutboxMessagesTable;
  policies: PoliciesTable;
  project_archives: ProjectArchivesTable;
  project_settings: ProjectSettingsTable;
  projects: ProjectsTable;
  provider_budgets: ProviderBudgetsTable;
  provider_messages: ProviderMessagesTable;
  providers: ProvidersTable;
  recommenders: RecommendersTable;
  retention_rules: RetentionRulesTable;
  schema_migrations: SchemaMigrationsTable;
  scope_erasure_places: ScopeErasurePlacesTable;
  scope_erasures: ScopeErasuresTable;
  segment_endpoints: SegmentEndpointsTable;
  segment_users: SegmentUsersTable;
  segment_versions: SegmentVersionsTable;
  segments: SegmentsTable;
  sends: SendsTable;
  sms_keywords: SmsKeywordsTable;
  sms_numbers: SmsNumbersTable;
  suppressed_addresses: SuppressedAddressesTable;
  suppressed_identities: SuppressedIdentitiesTable;
  tags: TagsTable;
  template_versions: TemplateVersionsTable;
  templates: TemplatesTable;
  transfer_files: TransferFilesTable;
  transfer_jobs: TransferJobsTable;
  transfer_pieces: TransferPiecesTable;
  user_policies: UserPoliciesTable;
  users: UsersTable;
  work_ranges: WorkRangesTable;
}
