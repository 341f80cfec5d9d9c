/** People of an archive, which may come from anywhere: what everybody takes for granted of them is looked at here. */
import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from '../../../database/index.ts';
import { badRequest } from '../../../kernel/errors.ts';

/** Each fails, or becomes null where there has to be something, for what is not what it should be. */
export const checkedEndpoints: Readonly<Record<string, RawBuilder<unknown>>> = {
  attributes: listsOfTexts('attributes'),
  user_attributes: listsOfTexts('user_attributes'),
};

export const checkedUsers: Readonly<Record<string, RawBuilder<unknown>>> = { attributes: listsOfTexts('attributes') };

/** A strict path fails where it comes upon anything but an object of lists. */
function listsOfTexts(column: string): RawBuilder<unknown> {
  const given = sql`given.${sql.ref(column)}`;
  return sql`case when not jsonb_path_exists(${given}, 'strict $.*[*] ? (@.type() != "string")') then ${given} end`;
}

/** Users name their endpoints, each once, and no others. @throws BadRequestException */
export async function checkUsers(tx: Transaction, projectNumber: number): Promise<void> {
  const { rows } = await sql<{ strange: boolean }>`
    select exists (
      select from (
        select user_id, unnest(endpoint_ids) as id from audience_users where project_number = ${projectNumber}) as named
      full join (
        select user_id, id from endpoints where project_number = ${projectNumber} and user_id is not null) as owned
        using (user_id, id)
      group by user_id, id
      having count(named.id) <> 1 or count(owned.id) <> 1) as strange`.execute(tx);
  if (rows[0]?.strange === true) throw badRequest('The archive holds users and endpoints that do not belong together');
}
