/** A project's own switches for messages: read with every send, so they are kept in memory. */
import {
  type Database,
  type Executor,
  NewsCache,
  type Notifications,
  notify,
  type Transaction,
} from '../../../database/index.ts';

export interface MessagingSettings {
  readonly missingVariables: 'OMIT' | 'FAIL';
  readonly clickTracking: boolean;
  readonly openTracking: boolean;
  readonly unsubscribeLinks: boolean;
}

/** Nothing of a mail is rewritten unless somebody asks for it. */
export const defaultSettings: MessagingSettings = {
  missingVariables: 'OMIT',
  clickTracking: false,
  openTracking: false,
  unsubscribeLinks: false,
};

const settingsTopic = 'messaging settings';

export class SettingsLookup {
  readonly #query: Executor;
  readonly #known: NewsCache<MessagingSettings>;

  constructor({ database, notifications }: { readonly database: Database; readonly notifications: Notifications }) {
    this.#query = database.query;
    this.#known = new NewsCache({ notifications, topic: settingsTopic });
  }

  /** Synchronous when they are known. */
  find(projectNumber: number): MessagingSettings | Promise<MessagingSettings> {
    const key = String(projectNumber);
    return this.#known.get(key) ?? this.#known.load(key, () => readSettings(this.#query, projectNumber));
  }

  async change(
    tx: Transaction,
    projectNumber: number,
    changes: Partial<MessagingSettings>,
  ): Promise<MessagingSettings> {
    // There and locked before it is read: of two who change different switches, neither undoes the other's.
    await tx
      .insertInto('messaging_settings')
      .values({ project_number: projectNumber, ...toRow(defaultSettings) })
      .onConflict((conflict) => conflict.column('project_number').doUpdateSet({ project_number: projectNumber }))
      .execute();
    const settings = { ...(await readSettings(tx, projectNumber)), ...changes };
    await tx
      .updateTable('messaging_settings')
      .set(toRow(settings))
      .where('project_number', '=', projectNumber)
      .execute();
    await notify(tx, settingsTopic, String(projectNumber));
    return settings;
  }

  /** After the commit of a change that this process made itself. */
  forget(projectNumber: number): void {
    this.#known.forget(String(projectNumber));
  }
}

function toRow(settings: MessagingSettings) {
  return {
    missing_variables: settings.missingVariables,
    click_tracking: settings.clickTracking,
    open_tracking: settings.openTracking,
    unsubscribe_links: settings.unsubscribeLinks,
  };
}

async function readSettings(query: Executor, projectNumber: number): Promise<MessagingSettings> {
  const row = await query
    .selectFrom('messaging_settings')
    .selectAll()
    .where('project_number', '=', projectNumber)
    .executeTakeFirst();
  if (row === undefined) return defaultSettings;
  return {
    missingVariables: row.missing_variables as MessagingSettings['missingVariables'],
    clickTracking: row.click_tracking,
    openTracking: row.open_tracking,
    unsubscribeLinks: row.unsubscribe_links,
  };
}
