/** Makes receipts: one an erasure, in the transaction that ends it, each after the one before in the chain of its account. */
import { createHmac, hash } from 'node:crypto';
import type { Transaction } from '../../../database/index.ts';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import { version } from '../../../kernel/version.ts';
import { findLedgerHead } from '../ledger/ledger.ts';
import { type ErasureFacts, type Physical, physicalOf, type ReceiptStatement, receiptFormat } from './document.ts';
import { createReceiptSigner, type ReceiptSigner } from './signing.ts';
import { appendReceipt, lockChain, noteKey } from './store.ts';

export interface ReceiptParts {
  readonly masterKey: MasterKey;
  readonly database: Physical['database'];
}

export class Receipts {
  readonly signer: ReceiptSigner;
  readonly #parts: ReceiptParts;
  readonly #nameKey: Buffer;

  constructor(parts: ReceiptParts) {
    this.#parts = parts;
    this.signer = createReceiptSigner(parts.masterKey);
    this.#nameKey = parts.masterKey.derive('names in receipts');
  }

  /** What may name somebody, as a receipt can have it: whoever has the name and this server can compare. */
  hashOf(name: string): string {
    return createHmac('sha256', this.#nameKey).update(name).digest('hex');
  }

  /** The last thing that a transaction does: others of the account wait for its end. */
  async issue(tx: Transaction, accountId: string, erasure: ErasureFacts, now: Date): Promise<void> {
    const { key, publicKey } = this.signer;
    const { length, hash: previous } = await lockChain(tx, accountId);
    const statement: ReceiptStatement = {
      ...{ format: receiptFormat, account: accountId, number: length + 1, previous },
      ...{ issuedAt: toTimestamp(now), software: `repoint ${version}`, erasure },
      ledgerHead: await findLedgerHead(tx),
      physical: physicalOf(this.#parts.database),
      ...{ algorithm: 'Ed25519', key, publicKey },
    };
    const document = canonicalJson({ ...this.signer.sign(statement) });
    await noteKey(tx, { id: key, publicKey, now });
    await appendReceipt(tx, {
      ...{ accountId, number: length + 1, erasureId: erasure.id, kind: erasure.kind, state: erasure.state },
      ...{ projectId: erasure.project?.id ?? null, issuedAt: now, keyId: key },
      ...{ hash: hash('sha256', document), document },
    });
  }
}
