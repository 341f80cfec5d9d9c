/** CloseAccount and GetAccount. There is no operation that opens an account again: an operator does (`repoint accounts`). */
import type { AccountResponse } from '../../../contract/repoint-types.ts';
import type { Database } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { notFound } from '../../../kernel/errors.ts';
import type { Handlers } from '../../../operations/call.ts';
import { findAccount, type KnownAccount } from '../../accounts/index.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { noteClosedAccount } from '../ledger/project.ts';
import { closeAccount } from './close.ts';

export function closingOperations(parts: {
  readonly database: Database;
  readonly closedAccountDays: number;
  readonly ledger: Ledger;
}): Handlers<'GetAccount' | 'CloseAccount'> {
  const { database, closedAccountDays, ledger } = parts;
  return {
    async GetAccount(_input, call) {
      const account = await findAccount(database.query, call.caller.accountId);
      if (account === undefined) throw notFound();
      return toResponse(account);
    },

    async CloseAccount({ CloseAccountRequest: { AccountId } }, call) {
      const { accountId } = call.caller;
      return call.transaction(async (tx) => {
        const closing = { accountId, confirmation: AccountId, now: call.now, days: closedAccountDays };
        const account = await closeAccount(tx, closing);
        await noteClosedAccount(ledger, tx, account);
        return toResponse(account);
      });
    },
  };
}

function toResponse({ accountId, name, createdAt, closedAt, erasedAfter }: KnownAccount): AccountResponse {
  return {
    AccountId: accountId,
    Name: name,
    CreationDate: toTimestamp(createdAt),
    ...(closedAt !== null && { ClosedDate: toTimestamp(closedAt) }),
    ...(erasedAfter !== null && { ErasureDate: toTimestamp(erasedAfter) }),
  };
}
