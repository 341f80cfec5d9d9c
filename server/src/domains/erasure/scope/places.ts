/** The places that an erasure goes through: tables in their order, with the way along which rows are found. */
import type { Database } from '../../../database/index.ts';
import type { PersonalData } from '../../../kernel/personal-data.ts';
import { type IndexColumn, readReferences, readShapes } from './catalogue.ts';
import { inOrder, type Ownership, ownerships, type Scope } from './ownership.ts';

export interface Place extends Ownership {
  readonly parts: readonly string[];
  /** Behind the column that names the owner; empty: there is no such index, and the table is small. */
  readonly walk: readonly IndexColumn[];
  readonly descending: boolean;
  /** With a row of it, rows of other tables may go. */
  readonly isReferenced: boolean;
}

/** In the order of erasing. */
export async function readPlaces(
  { query }: Database,
  scope: Scope,
  inventory: readonly PersonalData[],
): Promise<readonly Place[]> {
  const references = await readReferences(query);
  const owned = inOrder(ownerships(scope, inventory, references), references);
  const shapes = await readShapes(
    query,
    owned.map(({ table }) => table),
  );
  return owned.flatMap((ownership) => {
    const shape = shapes.get(ownership.table);
    // An older node may know a table that a newer one has taken away.
    if (shape === undefined) return [];
    const index = shape.indexes.find(({ columns }) => columns[0]?.name === ownership.column);
    const walk = index?.columns.slice(1) ?? [];
    const isReferenced = references.some(({ parent }) => parent === ownership.table);
    return [{ ...ownership, parts: shape.parts, walk, descending: index?.descending ?? false, isReferenced }];
  });
}
