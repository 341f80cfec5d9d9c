/** Reads keys together with their user and policies: what a request needs, in one statement for many requests. */
import { sql } from 'kysely';
import type { Executor } from '../../../database/index.ts';

export interface CredentialRow {
  readonly accessKeyId: string;
  readonly kind: 'access key' | 'session';
  readonly sealedSecret: Buffer;
  readonly tokenHash: Buffer | null;
  readonly expiresAt: Date | null;
  readonly userNumber: number;
  readonly userName: string;
  readonly accountId: string;
  readonly policies: readonly {
    readonly document: unknown;
    readonly ready_made: string | null;
    readonly project_id: string | null;
  }[];
}

/**
 * In the order of the ids; undefined for a key that does not exist, is switched off, or is of a closed account. One probe of each primary key a
 * row.
 */
export async function findCredentials(
  query: Executor,
  accessKeyIds: readonly string[],
): Promise<(CredentialRow | undefined)[]> {
  const { rows } = await sql<CredentialRow>`
    select credentials.access_key_id as "accessKeyId", credentials.kind, credentials.sealed_secret as "sealedSecret",
           credentials.token_hash as "tokenHash", credentials.expires_at as "expiresAt",
           users.number as "userNumber", users.name as "userName", users.account_id as "accountId",
           (select coalesce(jsonb_agg(jsonb_build_object(
                     'document', policies.document, 'ready_made', policies.ready_made, 'project_id', policies.project_id)), '[]')
            from user_policies join policies on policies.number = user_policies.policy_number
            where user_policies.user_number = users.number) as policies
    from credentials
    join users on users.number = credentials.user_number
    join accounts on accounts.account_id = users.account_id and accounts.closed_at is null
    where credentials.access_key_id = any (${accessKeyIds}::text[]) and credentials.active`.execute(query);
  const found = new Map(rows.map((row) => [row.accessKeyId, row]));
  return accessKeyIds.map((id) => found.get(id));
}

export interface KeyUse {
  readonly accessKeyId: string;
  readonly at: Date;
  readonly region: string;
  readonly operation: string;
}

/** Skips keys that were deleted meanwhile, and uses older than what another process wrote. */
export async function writeKeyUses(query: Executor, uses: readonly KeyUse[]): Promise<void> {
  await sql`
    update credentials set last_used_at = used.at, last_used_region = used.region, last_used_operation = used.operation
    from (select * from json_to_recordset(${JSON.stringify(uses)}::json)
            as used ("accessKeyId" text, at timestamptz, region text, operation text)) as used
    where credentials.access_key_id = used."accessKeyId"
      and (credentials.last_used_at is null or credentials.last_used_at < used.at)`.execute(query);
}
