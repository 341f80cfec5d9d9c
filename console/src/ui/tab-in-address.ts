/** Which tab of a page is open, in its address: a reload or a link shows the same one. */
import { useSearchParams } from 'react-router';

export function useTabInAddress(first: string): readonly [tab: string, open: (tab: string) => void] {
  const [search, setSearch] = useSearchParams();
  const open = (tab: string) => {
    setSearch(
      (current) => {
        const next = new URLSearchParams(current);
        next.set('tab', tab);
        return next;
      },
      { replace: true },
    );
  };
  return [search.get('tab') ?? first, open];
}
