/** Our own API: the keywords of a number, those that every number has among them. */
import type { SmsKeyword } from '../../../contract/repoint-types.ts';
import type { Database, Transaction } from '../../../database/index.ts';
import { badRequest, notFound } from '../../../kernel/errors.ts';
import type { Call, Handlers } from '../../../operations/call.ts';
import { actionOf, type Keyword, type KeywordAction } from './decide.ts';
import { type BuiltInKeyword, builtInKeywords, checkKeyword, checkNumber, isBuiltIn, readKeyword } from './form.ts';
import {
  deleteKeyword,
  findNumber,
  listKeywords,
  lockNumber,
  putKeyword,
  putNumber,
  type StoredNumber,
} from './numbers-store.ts';
import { usualTexts } from './words.ts';

type Operation = 'GetSmsKeywords' | 'UpdateSmsKeyword' | 'DeleteSmsKeyword';

/** Besides those that every number has (dossier/messaging §9.2). */
const mostKeywords = 30;

export function keywordOperations({ database }: { readonly database: Database }): Handlers<Operation> {
  return {
    async GetSmsKeywords({ Number: given }, { caller: { accountId } }) {
      const place = { accountId, number: checkNumber(given) };
      const number = await findNumber(database.query, place);
      if (number === undefined) throw notFound();
      const builtIn = (Object.keys(builtInKeywords) as BuiltInKeyword[]).map((keyword) => showBuiltIn(number, keyword));
      return { Item: [...builtIn, ...(await listKeywords(database.query, place)).map(show)] };
    },

    async UpdateSmsKeyword({ Number: given, Keyword: word, WriteSmsKeywordRequest: request }, call) {
      const number = checkNumber(given);
      const keyword = readKeyword(checkKeyword(word), request);
      return call.transaction(async (tx) => {
        const stored = await lock(tx, number, call);
        return isBuiltIn(keyword.keyword)
          ? updateBuiltIn(tx, stored, keyword.keyword, keyword.response, call)
          : update(tx, stored, keyword);
      });
    },

    async DeleteSmsKeyword({ Number: given, Keyword: word }, call) {
      const place = { accountId: call.caller.accountId, number: checkNumber(given) };
      const keyword = checkKeyword(word);
      if (isBuiltIn(keyword)) throw badRequest('HELP, STOP, START and UNSTOP belong to every number');
      return call.transaction(async (tx) => {
        const gone = await deleteKeyword(tx, place, keyword);
        if (gone === undefined) throw notFound();
        return show(gone);
      });
    },
  };
}

async function lock(tx: Transaction, number: string, { caller: { accountId } }: Call): Promise<StoredNumber> {
  const stored = await lockNumber(tx, { accountId, number });
  if (stored === undefined) throw notFound();
  return stored;
}

/** Its text is the number's own. */
async function updateBuiltIn(
  tx: Transaction,
  number: StoredNumber,
  keyword: BuiltInKeyword,
  response: string | null,
  { now, caller }: Call,
): Promise<SmsKeyword> {
  const changed = { [builtInKeywords[keyword]]: response, lastModifiedAt: now, lastModifiedBy: caller.arn };
  return showBuiltIn(await putNumber(tx, { ...number, ...changed }), keyword);
}

async function update(tx: Transaction, number: StoredNumber, keyword: Keyword): Promise<SmsKeyword> {
  const others = (await listKeywords(tx, number)).filter((each) => each.keyword !== keyword.keyword);
  if (others.length >= mostKeywords) throw badRequest(`A number has at most ${mostKeywords} keywords of its own`);
  await putKeyword(tx, number, keyword);
  return show(keyword);
}

function show({ keyword, action, response }: Keyword): SmsKeyword {
  return { Keyword: keyword, Action: action, ...(response !== null && { Response: response }) };
}

const usualTextOf = { helpText: usualTexts.help, stopText: usualTexts.stop, startText: usualTexts.start } as const;

function showBuiltIn(number: StoredNumber, keyword: BuiltInKeyword): SmsKeyword {
  const text = builtInKeywords[keyword];
  return {
    Keyword: keyword,
    Action: actionOf(keyword) as KeywordAction,
    Response: number[text] ?? usualTextOf[text],
  };
}
