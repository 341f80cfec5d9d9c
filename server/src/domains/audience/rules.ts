/**
 * A project's rules for attribute names: which are in use (250 at most), with which values where these are few, and which
 * are no longer captured because RemoveAttributes named them, by name or by wildcard (dossier/audience §4). Kept in
 * memory and forgotten at once when they change on any node.
 */
import { sql } from 'kysely';
import { type Executor, type Notifications, notify, type Transaction } from '../../database/index.ts';
import { compileWildcard } from '../../kernel/wildcard.ts';
import { token } from './facets.ts';

export type NameKind = 'attribute' | 'metric' | 'user attribute';

export interface ProjectRules {
  readonly version: number;
  /** In use. */
  readonly nameCount: number;
  /** Undefined: nobody uses the name yet. */
  find(kind: NameKind, name: string): NameInUse | undefined;
  /** Whether any name is no longer captured. */
  readonly blocks: boolean;
  isBlocked(kind: NameKind, name: string): boolean;
  /** Whether there is anybody who may not be stored again. */
  readonly suppresses: boolean;
}

export interface NameInUse {
  /** Whether all of its values are noted; not where they are many, and not of metrics. */
  readonly hasFew: boolean;
  /** Whether a value is noted. */
  knows(value: string): boolean;
}

const many: NameInUse = { hasFew: false, knows: () => false };

/** @param tokens of its values, but for those that nobody has any more */
function fewValues(tokens: ReadonlySet<string>, tokenOf: (value: string) => string): NameInUse {
  const known = new Set<string>();
  return {
    hasFew: true,
    knows(value) {
      if (known.has(value)) return true;
      const isKnown = tokens.has(tokenOf(value));
      if (isKnown) known.add(value);
      return isKnown;
    },
  };
}

const noRules: ProjectRules = {
  ...{ version: 0, nameCount: 0, find: () => undefined },
  ...{ blocks: false, isBlocked: () => false, suppresses: false },
};

/** What was read, and when: news heard meanwhile make it worthless for those who come later. */
export interface RulesRead {
  readonly byProject: ReadonlyMap<number, ProjectRules>;
  readonly news: number;
}

export class RulesCache {
  readonly #known = new Map<number, ProjectRules>();
  readonly #notifications: Notifications | undefined;
  #news = 0;

  /** @param notifications tell of changes elsewhere; without them every batch asks the database */
  constructor(notifications?: Notifications) {
    this.#notifications = notifications;
    notifications?.subscribe({
      topic: rulesTopic,
      changed: (projectNumber) => this.forget(Number(projectNumber)),
      forgetAll: () => this.#forgetAll(),
    });
  }

