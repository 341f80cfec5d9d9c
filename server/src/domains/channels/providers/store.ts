/** All SQL over `providers`, and the look-up over providers and channels together. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import type { StoredChannel } from '../resources/store.ts';

/** Whose provider it is. `projectNumber` 0: the default of all projects of account and Region. */
export interface ProviderPlace {
  readonly accountId: string;
  readonly region: string;
  readonly projectNumber: number;
  readonly channelType: string;
}

export interface StoredProvider extends ProviderPlace {
  readonly number: number;
  readonly kind: string;
  readonly sealedSettings: Buffer;
  readonly version: number;
  readonly createdAt: Date;
  readonly lastModifiedAt: Date;
  readonly lastModifiedBy: string;
}

const columns = sql`
  providers.number, providers.account_id as "accountId", providers.region, providers.project_number as "projectNumber",
  providers.channel_type as "channelType", providers.kind, providers.sealed_settings as "sealedSettings",
  providers.version, providers.created_at as "createdAt", providers.last_modified_at as "lastModifiedAt",
  providers.last_modified_by as "lastModifiedBy"`;

const isAt = ({ accountId, region, projectNumber }: Omit<ProviderPlace, 'channelType'>) => sql`
  account_id = ${accountId} and region = ${region} and project_number = ${projectNumber}`;

export async function listProviders(
  query: Executor,
  place: Omit<ProviderPlace, 'channelType'>,
): Promise<StoredProvider[]> {
  const { rows } = await sql<StoredProvider>`
    select ${columns} from providers where ${isAt(place)} order by channel_type`.execute(query);
  return rows;
}

export async function findProvider(query: Executor, place: ProviderPlace): Promise<StoredProvider | undefined> {
  const { rows } = await sql<StoredProvider>`
    select ${columns} from providers where ${isAt(place)} and channel_type = ${place.channelType}`.execute(query);
  return rows[0];
}

/** A project that was deleted has no provider any more, and of an account that is closed none is used. */
const isInUse = sql`
  not exists (select from projects where projects.number = providers.project_number and projects.deleted_at is not null)
  and not exists (select from accounts where accounts.account_id = providers.account_id and accounts.closed_at is not null)`;

/** Answers stand in the order of the numbers. */
export async function findProvidersByNumber(
  query: Executor,
  numbers: readonly number[],
): Promise<(StoredProvider | undefined)[]> {
  const { rows } = await sql<StoredProvider>`
    select ${columns} from providers where number = any (${numbers}::bigint[]) and ${isInUse}`.execute(query);
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  return numbers.map((number) => byNumber.get(number));
}

/** Of all accounts. */
export async function findProvidersOfKinds(query: Executor, kinds: readonly string[]): Promise<StoredProvider[]> {
  const { rows } = await sql<StoredProvider>`
    select ${columns} from providers where kind = any (${kinds}::text[]) and ${isInUse} order by number`.execute(query);
  return rows;
}

export interface ProviderWrite extends ProviderPlace {
  readonly kind: string;
  readonly sealedSettings: Buffer;
  readonly now: Date;
  readonly by: string;
}

/** Keeps number and creation date of the one that is there, and counts its version. */
export async function putProvider(tx: Transaction, provider: ProviderWrite): Promise<StoredProvider> {
  const { accountId, region, projectNumber, channelType, kind, sealedSettings, now, by } = provider;
  const { rows } = await sql<StoredProvider>`
    insert into providers (account_id, region, project_number, channel_type, kind, sealed_settings, version,
                           created_at, last_modified_at, last_modified_by)
    values (${accountId}, ${region}, ${projectNumber}, ${channelType}, ${kind}, ${sealedSettings}, 1, ${now}, ${now}, ${by})
    on conflict (account_id, region, project_number, channel_type) do update set
      kind = excluded.kind, sealed_settings = excluded.sealed_settings, version = providers.version + 1,
      last_modified_at = excluded.last_modified_at, last_modified_by = excluded.last_modified_by
    returning ${columns}`.execute(tx);
  return rows[0] as StoredProvider;
}

