/** One choice of a page in its address: a reload or a link shows the same. */
import { useSearchParams } from 'react-router';

/** Empty where it is not there; an empty one is taken out. Going back does not go through every choice. */
export function useParameterInAddress(name: string): readonly [value: string, set: (value: string) => void] {
  const [search, setSearch] = useSearchParams();
  const set = (value: string) => {
    setSearch(
      (current) => {
        const next = new URLSearchParams(current);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  };
  return [search.get(name) ?? '', set];
}
