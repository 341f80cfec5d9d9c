/** Receipts, byte for byte as they were signed, and the keys of the server to check them with. */
import { useQuery } from '@tanstack/react-query';
import { ApiError } from '../../api/errors.ts';
import { openLink, type RepointClient } from '../../api/repoint.ts';
import { useApi } from '../../app/session.tsx';
import { canCheck, checkReceipt, type Receipt, ReceiptFault, readReceipt } from './receipt-check.ts';

/** @throws ApiError 404 when the erasure has none */
export async function loadReceipt(repoint: RepointClient, ErasureId: string): Promise<string> {
  return (await openLink(await repoint.link('GetErasureReceipt', { ErasureId }))).text();
}

export function useReceiptKeys() {
  const { repoint, scope } = useApi();
  return useQuery({
    queryKey: [...scope, 'receipt-keys'],
    queryFn: () => repoint.send('GetReceiptKeys', {}),
    staleTime: 60_000,
  });
}

export interface ShownReceipt {
  readonly text: string;
  readonly receipt: Receipt;
  readonly sha256: string | undefined;
  /** Undefined where this browser cannot say. */
  readonly good: boolean | undefined;
  readonly fault: string | undefined;
}

/** Null when the erasure has no receipt: nothing was done by it. */
export function useReceipt(erasureId: string) {
  const { repoint, scope } = useApi();
  return useQuery({
    queryKey: [...scope, 'erasure-receipts', 'one', erasureId],
    queryFn: async (): Promise<ShownReceipt | null> => {
      let text: string;
      try {
        text = await loadReceipt(repoint, erasureId);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
      const shown = { text, receipt: readReceipt(text), sha256: undefined, fault: undefined };
      if (!canCheck()) return { ...shown, good: undefined };
      const { Item } = await repoint.send('GetReceiptKeys', {});
      try {
        const { sha256 } = await checkReceipt(
          text,
          Item.map(({ PublicKey }) => PublicKey),
        );
        return { ...shown, sha256, good: true };
      } catch (error) {
        if (error instanceof ReceiptFault) return { ...shown, good: false, fault: error.message };
        // The browser knows no Ed25519.
        return { ...shown, good: undefined };
      }
    },
    staleTime: 60_000,
  });
}

/** As `repoint erasure receipts` names it. */
export function receiptFileName({ account, number, erasure }: Receipt): string {
  return `receipt-${account}-${String(number).padStart(7, '0')}-${erasure.id}.json`;
}
