/** People of an archive, which may come from anywhere: their attributes are lists of texts, as everybody takes for granted. */
import { type RawBuilder, sql } from 'kysely';

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
