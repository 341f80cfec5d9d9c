/** All SQL over `channels`. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import type { Members } from './kinds.ts';

export interface StoredChannel {
  readonly channelType: string;
  readonly version: number;
  readonly enabled: boolean;
  readonly archived: boolean;
  readonly settings: Members | null;
  readonly sealedSettings: Buffer | null;
  readonly createdAt: Date;
  readonly lastModifiedAt: Date;
  readonly lastModifiedBy: string;
}

const columns = sql`
  channel_type as "channelType", version, enabled, archived, settings, sealed_settings as "sealedSettings",
  created_at as "createdAt", last_modified_at as "lastModifiedAt", last_modified_by as "lastModifiedBy"`;

/** Channels of a project that were configured once, in the order of their types. */
export async function listChannels(query: Executor, projectNumber: number): Promise<StoredChannel[]> {
  const { rows } = await sql<StoredChannel>`
    select ${columns} from channels where project_number = ${projectNumber} order by channel_type`.execute(query);
  return rows;
}

export async function findChannel(
  query: Executor,
  projectNumber: number,
  channelType: string,
): Promise<StoredChannel | undefined> {
  const { rows } = await sql<StoredChannel>`
    select ${columns} from channels
    where project_number = ${projectNumber} and channel_type = ${channelType}`.execute(query);
  return rows[0];
}

/** One change of a project's channels at a time, so that of two at once the second sees what the first kept. */
export async function lockChannels(tx: Transaction, projectNumber: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`channels ${projectNumber}`}, 0))`.execute(tx);
}

export async function putChannel(
  tx: Transaction,
  projectNumber: number,
  { channelType, version, enabled, archived, settings, sealedSettings, ...channel }: StoredChannel,
): Promise<void> {
  await sql`
    insert into channels (project_number, channel_type, version, enabled, archived, settings, sealed_settings,
                          created_at, last_modified_at, last_modified_by)
    values (${projectNumber}, ${channelType}, ${version}, ${enabled}, ${archived},
            ${settings && JSON.stringify(settings)}::jsonb, ${sealedSettings}, ${channel.createdAt},
            ${channel.lastModifiedAt}, ${channel.lastModifiedBy})
    on conflict (project_number, channel_type) do update set
      version = excluded.version, enabled = excluded.enabled, archived = excluded.archived,
      settings = excluded.settings, sealed_settings = excluded.sealed_settings,
      last_modified_at = excluded.last_modified_at, last_modified_by = excluded.last_modified_by`.execute(tx);
}
