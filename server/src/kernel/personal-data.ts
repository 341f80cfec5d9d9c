/**
 * The vocabulary of the personal-data inventory (DESIGN decision 8). Each room that writes tables or files exports a
 * `PersonalData`; `app/inventory.ts` joins them. A test fails for any table or column that none of them classifies.
 */

/**
 * - `none`: never personal (ids of resources, counters, times, states)
 * - `identity`: names a person directly: endpoint id, user id, address, or a hash of one
 * - `personal`: anything else that belongs to one person: attributes, rendered text, event content
 * - `operator`: about those who run the deployment: user names, source addresses of administrators
 * - `secret`: sealed credentials and password hashes
 * - `free text`: written by operators for resources (names, tags, definitions): must not hold people, may do so
 */
export type ColumnClass = 'none' | 'identity' | 'personal' | 'operator' | 'secret' | 'free text';

export interface ClassifiedTable {
  /** `schema.table`, or just the table for schema `public`. */
  readonly table: string;
  readonly columns: Readonly<Record<string, ColumnClass>>;
  /**
   * What removes its rows: required reading for whoever adds a column. "The erasure of the project" begins with DeleteApp
   * and finds them by `project_number` (`domains/erasure/scope/ownership.ts`).
   */
  readonly erasure: string;
  /** Why no location reaches it although a person may be in it; every other such table has one (`database/locations.ts`). */
  readonly unreached?: string;
}

/** A class of files that the server writes, below the data directory or in an object store. */
export interface ClassifiedFiles {
  readonly files: string;
  readonly holds: ColumnClass;
  readonly erasure: string;
  /** As of tables. */
  readonly unreached?: string;
}

export interface PersonalData {
  readonly domain: string;
  readonly tables: readonly ClassifiedTable[];
  readonly files?: readonly ClassifiedFiles[];
}
