/**
 * Which rows belong to a project or to an account, table by table, derived from the personal-data inventory (DESIGN
 * decision 8): by a column that names the owner, or by a reference to a table that has one. What neither says is written
 * down here with its reason; a test fails for a table that none of it reaches.
 */
import { type RawBuilder, sql } from 'kysely';
import type { PersonalData } from '../../../kernel/personal-data.ts';

export type Scope = 'PROJECT' | 'ACCOUNT';

/** The project or account whose rows are meant. */
export type Owner =
  | {
      readonly scope: 'PROJECT';
      readonly accountId: string;
      readonly region: string;
      readonly projectId: string;
      readonly projectNumber: number;
    }
  | { readonly scope: 'ACCOUNT'; readonly accountId: string };

/** How the rows of one table are told to be an owner's. */
export interface Ownership {
  readonly table: string;
  /** Of the table: what an index has to begin with. Undefined: the condition names several. */
  readonly column: string | undefined;
  /** `release`: the row is of a larger owner, and only stops naming this one. */
  readonly action: 'delete' | 'release';
  /** Over columns of the table, unqualified. */
  condition(owner: Owner): RawBuilder<boolean>;
}

/** A foreign key, as the catalogue has it. */
export interface Reference {
  readonly table: string;
  readonly column: string;
  readonly parent: string;
  readonly parentColumn: string;
}

const columnOf = { PROJECT: 'project_number', ACCOUNT: 'account_id' } as const;

/** Tables that outlive what they tell of, or are removed by whoever else says so. */
export const outliving: Readonly<Record<string, string>> = {
  erasure_receipts: 'What proves the erasures.',
  erasure_receipt_chains: 'What proves the erasures.',
  scope_erasures: 'What the receipt is made of.',
  scope_erasure_places: 'What the receipt is made of.',
  erasure_ledger: 'What may not come back with a restored backup: hashes under a key that is not in the database.',
  projects: 'Emptied by the erasure itself, in its last transaction; the number goes a day later.',
  accounts: 'Removed by the erasure itself, in its last transaction.',
};

/** Tables of the deployment as a whole: no row in them belongs to a project or an account. */
export const ofDeployment: Readonly<Record<string, string>> = {
  schema_migrations: 'Names of files.',
  deployment: 'Facts of the deployment.',
  nodes: 'Processes that are alive.',
  erasure_receipt_keys: 'Public keys that receipts were signed with.',
  erasure_touched: 'Names of partitions.',
  provider_budgets: 'Tokens of rates by the number of a provider: of nobody.',
  'graphile_worker._private_jobs': 'Numbers of what is to be done: a job whose project is gone finds nothing and ends.',
  'graphile_worker._private_job_queues': 'Names of queues.',
  'graphile_worker._private_tasks': 'Names of jobs.',
  'graphile_worker._private_known_crontabs': 'Names of schedules.',
  'graphile_worker.migrations': 'Numbers of migrations.',
};

/** Erased with the projects of the account, one after the other, before its own rows are. */
const withItsProjects: ReadonlySet<string> = new Set(['transfer_jobs', 'erasure_requests']);

/** What no column and no foreign key says. */
const declared: Readonly<Record<Scope, readonly Ownership[]>> = {
  PROJECT: [
    // A number is the account's and can be given to another project.
    { table: 'sms_numbers', column: 'project_number', action: 'release', condition: ofProject },
    ...['segment_endpoints', 'segment_users'].map((table): Ownership => {
      return { table, column: 'membership', action: 'delete', condition: inMemberships };
    }),
    { table: 'campaign_addresses', column: 'run_number', action: 'delete', condition: inRuns },
    // A cursor is the key of the last row done.
    { table: 'work_ranges', column: undefined, action: 'delete', condition: isWorkOf },
    { table: 'tags', column: 'account_id', action: 'delete', condition: isTagOf },
  ],
  ACCOUNT: [],
};

