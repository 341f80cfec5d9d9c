/** SQL over `retention_rules`: how long a project keeps what it has. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';

export const dataClasses = ['INACTIVE_ENDPOINTS', 'EVENTS', 'SENDS', 'OUTBOX_MESSAGES', 'INBOUND_MESSAGES'] as const;
export type DataClass = (typeof dataClasses)[number];

export interface RetentionRule {
  readonly dataClass: DataClass;
  readonly days: number;
  readonly lastModifiedAt: Date;
}

const columns = sql`data_class as "dataClass", days, last_modified_at as "lastModifiedAt"`;

export async function listRules(query: Executor, projectNumber: number): Promise<RetentionRule[]> {
  const { rows } = await sql<RetentionRule>`
    select ${columns} from retention_rules where project_number = ${projectNumber} order by data_class`.execute(query);
  return rows;
}

export async function writeRule(tx: Transaction, projectNumber: number, rule: RetentionRule): Promise<void> {
  await sql`
    insert into retention_rules (project_number, data_class, days, last_modified_at)
    values (${projectNumber}, ${rule.dataClass}, ${rule.days}, ${rule.lastModifiedAt})
    on conflict (project_number, data_class) do update set
      days = excluded.days, last_modified_at = excluded.last_modified_at`.execute(tx);
}

export async function deleteRule(
  tx: Transaction,
  projectNumber: number,
  dataClass: string,
): Promise<RetentionRule | undefined> {
  const { rows } = await sql<RetentionRule>`
    delete from retention_rules where project_number = ${projectNumber} and data_class = ${dataClass}
    returning ${columns}`.execute(tx);
  return rows[0];
}

export interface RuleOfProject extends RetentionRule {
  readonly projectNumber: number;
  readonly accountId: string;
}

/** Of all projects that are there. */
export async function listAllRules(query: Executor): Promise<RuleOfProject[]> {
  const { rows } = await sql<RuleOfProject>`
    select ${columns}, project_number as "projectNumber", account_id as "accountId"
    from retention_rules join projects on projects.number = project_number
    where deleted_at is null order by project_number, data_class`.execute(query);
  return rows;
}
