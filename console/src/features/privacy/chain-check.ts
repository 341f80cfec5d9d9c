/** Checks every receipt of the account in the browser: each by its signature, and that it follows the one before it. */
import { useRef, useState } from 'react';
import type { RepointClient } from '../../api/repoint.ts';
import { useApi } from '../../app/session.tsx';
import { type CheckedReceipt, checkReceipt, follow, ReceiptFault } from './receipt-check.ts';
import { loadReceipt } from './receipt-queries.ts';

export type ChainState =
  | { readonly step: 'idle' }
  | { readonly step: 'checking'; readonly checked: number; readonly of: number }
  | { readonly step: 'good'; readonly checked: number }
  | { readonly step: 'bad'; readonly fault: string }
  | { readonly step: 'failed'; readonly error: unknown };

/** Asked for at once: more would only wait in the server. */
const together = 6;

export function useChainCheck() {
  const { repoint } = useApi();
  const [state, setState] = useState<ChainState>({ step: 'idle' });
  const running = useRef<AbortController>(undefined);

  const begin = async () => {
    const controller = new AbortController();
    running.current = controller;
    const { signal } = controller;
    try {
      setState({ step: 'checking', checked: 0, of: 1 });
      const checked = await checkChain(repoint, signal, (done, of) =>
        setState({ step: 'checking', checked: done, of }),
      );
      setState(signal.aborted ? { step: 'idle' } : { step: 'good', checked });
    } catch (error) {
      setState(error instanceof ReceiptFault ? { step: 'bad', fault: error.message } : { step: 'failed', error });
    }
  };

  return { state, begin, stop: () => running.current?.abort() };
}

/**
 * Newest first, as the server lists them.
 * @returns how many there are
 * @throws ReceiptFault for the first that is not good
 */
async function checkChain(
  repoint: RepointClient,
  signal: AbortSignal,
  onProgress: (checked: number, of: number) => void,
): Promise<number> {
  const { Item: keys } = await repoint.send('GetReceiptKeys', {});
  const trusted = keys.map(({ PublicKey }) => PublicKey);
  let Token: string | undefined;
  let after: CheckedReceipt | undefined;
  let checked = 0;
  do {
    const page = await repoint.send('GetErasureReceipts', { PageSize: '100', ...(Token !== undefined && { Token }) });
    const of = checked === 0 ? (page.Item[0]?.Number ?? 0) : checked + (after?.receipt.number ?? 1) - 1;
    for (let at = 0; at < page.Item.length; at += together) {
      if (signal.aborted) return checked;
      const some = page.Item.slice(at, at + together);
      const loaded = await Promise.all(some.map(({ ErasureId }) => checkOne(repoint, ErasureId, trusted)));
      for (const receipt of loaded) {
        if (after === undefined) follow(undefined, receipt);
        else follow(receipt, after);
        after = receipt;
      }
      checked += loaded.length;
      onProgress(checked, of);
    }
    Token = page.NextToken;
  } while (Token !== undefined);
  if (after !== undefined && after.receipt.number !== 1) throw new ReceiptFault('Receipt 1 is missing.');
  return checked;
}

async function checkOne(
  repoint: RepointClient,
  erasureId: string,
  trusted: readonly string[],
): Promise<CheckedReceipt> {
  const text = await loadReceipt(repoint, erasureId);
  try {
    return await checkReceipt(text, trusted);
  } catch (error) {
    if (error instanceof ReceiptFault) throw new ReceiptFault(`The receipt of erasure ${erasureId}: ${error.message}`);
    throw error;
  }
}
