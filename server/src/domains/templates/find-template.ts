/**
 * Templates for those who send. A send names them with every request, so they are kept in memory, and forgotten at once
 * when one is changed on any node; while news cannot be heard, every look-up goes to the database
 * (docs/decisions/0011).
 */
import {
  CoalescedRead,
  type Database,
  type Executor,
  NewsCache,
  type Notifications,
  notify,
} from '../../database/index.ts';
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

/** Of one template: what was asked for. */
interface Known {
  readonly versions: ReadonlyMap<WantedVersion, Found>;
  readonly characters: number;
}

type Wanted = TemplateKey & { readonly wanted: WantedVersion };

const templatesTopic = 'templates';
/** Of all templates in memory; the longest unused leaves. */
const capacity = 16_000_000;

export class TemplateLookup {
  readonly #reads: CoalescedRead<Wanted, Found | undefined>;
  /** By template. */
  readonly #known: NewsCache<Known>;

  constructor({ database, notifications }: { database: Database; notifications: Notifications }) {
    this.#known = new NewsCache({
      ...{ notifications, topic: templatesTopic, capacity },
      weigh: ({ characters }) => characters,
    });
    this.#reads = new CoalescedRead<Wanted, Found | undefined>({
      name: 'template look-up',
      read: async (keys) => (await findStored(database.query, keys)).map((stored) => stored && toFound(stored)),
      identify: (key) => `${textOf(key)}/${key.wanted}`,
    });
  }

  get figures() {
    return { ...this.#reads.figures, characters: this.#known.weight };
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
    const found = this.#known.get(text)?.versions.get(wanted) ?? this.#read(key, text);
    return found as FoundTemplate<Type> | Promise<FoundTemplate<Type> | undefined>;
  }

  /** After a change that this process made itself: its own news would come a moment too late. */
  forget(key: TemplateKey): void {
    this.#known.forget(textOf(key));
  }

  #read(key: Wanted, text: string): Promise<Found | undefined> {
    return this.#known.loadPart(
      text,
      () => this.#reads.find(key),
      (found, known) => withVersion(known, key.wanted, found),
    );
  }
}

const nothingKnown: Known = { versions: new Map(), characters: 0 };

/** Who asked at the same time found the same object: the first one stays. */
function withVersion(known = nothingKnown, wanted: WantedVersion, found: Found | undefined): Known {
  if (found === undefined || known.versions.has(wanted)) return known;
  return {
    versions: new Map([...known.versions, [wanted, found]]),
    characters: known.characters + charactersOf(found.content),
  };
}

/** Part of every transaction that changes or deletes a template. */
export async function announceChange(tx: Executor, key: TemplateKey): Promise<void> {
  await notify(tx, templatesTopic, textOf(key));
}

function textOf({ accountId, region, type, name }: TemplateKey): string {
  return `${accountId}/${region}/${type}/${name}`;
}
