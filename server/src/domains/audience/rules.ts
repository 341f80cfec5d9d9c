/**
 * A project's rules for attribute names: which are in use (250 at most), and which are no longer captured because
 * RemoveAttributes named them, by name or by wildcard (dossier/audience §4). Kept in memory; every batch of writes asks whether what is kept is current.
 */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../database/index.ts';
import { compileWildcard } from '../../kernel/wildcard.ts';

export type NameKind = 'attribute' | 'metric' | 'user attribute';

export interface ProjectRules {
  readonly version: number;
  /** `kind name` */
  readonly names: ReadonlySet<string>;
  isBlocked(kind: NameKind, name: string): boolean;
}

export interface AttributeName {
  readonly projectNumber: number;
  readonly kind: NameKind;
  readonly name: string;
}

const noRules: ProjectRules = { version: 0, names: new Set(), isBlocked: () => false };

export class RulesCache {
  readonly #known = new Map<number, ProjectRules>();

  /** Rules of these projects as this transaction sees them: one probe a project, and a read of those that changed. */
  async read(tx: Transaction, projectNumbers: readonly number[]): Promise<ReadonlyMap<number, ProjectRules>> {
    const versions = await readVersions(tx, projectNumbers);
    const stale = projectNumbers.filter((number) => (this.#known.get(number)?.version ?? 0) !== versions.get(number));
    const rules = new Map<number, ProjectRules>();
    for (const number of projectNumbers) {
      const version = versions.get(number);
      if (version === undefined) rules.set(number, noRules);
      else if (!stale.includes(number)) rules.set(number, this.#known.get(number) ?? noRules);
      else rules.set(number, await readRules(tx, number, version));
    }
    return rules;
  }

  /** After the commit: what a transaction read of its own changes must not be believed before. */
  remember(rules: ReadonlyMap<number, ProjectRules>): void {
    for (const [number, read] of rules) this.#known.set(number, read);
  }
}

async function readVersions(query: Executor, projectNumbers: readonly number[]): Promise<Map<number, number>> {
  const { rows } = await sql<{ number: number; version: number }>`
    select project_number as number, version from audience_rules
    where project_number = any (${projectNumbers}::bigint[])`.execute(query);
  return new Map(rows.map(({ number, version }) => [number, version]));
}

async function readRules(query: Executor, projectNumber: number, version: number): Promise<ProjectRules> {
  const names = await query
    .selectFrom('attribute_names')
    .select(['kind', 'name'])
    .where('project_number', '=', projectNumber)
    .execute();
  const blocked = await query
    .selectFrom('blocked_attributes')
    .select(['kind', 'pattern'])
    .where('project_number', '=', projectNumber)
    .execute();
  const patterns = blocked.map(({ kind, pattern }) => ({ kind, matches: compileWildcard(pattern) }));
  return {
    version,
    names: new Set(names.map(({ kind, name }) => `${kind} ${name}`)),
    isBlocked: (kind, name) => patterns.some((pattern) => pattern.kind === kind && pattern.matches(name)),
  };
}

/** Lets one transaction at a time change the rules of these projects, and makes all others read them again. */
export async function lockRules(tx: Transaction, projectNumbers: readonly number[]): Promise<void> {
  if (projectNumbers.length === 0) return;
  await sql`
    insert into audience_rules as stored (project_number, version)
    select number, 1 from unnest(${projectNumbers}::bigint[]) as number order by number
    on conflict (project_number) do update set version = stored.version + 1`.execute(tx);
}

export async function insertNames(tx: Transaction, names: readonly AttributeName[]): Promise<void> {
  if (names.length === 0) return;
  await tx
    .insertInto('attribute_names')
    .values(names.map(({ projectNumber, kind, name }) => ({ project_number: projectNumber, kind, name })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
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
