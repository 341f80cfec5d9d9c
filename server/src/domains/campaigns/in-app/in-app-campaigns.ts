/**
 * The in-app campaigns of projects, in memory: every start of an app asks for its messages (dossier/messaging §13.1).
 * They are forgotten at once when one is changed on any node (docs/decisions/0011).
 */
import { type Database, NewsCache, type Notifications } from '../../../database/index.ts';
import { campaignsTopic } from '../announce.ts';
import { kindOf } from '../definition/kind.ts';
import { listAliveCampaigns } from '../store.ts';
import { type InAppCampaign, toInAppCampaign } from './in-app-campaign.ts';

/** Campaigns of all projects in memory, and one more for each project. */
const capacity = 20_000;

export class InAppCampaigns {
  readonly #database: Database;
  /** By project number. */
  readonly #known: NewsCache<readonly InAppCampaign[]>;

  constructor({ database, notifications }: { readonly database: Database; readonly notifications: Notifications }) {
    this.#database = database;
    this.#known = new NewsCache<readonly InAppCampaign[]>({
      ...{ notifications, topic: campaignsTopic, capacity },
      weigh: (campaigns) => campaigns.length + 1,
    });
  }

  /** Those that are not paused, in the order in which they are answered. Synchronous when they are known. */
  find(projectNumber: number): readonly InAppCampaign[] | Promise<readonly InAppCampaign[]> {
    const key = String(projectNumber);
    return this.#known.get(key) ?? this.#known.load(key, () => this.#read(projectNumber));
  }

  /** After a change that this process made itself: its own news would come a moment too late. */
  forget(projectNumber: number): void {
    this.#known.forget(String(projectNumber));
  }

  async #read(projectNumber: number): Promise<readonly InAppCampaign[]> {
    const campaigns = await listAliveCampaigns(this.#database.query, projectNumber);
    return campaigns
      .filter(({ isPaused, definition }) => !isPaused && kindOf(definition.Schedule) === 'IN_APP')
      .toSorted((one, other) => rankOf(one.definition) - rankOf(other.definition))
      .map(toInAppCampaign);
  }
}

/** 1 is first; who has no priority comes behind all who have one (§13.3). */
function rankOf({ Priority }: { readonly Priority?: number }): number {
  return Priority ?? Number.MAX_SAFE_INTEGER;
}
