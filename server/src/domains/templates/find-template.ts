/**
 * Templates for those who send. A send names them with every request, so they are kept in memory, and forgotten at once
 * when one is changed on any node; while news cannot be heard, every look-up goes to the database
 * (docs/decisions/0011).
 */
import { CoalescedRead, type Database, type Executor, type Notifications, notify } from '../../database/index.ts';
import type { TemplateContents, TemplateType } from './kinds.ts';
import { charactersOf, type Defaults, readDefaults } from './rules.ts';
import { findStored, type StoredTemplate, type TemplateKey, type TemplateScope, type WantedVersion } from './store.ts';

export interface FoundTemplate<Type extends TemplateType> {
  readonly type: Type;
  readonly name: string;
  readonly version: number;
  readonly content: TemplateContents[Type];
  /** DefaultSubstitutions, read; empty where there are none. */
  readonly defaults: Defaults;
}

/** As messages name a template (dossier/messaging §2.4). */
export interface TemplateReference<Type extends TemplateType> {
  readonly type: Type;
  readonly name: string;
  /** The active one when absent; `latest` or `$LATEST`: the newest. */
  readonly version?: string | undefined;
}

/** @returns undefined when there is no such template or version */
export async function findTemplate<Type extends TemplateType>(
  query: Executor,
  scope: TemplateScope,
  reference: TemplateReference<Type>,
): Promise<FoundTemplate<Type> | undefined> {
  const wanted = readWanted(reference.version);
  if (wanted === undefined) return undefined;
  const [stored] = await findStored(query, [{ ...scope, type: reference.type, name: reference.name, wanted }]);
  return stored && toFound<Type>(stored);
}

/** @returns undefined for what no version can be called */
function readWanted(version: string | undefined): WantedVersion | undefined {
  if (version === undefined) return 'active';
  if (namesLatest(version)) return 'latest';
  return /^[1-9][0-9]{0,8}$/.test(version) ? Number(version) : undefined;
}

export function namesLatest(version: string): boolean {
  return /^(?:latest|\$LATEST)$/i.test(version);
}

function toFound<Type extends TemplateType>({ name, version, ...stored }: StoredTemplate): FoundTemplate<Type> {
  const content = stored.content as TemplateContents[Type];
  return { type: stored.type as Type, name, version, content, defaults: readDefaults(content) };
}

type Found = FoundTemplate<TemplateType>;

interface Known {
  readonly versions: Map<WantedVersion, Found>;
  characters: number;
}

type Wanted = TemplateKey & { readonly wanted: WantedVersion };

const templatesTopic = 'templates';
/** Of all templates in memory; the longest unused leaves. */
const capacity = 16_000_000;

export class TemplateLookup {
  readonly #notifications: Notifications;
  readonly #reads: CoalescedRead<Wanted, Found | undefined>;
  /** By template; insertion order is order of last use. */
  readonly #known = new Map<string, Known>();
  #characters = 0;
  /** Rises with every piece of news: what was read before it is not kept. */
  #newsHeard = 0;

  constructor({ database, notifications }: { database: Database; notifications: Notifications }) {
    this.#notifications = notifications;
    this.#reads = new CoalescedRead<Wanted, Found | undefined>({
      name: 'template look-up',
      read: async (keys) => (await findStored(database.query, keys)).map((stored) => stored && toFound(stored)),
      identify: (key) => `${textOf(key)}/${key.wanted}`,
    });
    notifications.subscribe({
      topic: templatesTopic,
      changed: (text) => this.#forget(text),
      forgetAll: () => this.#forgetAll(),
    });
  }

  get figures() {
    return { ...this.#reads.figures, characters: this.#characters };
  }

  /**
   * Synchronous when the template is known; the same object as long as nothing changed, so that what was made of it can
   * be kept beside it.
   * @returns undefined when there is no such template or version
   */
  find<Type extends TemplateType>(
    scope: TemplateScope,
    { type, name, version }: TemplateReference<Type>,
  ): FoundTemplate<Type> | undefined | Promise<FoundTemplate<Type> | undefined> {
    const wanted = readWanted(version);
    if (wanted === undefined) return undefined;
    const key = { ...scope, type, name, wanted };
    const text = textOf(key);
    const known = this.#known.get(text);
    const found = known?.versions.get(wanted);
    if (known === undefined || found === undefined) return this.#read(key, text) as Promise<FoundTemplate<Type>>;
    this.#known.delete(text);
    this.#known.set(text, known);
    return found as FoundTemplate<Type>;
  }

  /** After a change that this process made itself: its own news would come a moment too late. */
  forget(key: TemplateKey): void {
    this.#forget(textOf(key));
  }

  async #read(key: Wanted, text: string): Promise<Found | undefined> {
    const newsHeard = this.#newsHeard;
    const found = await this.#reads.find(key);
    const maybeKept = newsHeard === this.#newsHeard && this.#notifications.listening;
    if (found !== undefined && maybeKept) this.#keep(text, key.wanted, found);
    return found;
  }

  #keep(text: string, wanted: WantedVersion, found: Found): void {
    const known = this.#known.get(text) ?? { versions: new Map<WantedVersion, Found>(), characters: 0 };
    if (known.versions.has(wanted)) return;
    const characters = charactersOf(found.content);
    known.versions.set(wanted, found);
    known.characters += characters;
    this.#characters += characters;
    this.#known.delete(text);
    this.#known.set(text, known);
    for (const oldest of this.#known.keys()) {
      if (this.#characters <= capacity) break;
      this.#drop(oldest);
    }
  }

  #forget(text: string): void {
    this.#newsHeard += 1;
    this.#drop(text);
  }

  #drop(text: string): void {
    this.#characters -= this.#known.get(text)?.characters ?? 0;
    this.#known.delete(text);
  }

  #forgetAll(): void {
    this.#newsHeard += 1;
    this.#known.clear();
    this.#characters = 0;
  }
}

/** Part of every transaction that changes or deletes a template. */
export async function announceChange(tx: Executor, key: TemplateKey): Promise<void> {
  await notify(tx, templatesTopic, textOf(key));
}

function textOf({ accountId, region, type, name }: TemplateKey): string {
  return `${accountId}/${region}/${type}/${name}`;
}
