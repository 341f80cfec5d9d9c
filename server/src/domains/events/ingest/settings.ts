/** What a project decides about its events: asked with every call, so it is kept in memory. */
import {
  type Database,
  type Executor,
  NewsCache,
  type Notifications,
  notify,
  type Transaction,
} from '../../../database/index.ts';

export interface EventSettings {
  /** Whether an event that came before, alike in all, is taken once. */
  readonly deduplicate: boolean;
  /** 0: for ever. Undefined: as long as the server keeps them. */
  readonly retentionDays: number | undefined;
}

/** Event ids correlate an answer and no more, and apps use them again (dossier/events-journeys-console §1.4). */
const defaultSettings: EventSettings = { deduplicate: false, retentionDays: undefined };

const settingsTopic = 'event settings';

export class EventSettingsLookup {
  readonly #query: Executor;
  readonly #known: NewsCache<EventSettings>;

  constructor({ database, notifications }: { readonly database: Database; readonly notifications: Notifications }) {
    this.#query = database.query;
    this.#known = new NewsCache({ notifications, topic: settingsTopic });
  }

  /** Synchronous when they are known. */
  find(projectNumber: number): EventSettings | Promise<EventSettings> {
    const key = String(projectNumber);
    return this.#known.get(key) ?? this.#known.load(key, () => readSettings(this.#query, projectNumber));
  }

  async change(tx: Transaction, projectNumber: number, changes: Partial<EventSettings>): Promise<EventSettings> {
    const settings = { ...(await readSettings(tx, projectNumber)), ...changes };
    const row = { deduplicate: settings.deduplicate, retention_days: settings.retentionDays ?? null };
    await tx
      .insertInto('event_settings')
      .values({ project_number: projectNumber, ...row })
      .onConflict((conflict) => conflict.column('project_number').doUpdateSet(row))
      .execute();
    await notify(tx, settingsTopic, String(projectNumber));
    return settings;
  }

  /** After the commit of a change that this process made itself. */
  forget(projectNumber: number): void {
    this.#known.forget(String(projectNumber));
  }
}

async function readSettings(query: Executor, projectNumber: number): Promise<EventSettings> {
  const row = await query
    .selectFrom('event_settings')
    .selectAll()
    .where('project_number', '=', projectNumber)
    .executeTakeFirst();
  if (row === undefined) return defaultSettings;
  return { deduplicate: row.deduplicate, retentionDays: row.retention_days ?? undefined };
}

/** Days by project, of those that decided; 0 is for ever. */
export async function readRetentions(query: Executor): Promise<ReadonlyMap<number, number>> {
  const rows = await query
    .selectFrom('event_settings')
    .select(['project_number', 'retention_days'])
    .where('retention_days', 'is not', null)
    .execute();
  return new Map(rows.map((row) => [Number(row.project_number), row.retention_days as number]));
}
