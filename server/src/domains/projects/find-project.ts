/**
 * The look-up that every call with a project in its path makes. Projects are kept in memory and forgotten at once when
 * one is deleted or tagged on any node; while news cannot be heard, every look-up goes to the database.
 */
import { CoalescedRead, type Database, type Notifications, notify, type Transaction } from '../../database/index.ts';
import { RecentlyUsed } from '../../kernel/recently-used.ts';
import type { Project } from '../../operations/call.ts';
import { parseArn, type ResourceName } from './arn.ts';
import { findProjects, findTags, type ProjectKey } from './store.ts';
import type { Tags } from './tag-rules.ts';

const projectsTopic = 'projects';
/** Projects in memory at once; the longest unused leaves. */
const capacity = 10_000;

export class ProjectLookup {
  readonly #notifications: Notifications;
  readonly #reads: CoalescedRead<ProjectKey, Project | undefined>;
  readonly #known = new RecentlyUsed<Project>(capacity);
  /** Rises with every piece of news: what was read before it is not kept. */
  #newsHeard = 0;

  constructor({ database, notifications }: { database: Database; notifications: Notifications }) {
    this.#notifications = notifications;
    this.#reads = new CoalescedRead({
      name: 'project look-up',
      read: (keys) => findProjects(database.query, keys),
      identify: textOf,
    });
    notifications.subscribe({
      topic: projectsTopic,
      changed: (text) => this.#forget(text),
      forgetAll: () => this.#forgetAll(),
    });
  }

  get figures() {
    return this.#reads.figures;
  }

  /** Synchronous when the project is known. */
  find(key: ProjectKey): Project | undefined | Promise<Project | undefined> {
    const text = textOf(key);
    return this.#known.get(text) ?? this.#read(key, text);
  }

  /** After a change that this process made itself: its own news would come a moment too late. */
  forget(key: ProjectKey): void {
    this.#forget(textOf(key));
  }

  async #read(key: ProjectKey, text: string): Promise<Project | undefined> {
    const newsHeard = this.#newsHeard;
    const project = await this.#reads.find(key);
    if (project !== undefined && newsHeard === this.#newsHeard && this.#notifications.listening) {
      this.#known.set(text, project);
    }
    return project;
  }

  #forget(text: string): void {
    this.#newsHeard += 1;
    this.#known.delete(text);
  }

  #forgetAll(): void {
    this.#newsHeard += 1;
    this.#known.clear();
  }
}

/** Part of every transaction that changes what `ProjectLookup` keeps. */
export async function forgetProject(tx: Transaction, key: ProjectKey): Promise<void> {
  await notify(tx, projectsTopic, textOf(key));
}

/** The project that a resource name names, when it names one. */
export function projectOf({ accountId, region, resource }: ResourceName): ProjectKey | undefined {
  const [, id] = /^apps\/([^/]+)$/.exec(resource) ?? [];
  return id === undefined ? undefined : { accountId, region, id };
}

function textOf({ accountId, region, id }: ProjectKey): string {
  return `${accountId}/${region}/${id}`;
}

/** Tags of whatever an ARN names, for policies; none for an ARN that is not of this service. */
export async function findResourceTags(database: Database, arn: string): Promise<Tags> {
  let name: ReturnType<typeof parseArn>;
  try {
    name = parseArn(arn);
  } catch {
    // The handler refuses it with a sentence; for the policy a malformed ARN is a resource without tags.
    return {};
  }
  return findTags(database.query, name);
}
