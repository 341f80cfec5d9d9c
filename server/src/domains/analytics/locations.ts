/**
 * Part of every deletion of endpoints: marks of who was counted go, what was counted stays, and a label whose last
 * carrier goes becomes `other`.
 */
import { sql } from 'kysely';
import {
  bigintArray,
  countRows,
  type Subject as ErasureSubject,
  integerArray,
  type Location,
  readRows,
  type Transaction,
  textArray,
} from '../../database/index.ts';
import { readUsers } from '../audience/index.ts';
import { forgotten, labelledMetrics, readLabel } from './counting/labels.ts';
import { addingToLabels } from './counting/store.ts';
import { addressSubject, countedText, endpointSubject, type Subject, userSubject } from './counting/tally.ts';
import { forgetEventName } from './names/store.ts';

/** Users are there exactly while an endpoint carries their id: with the last one, what was marked of the user goes too. */
export const analyticsLocations: readonly Location[] = [
  {
    name: 'marks of who was counted',
    tables: ['analytics_marks', 'analytics_carriers', 'analytics_labels', 'analytics_counters', 'analytics_names'],
    goes: 'at once',
    async find(query, subject) {
      const subjects = [...peopleOf(subject), ...usersOf(subject)];
      const of = (table: string) =>
        countRows(query, sql`select from ${sql.table(table)} where ${whereSubject(subjects)}`);
      return (await of('analytics_marks')) + (await of('analytics_carriers'));
    },
    forget: forgetCounted,
    async *read(tx, subject) {
      const subjects = [...peopleOf(subject), ...usersOf(subject)];
      yield* readRows(tx, sql`select * from analytics_marks where ${whereSubject(subjects)}`);
      yield* readRows(tx, sql`select * from analytics_carriers where ${whereSubject(subjects)}`);
    },
  },
];

function peopleOf({ projectNumber, endpoints, addresses }: ErasureSubject): Subject[] {
  return [
    ...endpoints.map(({ id }) => endpointSubject(projectNumber, id)),
    ...addresses.map(({ key }) => addressSubject(projectNumber, key)),
  ];
}

function usersOf({ projectNumber, users }: ErasureSubject): Subject[] {
  return users.map(({ userId }) => userSubject(projectNumber, countedText(userId)));
}

async function forgetCounted(tx: Transaction, subject: ErasureSubject): Promise<number> {
  const { projectNumber, users } = subject;
  const people = peopleOf(subject);
  const carried = await deleteCarriers(tx, people);
  const named = new Set([
    ...users.map(({ userId }) => countedText(userId)),
    ...carried.flatMap(({ userId }) => userId ?? []),
  ]);
  const left = await readUsers(
    tx,
    [...named].map((userId) => ({ projectNumber, userId })),
  );
  const stay = new Set(left.map(({ userId }) => userId));
  const gone = [...named].filter((userId) => !stay.has(userId));
  const marks = await deleteMarks(tx, [...people, ...gone.map((userId) => userSubject(projectNumber, userId))]);
  const labels = new Map<string, number>();
  for (const label of carried.flatMap((carrier) => carrier.labels)) labels.set(label, (labels.get(label) ?? 0) - 1);
  if (labels.size > 0) {
    const changes = [...labels].map(([label, carriers]) => ({ projectNumber, label, carriers }));
    await addingToLabels(changes).execute(tx);
    await renameForgotten(tx, projectNumber, [...labels.keys()]);
  }
  return carried.length + marks;
}

interface Carried {
  readonly userId: string | null;
  readonly labels: readonly string[];
}

/** By lists, not by a join, as all locations do. */
function whereSubject(subjects: readonly Subject[]) {
  return sql`project_number = any (${bigintArray(subjects.map(({ projectNumber }) => projectNumber))}::bigint[])
    and bucket = any (${integerArray(subjects.map(({ bucket }) => bucket))}::int[])
    and subject = any (${textArray(subjects.map(({ subject }) => subject))}::text[])`;
}

async function deleteCarriers(tx: Transaction, subjects: readonly Subject[]): Promise<Carried[]> {
  const { rows } = await sql<Carried>`
    delete from analytics_carriers where ${whereSubject(subjects)}
    returning user_id as "userId", labels`.execute(tx);
  return rows;
}

async function deleteMarks(tx: Transaction, subjects: readonly Subject[]): Promise<number> {
  const { numAffectedRows } = await sql`delete from analytics_marks where ${whereSubject(subjects)}`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/** Of labels that nobody carries any more; one that comes again while this runs starts from nothing. */
async function renameForgotten(tx: Transaction, projectNumber: number, labels: readonly string[]): Promise<void> {
  const { rows } = await sql<{ label: string }>`
    select label from analytics_labels
    where project_number = ${projectNumber} and label = any (${labels}::text[])
    group by label having sum(carriers) <= 0
    order by label`.execute(tx);
  for (const { label } of rows) {
    await sql`delete from analytics_labels where project_number = ${projectNumber} and label = ${label}`.execute(tx);
    const { dimension, value } = readLabel(label);
    if (dimension === 'event') await forgetEventName(tx, projectNumber, value);
    await renameLabel(tx, projectNumber, labelledMetrics[dimension] ?? [], value);
  }
}

async function renameLabel(
  tx: Transaction,
  projectNumber: number,
  metrics: readonly string[],
  label: string,
): Promise<void> {
  await sql`
    with renamed as (
      delete from analytics_counters
      where project_number = ${projectNumber} and metric = any (${metrics}::text[]) and label = ${label}
      returning metric, slot, source_id, activity_id, treatment_id, value
    )
    insert into analytics_counters as stored
      (project_number, metric, slot, source_id, activity_id, treatment_id, label, shard, value)
    select ${projectNumber}, metric, slot, source_id, activity_id, treatment_id, ${forgotten}, (select analytics_shard()),
           sum(value)
    from renamed
    group by metric, slot, source_id, activity_id, treatment_id
    order by metric, slot, source_id, activity_id, treatment_id
    on conflict (project_number, metric, slot, source_id, activity_id, treatment_id, label, shard)
    do update set value = stored.value + excluded.value`.execute(tx);
}
