/** The chains as they are stored: read from the beginning, and checked against their signatures and their end. */
import type { Executor } from '../../../database/index.ts';
import { listChains, listKeys, readChain, type StoredChain, type StoredReceipt } from './store.ts';
import { follow, ReceiptFault, type VerifiedReceipt, verifyReceipt } from './verify.ts';

const atOnce = 500;

/** Account by account, in their order. */
export async function* everyReceipt(query: Executor, accountId: string | undefined): AsyncGenerator<StoredReceipt> {
  for (const chain of await listChains(query)) {
    if (accountId === undefined || chain.accountId === accountId) yield* receiptsOf(query, chain.accountId);
  }
}

async function* receiptsOf(query: Executor, accountId: string): AsyncGenerator<StoredReceipt> {
  for (let after = 0; ; ) {
    const page = await readChain(query, accountId, after, atOnce);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < atOnce) return;
    after = last.number;
  }
}

export interface ChainCheck {
  readonly receipts: number;
  readonly chains: number;
  /** One sentence an account: the first that is wrong in it. */
  readonly faults: readonly string[];
}

export async function checkStoredChains(query: Executor): Promise<ChainCheck> {
  const trusted = (await listKeys(query)).map(({ publicKey }) => publicKey);
  const chains = await listChains(query);
  const faults: string[] = [];
  let receipts = 0;
  for (const chain of chains) {
    try {
      receipts += await checkChain(query, chain, trusted);
    } catch (error) {
      if (!(error instanceof ReceiptFault)) throw error;
      faults.push(error.message);
    }
  }
  return { receipts, chains: chains.length, faults };
}

/** @returns how many receipts it has @throws ReceiptFault */
async function checkChain(query: Executor, chain: StoredChain, trusted: readonly string[]): Promise<number> {
  let before: VerifiedReceipt | undefined;
  let count = 0;
  for await (const stored of receiptsOf(query, chain.accountId)) {
    const which = `Receipt ${stored.number} of account ${chain.accountId}`;
    const found = verified(stored, trusted, which);
    const { account, number, erasure } = found.receipt;
    if (account !== stored.accountId || number !== stored.number || erasure.id !== stored.erasureId) {
      throw new ReceiptFault(`${which} stands in the place of another one.`);
    }
    if (before === undefined && number !== 1)
      throw new ReceiptFault(`${which} is the first: those before are missing.`);
    follow(before, found);
    before = found;
    count += 1;
    // Those of later are added while this one reads.
    if (number === chain.length) break;
  }
  if (count !== chain.length || (before?.hash ?? null) !== chain.hash) {
    throw new ReceiptFault(`The chain of account ${chain.accountId} ends before its end: receipts are missing.`);
  }
  return count;
}

function verified(stored: StoredReceipt, trusted: readonly string[], which: string): VerifiedReceipt {
  try {
    return verifyReceipt(Buffer.from(stored.document), trusted);
  } catch (error) {
    throw error instanceof ReceiptFault ? new ReceiptFault(`${which}: ${error.message}`) : error;
  }
}
