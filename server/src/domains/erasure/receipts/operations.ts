/** Receipts as auditors and privacy officers read them, and the public keys to check them with. */
import type { ErasureReceiptSummary } from '../../../contract/repoint-types.ts';
import type { Database } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest, notFound } from '../../../kernel/errors.ts';
import { type PagingTokens, readPage } from '../../../kernel/paging.ts';
import type { Handlers } from '../../../operations/call.ts';
import { TextDocument } from '../../../operations/text-document.ts';
import { receiptPage } from './page.ts';
import type { Receipts } from './receipts.ts';
import { thumbprintOf, toPem } from './signing.ts';
import { findReceipt, listKeys, listReceipts, type StoredReceipt } from './store.ts';

export function receiptOperations(parts: {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
  readonly receipts: Receipts;
}): Handlers<'GetErasureReceipts' | 'GetErasureReceipt' | 'GetReceiptKeys'> {
  const { database, pagingTokens, receipts } = parts;
  return {
    async GetErasureReceipts({ ProjectId, ...page }, { caller: { accountId } }) {
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${accountId}/erasure-receipts/${ProjectId ?? ''}`,
        page,
        (after, limit) => listReceipts(database.query, accountId, ProjectId, after, limit),
        (last) => [last.number],
      );
      return { Item: items.map(toSummary), NextToken };
    },

    async GetErasureReceipt({ ErasureId, Format = 'json' }, { caller }) {
      if (Format !== 'json' && Format !== 'html') throw badRequest('format must be json or html');
      const receipt = await findReceipt(database.query, caller.accountId, ErasureId);
      if (receipt === undefined) throw notFound();
      // Byte for byte: any other spelling is another document.
      if (Format === 'json') return new TextDocument('application/json', receipt.document);
      return new TextDocument('text/html; charset=utf-8', receiptPage(receipt.document));
    },

    async GetReceiptKeys() {
      const { publicKey } = receipts.signer;
      const former = (await listKeys(database.query)).filter((key) => key.publicKey !== publicKey);
      return {
        Item: [
          { KeyId: thumbprintOf(publicKey), PublicKey: publicKey, Pem: toPem(publicKey), Current: true },
          ...former.map((key) => ({
            ...{ KeyId: key.keyId, PublicKey: key.publicKey, Pem: toPem(key.publicKey), Current: false },
          })),
        ],
      };
    },
  };
}

function toSummary({ number, erasureId, kind, projectId, state, issuedAt, keyId, hash }: StoredReceipt) {
  const summary: ErasureReceiptSummary = {
    ...{ ErasureId: erasureId, Number: number, Kind: kind, State: state },
    ...(projectId !== null && { ProjectId: projectId }),
    ...{ IssuedDate: toTimestamp(issuedAt), KeyId: keyId, Sha256: hash },
  };
  return summary;
}
