/** What became of the erasures of whole projects: how far they are. Their receipts stand with all others. */
import type { ProjectErasureResponse } from '../../../contract/repoint-types.ts';
import type { Database } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { notFound } from '../../../kernel/errors.ts';
import { type PagingTokens, readPage } from '../../../kernel/paging.ts';
import type { Handlers } from '../../../operations/call.ts';
import { findErasure, listErasures, listProgress, type PlaceProgress, type ScopeErasure } from './store.ts';

export function projectErasureOperations(parts: {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
}): Handlers<'GetProjectErasures' | 'GetProjectErasure'> {
  const { database, pagingTokens } = parts;
  return {
    async GetProjectErasures(page, call) {
      const { accountId } = call.caller;
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${accountId}/project-erasures`,
        page,
        (after, limit) => listErasures(database.query, accountId, after, limit),
        (last) => [toTimestamp(last.receivedAt), last.id],
      );
      return { Item: items.map((erasure) => toResponse(erasure)), NextToken };
    },

    async GetProjectErasure({ ErasureId }, call) {
      const erasure = await findErasure(database.query, ErasureId);
      if (erasure === undefined || erasure.owner.accountId !== call.caller.accountId) throw notFound();
      return toResponse(erasure, await listProgress(database.query, erasure.id));
    },
  };
}

function toResponse(erasure: ScopeErasure, places?: readonly PlaceProgress[]): ProjectErasureResponse {
  const { id, owner, state, receivedAt, completedAt, late, kept } = erasure;
  return {
    ErasureId: id,
    ...(owner.scope === 'PROJECT' && { ProjectId: owner.projectId, Region: owner.region }),
    State: state,
    ReceivedDate: toTimestamp(receivedAt),
    ...(completedAt !== null && { CompletedDate: toTimestamp(completedAt) }),
    ...(places !== undefined && {
      Places: places.map(({ place, erased, finished }) => ({ Place: place, Erased: erased, Finished: finished })),
    }),
    Kept: kept
      .filter(({ count }) => count > 0)
      .map(({ place, count, reason }) => ({ Place: place, Count: count, Reason: reason })),
    Late: late,
  };
}
