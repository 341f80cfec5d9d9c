/** What has to be kept of people who are erased (ours, E13). */
import { sql } from 'kysely';
import type { ErasureHold } from '../../../contract/repoint-types.ts';
import type { Executor } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest, notFound } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Handlers } from '../../../operations/call.ts';
import { repointArn } from '../../accounts/index.ts';
import { hashesOfSubject } from '../identities/hashes.ts';
import { readIdentities } from '../identities/identity.ts';
import { resolve, toSubjects } from '../identities/resolve.ts';
import type { ErasureParts } from '../parts.ts';
import { countRetained, deleteHold, type Hold, insertHold, listHolds } from './store.ts';

const mostHolds = 100;
const mostIdentities = 1_000;

export function holdOperations(
  parts: ErasureParts,
): Handlers<'GetErasureHolds' | 'CreateErasureHold' | 'DeleteErasureHold'> {
  const { database, audience, locations } = parts;
  const tables = [...new Set(locations.rows.flatMap((location) => location.tables))];
  return {
    async GetErasureHolds(_input, { project, now }) {
      const holds = await listHolds(database.query, project.number, now);
      return { Item: await Promise.all(holds.map((hold) => showHold(database.query, hold))) };
    },

    async CreateErasureHold({ CreateErasureHoldRequest: request }, call) {
      const { project, now } = call;
      const endsAt = new Date(request.EndDate);
      if (Number.isNaN(endsAt.getTime()) || endsAt <= now) throw badRequest('EndDate must be a date in the future');
      if (request.Reason.trim() === '') throw badRequest('Reason is empty');
      if (request.Fields.length === 0) throw badRequest('Fields must have at least one');
      const known = await columnsOf(database.query, tables);
      request.Fields.forEach((field, index) => {
        if (!known.has(field)) throw badRequest(`Fields[${index}] is not table.column of a table that holds people`);
      });
      const given = request.Identities;
      const identities = given === undefined ? [] : readIdentities(given, mostIdentities);
      const scope = { accountId: project.accountId, projectNumber: project.number };
      const linked =
        identities.length === 0 ? [] : toSubjects(scope, await resolve(database.query, project.number, identities));
      const hold: Hold = {
        ...{ projectNumber: project.number, id: newId(), fields: request.Fields, reason: request.Reason },
        identityHashes: [
          ...identities.map((identity) => audience.identities.of(project.number, identity)),
          ...linked.flatMap((subject) => hashesOfSubject(audience.identities, subject)),
        ],
        ...{ endsAt, createdAt: now, createdBy: call.caller.arn },
      };
      await call.transaction(async (tx) => {
        call.audited(repointArn(project, `apps/${project.id}/erasure-holds/${hold.id}`));
        if ((await listHolds(tx, project.number, now)).length >= mostHolds) {
          throw badRequest(`A project can have at most ${mostHolds} holds`);
        }
        await insertHold(tx, hold);
      });
      return showHold(database.query, hold);
    },

    async DeleteErasureHold({ HoldId }, call) {
      const { project, now } = call;
      const hold = (await listHolds(database.query, project.number, now)).find(({ id }) => id === HoldId);
      if (hold === undefined) throw notFound();
      const shown = await showHold(database.query, hold);
      await call.transaction((tx) => deleteHold(tx, project.number, HoldId));
      return shown;
    },
  };
}

export async function showHold(query: Executor, hold: Hold): Promise<ErasureHold> {
  return {
    ...{ Id: hold.id, Fields: hold.fields, Everybody: hold.identityHashes.length === 0, Reason: hold.reason },
    ...{ EndDate: toTimestamp(hold.endsAt), CreationDate: toTimestamp(hold.createdAt), CreatedBy: hold.createdBy },
    Retained: await countRetained(query, hold.projectNumber, hold.id),
  };
}

/** `table.column` of each, and `table.*`. */
async function columnsOf(query: Executor, tables: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ field: string }>`
    select table_name || '.' || column_name as field from information_schema.columns
    where table_schema = 'public' and table_name = any (${tables}::text[])`.execute(query);
  return new Set([...rows.map(({ field }) => field), ...tables.map((table) => `${table}.*`)]);
}
