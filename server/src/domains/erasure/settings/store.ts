/** SQL over `erasure_settings`: what a project decides about erasure. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';

export interface ErasureSettings {
  readonly fullErasure: boolean;
  readonly eraseRemovedAttributes: boolean;
  readonly waitingDays: number;
}

/**
 * RemoveAttributes leaves stored values where they are unless somebody asks for more: that is what the operation's own text
 * says, and what its users saw (dossier/audience §4).
 */
export const defaultSettings: ErasureSettings = { fullErasure: true, eraseRemovedAttributes: false, waitingDays: 0 };

const columns = sql`
  full_erasure as "fullErasure", erase_removed_attributes as "eraseRemovedAttributes", waiting_days as "waitingDays"`;

export async function readSettings(query: Executor, projectNumber: number): Promise<ErasureSettings> {
  const { rows } = await sql<ErasureSettings>`
    select ${columns} from erasure_settings where project_number = ${projectNumber}`.execute(query);
  return rows[0] ?? defaultSettings;
}

/** Changes what is given; of two who change different members, neither undoes the other's. */
export async function changeSettings(
  tx: Transaction,
  projectNumber: number,
  { fullErasure, eraseRemovedAttributes, waitingDays }: Partial<ErasureSettings>,
): Promise<ErasureSettings> {
  const { rows } = await sql<ErasureSettings>`
    insert into erasure_settings as stored (project_number, full_erasure, erase_removed_attributes, waiting_days)
    values (${projectNumber}, ${fullErasure ?? defaultSettings.fullErasure},
            ${eraseRemovedAttributes ?? defaultSettings.eraseRemovedAttributes},
            ${waitingDays ?? defaultSettings.waitingDays})
    on conflict (project_number) do update set
      full_erasure = coalesce(${fullErasure ?? null}, stored.full_erasure),
      erase_removed_attributes = coalesce(${eraseRemovedAttributes ?? null}, stored.erase_removed_attributes),
      waiting_days = coalesce(${waitingDays ?? null}::int, stored.waiting_days)
    returning ${columns}`.execute(tx);
  return rows[0] as ErasureSettings;
}
