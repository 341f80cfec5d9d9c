/** Which tab of a page is open, in its address: a reload or a link shows the same one. */
import { useParameterInAddress } from './parameter-in-address.ts';

export function useTabInAddress(first: string): readonly [tab: string, open: (tab: string) => void] {
  const [tab, open] = useParameterInAddress('tab');
  return [tab === '' ? first : tab, open];
}
