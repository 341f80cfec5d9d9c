/** What the audit log is looked through for; it stands in the address, so that a reload or a link shows the same. */
import { useSearchParams } from 'react-router';

export interface AuditFilters {
  /** A period of `periods`, or `between`. */
  readonly period: string;
  /** Days, `2026-11-26`; both included. */
  readonly from: string;
  readonly to: string;
  readonly user: string;
  readonly operation: string;
  readonly outcome: string;
}

export const periods = [
  { value: '1', label: 'Last hour' },
  { value: '24', label: 'Last 24 hours' },
  { value: '168', label: 'Last 7 days' },
  { value: '720', label: 'Last 30 days' },
  { value: 'all', label: 'Since the beginning' },
  { value: 'between', label: 'Between two days' },
] as const;

const first: AuditFilters = { period: '168', from: '', to: '', user: '', operation: '', outcome: '' };

export function useAuditFilters(): readonly [AuditFilters, (change: Partial<AuditFilters>) => void] {
  const [search, setSearch] = useSearchParams();
  const filters = Object.fromEntries(
    Object.entries(first).map(([name, value]) => [name, search.get(name) ?? value]),
  ) as unknown as AuditFilters;
  const change = (changed: Partial<AuditFilters>) => {
    setSearch(
      (current) => {
        const next = new URLSearchParams(current);
        for (const [name, value] of Object.entries(changed)) {
          if (value === first[name as keyof AuditFilters]) next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  };
  return [filters, change];
}

export interface Times {
  readonly StartTime?: string;
  readonly EndTime?: string;
}

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** @param now cut to the minute by whoever asks, so that the same question is asked while somebody pages */
export function timesOf({ period, from, to }: AuditFilters, now: Date): Times {
  if (period === 'all') return {};
  if (period !== 'between') return { StartTime: new Date(now.getTime() - Number(period) * 3_600_000).toISOString() };
  return {
    ...(dayPattern.test(from) && { StartTime: startOf(from, 0).toISOString() }),
    ...(dayPattern.test(to) && { EndTime: startOf(to, 1).toISOString() }),
  };
}

/** By the clock of whoever looks. */
function startOf(day: string, later: number): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later);
}