export async function deleteProvider(tx: Transaction, place: ProviderPlace): Promise<StoredProvider | undefined> {
  const { rows } = await sql<StoredProvider>`
    delete from providers where ${isAt(place)} and channel_type = ${place.channelType} returning ${columns}`.execute(
    tx,
  );
  return rows[0];
}

/** What is stored about how the messages of one project and channel type leave. */
export interface FoundSources {
  /** The project's own, or the account's. */
  readonly provider:
    | Pick<StoredProvider, keyof ProviderPlace | 'number' | 'kind' | 'version' | 'sealedSettings'>
    | undefined;
  readonly channel:
    | Pick<StoredChannel, 'channelType' | 'version' | 'enabled' | 'settings' | 'sealedSettings'>
    | undefined;
}

interface SourcesRow {
  readonly number: number | null;
  readonly ownerNumber: number;
  readonly kind: string;
  readonly version: number;
  readonly sealedSettings: Buffer;
  readonly channelVersion: number | null;
  readonly enabled: boolean;
  readonly channelSettings: StoredChannel['settings'];
  readonly sealedChannelSettings: StoredChannel['sealedSettings'];
}

/** Answers stand in the order of the places. */
export async function findSources(query: Executor, places: readonly ProviderPlace[]): Promise<FoundSources[]> {
  const { rows } = await sql<SourcesRow>`
    select provider.number, provider.project_number as "ownerNumber", provider.kind, provider.version,
           provider.sealed_settings as "sealedSettings", channels.version as "channelVersion", channels.enabled,
           channels.settings as "channelSettings", channels.sealed_settings as "sealedChannelSettings"
    from unnest(${places.map(({ accountId }) => accountId)}::text[], ${places.map(({ region }) => region)}::text[],
                ${places.map(({ projectNumber }) => projectNumber)}::bigint[],
                ${places.map(({ channelType }) => channelType)}::text[])
      with ordinality as given (account_id, region, project_number, channel_type, position)
    left join lateral (
      select * from providers
      where providers.account_id = given.account_id and providers.region = given.region
        and providers.project_number in (given.project_number, 0) and providers.channel_type = given.channel_type
      order by providers.project_number desc limit 1) as provider on true
    left join channels
      on channels.project_number = given.project_number and channels.channel_type = given.channel_type
    order by given.position`.execute(query);
  return rows.map((row, index) => toSources(places[index] as ProviderPlace, row));
}

function toSources(place: ProviderPlace, row: SourcesRow): FoundSources {
  const { number, ownerNumber, kind, version, sealedSettings, channelVersion, enabled } = row;
  const { channelType } = place;
  return {
    provider:
      number === null ? undefined : { ...place, projectNumber: ownerNumber, number, kind, version, sealedSettings },
    channel:
      channelVersion === null
        ? undefined
        : {
            ...{ channelType, version: channelVersion, enabled },
            ...{ settings: row.channelSettings, sealedSettings: row.sealedChannelSettings },
          },
  };
}

/** Versions of sources that are there: of those that are gone, and of channels that were deleted, nothing. */
export async function findVersions(query: Executor, sources: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ source: string; version: number }>`
    select sources.source, sources.version
    from (select 'provider/' || number as source, version from providers where ${isInUse}
          union all
          select 'channel/' || project_number || '/' || channel_type, version from channels
          where not archived and not exists (
            select from projects where number = project_number and deleted_at is not null)) as sources
    where sources.source = any (${sources}::text[])`.execute(query);
  return new Map(rows.map(({ source, version }) => [source, version]));
}

/** Where drivers of these projects are opened from. */
export async function listSources(query: Executor, projectNumbers: readonly number[]) {
  const { rows } = await sql<{ projectNumber: number; providerNumber: number | null; channelType: string }>`
    select project_number as "projectNumber", number as "providerNumber", channel_type as "channelType" from providers
    where project_number = any (${projectNumbers}::bigint[])
    union all
    select project_number, null, channel_type from channels
    where project_number = any (${projectNumbers}::bigint[]) and sealed_settings is not null`.execute(query);
  return rows;
}

export async function listAccountSources(query: Executor, accountId: string) {
  const { rows } = await sql<{ region: string; number: number }>`
    select region, number from providers where account_id = ${accountId} and project_number = 0`.execute(query);
  return rows;
}
