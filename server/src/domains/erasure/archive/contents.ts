/**
 * What of a project goes into its archive, table by table: definitions, people, events and counters, as they are stored.
 * Every table that an erasure of the project reaches is either in it or has a reason here why it is not.
 */
import type { PersonalData } from '../../../kernel/personal-data.ts';

const ofThisDeployment = 'It belongs to the deployment that did it.';
const withSecrets = 'It is nothing without its secrets, and these are not exported: set it again.';

/** Not in an archive. */
export const leftOut: Readonly<Record<string, string>> = {
  channels: `${withSecrets} Channels without credentials are in it.`,
  providers: withSecrets,
  event_streams: withSecrets,
  endpoint_facets: 'Made again from the endpoints.',
  endpoint_tombstones: 'Hashes under a key of this deployment.',
  event_fingerprints: 'Hashes under a key of this deployment, kept for days.',
  one_time_passwords: 'Over within minutes.',
  idempotent_calls: 'Sealed answers, kept for a day.',
  sends: 'The log of sending; what became of messages stands in the events.',
  provider_messages: 'The log of sending; what became of messages stands in the events.',
  outbox_messages: 'Messages that never left this deployment.',
  inbound_messages: 'Messages to numbers of the account.',
  sms_numbers: 'Numbers of the account.',
  campaign_triggers: 'Messages that leave within minutes.',
  campaign_addresses: 'Of runs that are under way: they end with the archive.',
  work_ranges: ofThisDeployment,
  transfer_jobs: ofThisDeployment,
  transfer_pieces: ofThisDeployment,
  transfer_files: ofThisDeployment,
  project_archives: ofThisDeployment,
  erasure_requests: ofThisDeployment,
  erasure_pieces: ofThisDeployment,
  erasure_counts: ofThisDeployment,
  erasure_holds: 'Its identities are hashes under a key of this deployment.',
  erasure_retained: 'Sealed under a key of this deployment.',
  erasure_notices: ofThisDeployment,
  erasure_targets: withSecrets,
  access_requests: ofThisDeployment,
  open_dsr_settings: withSecrets,
  open_dsr_requests: ofThisDeployment,
  suppressed_identities: 'Hashes under a key of this deployment: who is suppressed has to be said again.',
  tags: 'They stand in the manifest, with the project.',
};

/** Of which rows are taken all the same, when this holds. */
export const partly: Readonly<Record<string, string>> = { channels: 'sealed_settings is null' };

/** Given anew by whoever reads the archive, or made again. */
const columnsLeftOut: Readonly<Record<string, readonly string[]>> = {
  attribute_names: ['value_tokens', 'idle_tokens', 'idle_since'],
  events: ['sequence', 'transaction_id'],
};

export function columnsWithout(inventory: readonly PersonalData[], table: string): readonly string[] {
  const classified = inventory.flatMap(({ tables }) => tables).find((each) => each.table === table);
  const secret = Object.entries(classified?.columns ?? {}).filter(([, kind]) => kind === 'secret');
  return ['project_number', ...(columnsLeftOut[table] ?? []), ...secret.map(([column]) => column)];
}

export const isArchived = (table: string): boolean => !(table in leftOut) || table in partly;
