/** The days a page is about, in its address: a reload or a link shows the same ones. */
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { type AskedDays, askedDays, type DateRange, readRange, readZone, withRange } from './date-range.ts';

export interface RangeInAddress {
  readonly range: DateRange;
  readonly zone: string;
  readonly asked: AskedDays;
  /** For links to pages about the same days: `?range=30d`, or nothing. */
  readonly suffix: string;
  change(range: DateRange): void;
  changeZone(zone: string): void;
}

export function useRange(): RangeInAddress {
  const [search, setSearch] = useSearchParams();
  return useMemo(() => {
    const range = readRange(search);
    const zone = readZone(search);
    const kept = new URLSearchParams([...search].filter(([name]) => ['range', 'from', 'to', 'zone'].includes(name)));
    return {
      ...{ range, zone, asked: askedDays(range, zone, new Date()), suffix: kept.size === 0 ? '' : `?${kept}` },
      change: (chosen) => setSearch((current) => withRange(current, chosen)),
      changeZone: (chosen) =>
        setSearch((current) => {
          const next = new URLSearchParams(current);
          next.set('zone', chosen);
          return next;
        }),
    };
  }, [search, setSearch]);
}