/** In no order. */
export function ownerships(
  scope: Scope,
  inventory: readonly PersonalData[],
  references: readonly Reference[],
): readonly Ownership[] {
  const column = columnOf[scope];
  const tables = inventory.flatMap((domain) => domain.tables).filter(({ table }) => !(table in outliving));
  const known = new Map(declared[scope].map((ownership) => [ownership.table, ownership]));
  for (const { table, columns } of tables) {
    if (known.has(table) || !(column in columns)) continue;
    if (scope === 'ACCOUNT' && withItsProjects.has(table)) continue;
    const condition = scope === 'PROJECT' ? ofProject : ofAccount;
    known.set(table, { table, column, action: 'delete', condition });
  }
  // Until nothing is added: children of children.
  for (let before = -1; before !== known.size; ) {
    before = known.size;
    for (const { table } of tables) {
      const found = known.has(table) ? undefined : byReference(table, references, known);
      if (found !== undefined) known.set(table, found);
    }
  }
  return [...known.values()];
}

function byReference(
  table: string,
  references: readonly Reference[],
  known: ReadonlyMap<string, Ownership>,
): Ownership | undefined {
  const reference = references.find((each) => each.table === table && known.get(each.parent)?.action === 'delete');
  const parent = reference && known.get(reference.parent);
  if (reference === undefined || parent === undefined) return undefined;
  const { column, parentColumn } = reference;
  const condition = (owner: Owner) => sql<boolean>`
    ${sql.ref(column)} = any (array(
      select ${sql.ref(parentColumn)} from ${sql.table(parent.table)} where ${parent.condition(owner)}))`;
  return { table, column, action: 'delete', condition };
}

/** Children before their parents: a cascade would delete in one statement what steps are there to divide. */
export function inOrder(places: readonly Ownership[], references: readonly Reference[]): readonly Ownership[] {
  const left = new Map(places.map((place) => [place.table, place]));
  // What leads to members of segments, and to addresses that runs have taken, has to be there until they are gone.
  const waits = [
    ...references,
    { table: 'campaign_addresses', parent: 'campaign_runs' },
    ...['segment_endpoints', 'segment_users'].flatMap((table) =>
      ['segment_versions', 'transfer_jobs'].map((parent) => ({ table, parent })),
    ),
  ];
  const ordered: Ownership[] = [];
  while (left.size > 0) {
    const free = [...left.values()].filter(({ table }) =>
      waits.every((wait) => wait.parent !== table || wait.table === table || !left.has(wait.table)),
    );
    if (free.length === 0) throw new Error(`Tables refer to each other: ${[...left.keys()].join(', ')}`);
    for (const place of free.toSorted((one, other) => (one.table < other.table ? -1 : 1))) {
      ordered.push(place);
      left.delete(place.table);
    }
  }
  return ordered;
}

function ofProject(owner: Owner): RawBuilder<boolean> {
  return sql`project_number = ${numberOf(owner)}::bigint`;
}

function ofAccount({ accountId }: Owner): RawBuilder<boolean> {
  return sql`account_id = ${accountId}`;
}

/** Lists of segments, and of imports that were not finished. */
function inMemberships(owner: Owner): RawBuilder<boolean> {
  return sql`
    membership = any (array(
      select membership from segment_versions where ${ofProject(owner)} and membership is not null
      union select membership from transfer_jobs where ${ofProject(owner)} and membership is not null))`;
}

/** Of runs that were not over. */
function inRuns(owner: Owner): RawBuilder<boolean> {
  return sql`run_number = any (array(select number from campaign_runs where ${ofProject(owner)}))`;
}

/** Work of a project is named by its number, and by what else tells pieces of it apart. */
function isWorkOf(owner: Owner): RawBuilder<boolean> {
  return sql`
    (work_id = ${String(numberOf(owner))} or work_id like ${`${numberOf(owner)}/%`})`;
}

function isTagOf(owner: Owner): RawBuilder<boolean> {
  if (owner.scope !== 'PROJECT') return sql`false`;
  const resource = `apps/${owner.projectId}`;
  // Ids are 32 hex characters: nothing in them is a pattern.
  return sql`
    account_id = ${owner.accountId} and region = ${owner.region}
    and (resource = ${resource} or resource like ${`${resource}/%`})`;
}

function numberOf(owner: Owner): number {
  if (owner.scope !== 'PROJECT') throw new TypeError('Not a project');
  return owner.projectNumber;
}