  /** What is known to be current without asking; undefined when that is not known of every project. */
  peek(projectNumbers: readonly number[]): ReadonlyMap<number, ProjectRules> | undefined {
    if (this.#notifications?.listening !== true) return undefined;
    if (!projectNumbers.every((number) => this.#known.has(number))) return undefined;
    return new Map(projectNumbers.map((number) => [number, this.#known.get(number) ?? noRules]));
  }

  /** Rules of these projects as this transaction sees them. */
  async read(tx: Transaction, projectNumbers: readonly number[]): Promise<RulesRead> {
    const news = this.#news;
    const peeked = this.peek(projectNumbers);
    if (peeked !== undefined) return { byProject: peeked, news };
    const versions = await readVersions(tx, projectNumbers);
    const byProject = new Map<number, ProjectRules>();
    for (const number of projectNumbers) {
      const version = versions.get(number) ?? 0;
      const known = this.#known.get(number);
      const current = known?.version === version ? known : undefined;
      byProject.set(number, current ?? (version === 0 ? noRules : await readRules(tx, number, version)));
    }
    return { byProject, news };
  }

  /** After the commit: what a transaction read of its own changes must not be believed before. */
  remember({ byProject, news }: RulesRead): void {
    if (news !== this.#news) return;
    for (const [number, read] of byProject) this.#known.set(number, read);
  }

  forget(projectNumber: number): void {
    this.#news += 1;
    this.#known.delete(projectNumber);
  }

  #forgetAll(): void {
    this.#news += 1;
    this.#known.clear();
  }
}

const rulesTopic = 'audience rules';

async function readVersions(query: Executor, projectNumbers: readonly number[]): Promise<Map<number, number>> {
  const { rows } = await sql<{ number: number; version: number }>`
    select project_number as number, version from audience_rules
    where project_number = any (${projectNumbers}::bigint[])`.execute(query);
  return new Map(rows.map(({ number, version }) => [number, version]));
}

async function readRules(query: Executor, projectNumber: number, version: number): Promise<ProjectRules> {
  const names = await readNames(query, projectNumber);
  const blocked = await query
    .selectFrom('blocked_attributes')
    .select(['kind', 'pattern'])
    .where('project_number', '=', projectNumber)
    .execute();
  const rules = await query
    .selectFrom('audience_rules')
    .select('suppresses')
    .where('project_number', '=', projectNumber)
    .executeTakeFirst();
  const known = new Map<NameKind, Map<string, NameInUse>>();
  for (const { kind, name, values } of names) {
    const inUse =
      values === null || kind === 'metric'
        ? many
        : fewValues(new Set(values), (value) => token(projectNumber, kind, name, value));
    known.set(kind, (known.get(kind) ?? new Map()).set(name, inUse));
  }
  const patterns = blocked.map(({ kind, pattern }) => ({ kind, matches: compileWildcard(pattern) }));
  return {
    version,
    nameCount: names.length,
    find: (kind, name) => known.get(kind)?.get(name),
    blocks: patterns.length > 0,
    isBlocked: (kind, name) => patterns.some((pattern) => pattern.kind === kind && pattern.matches(name)),
    suppresses: rules?.suppresses ?? false,
  };
}

async function readNames(query: Executor, projectNumber: number) {
  const { rows } = await sql<{ kind: NameKind; name: string; values: readonly string[] | null }>`
    select kind, name,
           case when value_tokens is not null
                then array(select unnest(value_tokens) except select unnest(idle_tokens))::text[] end as values
    from attribute_names where project_number = ${projectNumber}`.execute(query);
  return rows;
}

/** Lets one transaction at a time change the rules of these projects, and makes all others read them again. */
export async function lockRules(tx: Transaction, projectNumbers: readonly number[]): Promise<void> {
  if (projectNumbers.length === 0) return;
  await sql`
    insert into audience_rules as stored (project_number, version)
    select number, 1 from unnest(${projectNumbers}::bigint[]) as number order by number
    on conflict (project_number) do update set version = stored.version + 1`.execute(tx);
  for (const number of projectNumbers) await notify(tx, rulesTopic, String(number));
}

/** Stops the capture of names, and frees those that were in use. @returns the names it freed */
export async function blockNames(
  tx: Transaction,
  projectNumber: number,
  kind: NameKind,
  patterns: readonly string[],
): Promise<string[]> {
  await lockRules(tx, [projectNumber]);
  await tx
    .insertInto('blocked_attributes')
    .values(patterns.map((pattern) => ({ project_number: projectNumber, kind, pattern })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const matchers = patterns.map(compileWildcard);
  const names = await tx
    .selectFrom('attribute_names')
    .select('name')
    .where('project_number', '=', projectNumber)
    .where('kind', '=', kind)
    .execute();
  const freed = names.map(({ name }) => name).filter((name) => matchers.some((matches) => matches(name)));
  if (freed.length > 0) {
    await tx
      .deleteFrom('attribute_names')
      .where('project_number', '=', projectNumber)
      .where('kind', '=', kind)
      .where('name', 'in', freed)
      .execute();
  }
  return freed.sort();
}
