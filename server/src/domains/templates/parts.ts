/** What the handlers of this domain share. */
import type { MessageBody } from '../../contract/pinpoint-types.ts';
import type { Database, Executor, Transaction } from '../../database/index.ts';
import { notFound } from '../../kernel/errors.ts';
import type { PagingTokens } from '../../kernel/paging.ts';
import type { Call } from '../../operations/call.ts';
import type { TemplateLookup } from './find-template.ts';
import type { TemplateType } from './kinds.ts';
import { lockHead, type TemplateHead, type TemplateKey, type TemplateScope } from './store.ts';

export interface TemplateParts {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
  readonly templates: TemplateLookup;
  /** Recommenders are none of this domain's business: `app.ts` joins them. */
  recommenderExists(query: Executor, scope: TemplateScope, id: string): Promise<boolean>;
}

/** The template of that name in the scope of the caller. */
export function keyOf<Type extends TemplateType>(call: Call, type: Type, name: string) {
  return { accountId: call.caller.accountId, region: call.region, type, name };
}

/** @throws NotFoundException */
export async function lock(tx: Transaction, key: TemplateKey): Promise<TemplateHead> {
  const head = await lockHead(tx, key);
  if (head === undefined) throw notFound();
  return head;
}

export function accepted(call: Call): MessageBody {
  return { Message: 'Accepted', RequestID: call.requestId };
}
