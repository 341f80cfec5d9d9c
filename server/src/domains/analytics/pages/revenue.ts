/** Revenue (dossier/events-journeys-console §4.3): amounts of one currency, people whatever they paid in. */
import type { RevenueDay, RevenueReport } from '../../../contract/repoint-types.ts';
import type { Executor } from '../../../database/index.ts';
import { Distinct } from './distinct.ts';
import { dayOfDate, describePeriod, type Period } from './period.ts';
import { readUniques, sumByDay, sumByLabel } from './store.ts';
import { quotient, summarise } from './summary.ts';

export const revenueColumns = [
  ...['Date', 'Revenue', 'RevenuePerEndpoint', 'PayingUsers', 'RevenuePerPayingUser', 'UnitsSold'],
  ...['UnitsSoldPerEndpoint', 'Purchases', 'PurchasesPerEndpoint'],
] as const;

export async function revenueReport(
  query: Executor,
  projectNumber: number,
  period: Period,
  currency: string,
): Promise<RevenueReport> {
  const days = period.dates.map(dayOfDate);
  const asked = { projectNumber, period };
  const [amounts, currencies, uniques] = await Promise.all([
    sumByDay(query, asked, ['revenue', 'units', 'purchases'], currency),
    sumByLabel(query, asked, ['purchases']),
    readUniques(query, projectNumber, ['endpoint', 'purchaser', 'payer'], days[0] as number, days.at(-1) as number),
  ]);
  const distinct = new Distinct(uniques);
  const Days = period.dates.map((date): RevenueDay => {
    const amount = (metric: string) => amounts.of(metric, date);
    const people = (metric: string) => distinct.on(metric, dayOfDate(date));
    const [Revenue, UnitsSold, Purchases] = [amount('revenue'), amount('units'), amount('purchases')];
    const PayingUsers = people('payer');
    return {
      ...{ Date: date, Revenue, UnitsSold, Purchases, PayingUsers },
      ...quotient('RevenuePerEndpoint', Revenue, people('endpoint')),
      ...quotient('RevenuePerPayingUser', Revenue, PayingUsers),
      ...quotient('UnitsSoldPerEndpoint', UnitsSold, people('endpoint')),
      ...quotient('PurchasesPerEndpoint', Purchases, people('purchaser')),
    };
  });
  const columns = revenueColumns.filter((column) => column !== 'Date') as (keyof RevenueDay)[];
  const Currencies = currencies.keys('purchases').toSorted();
  return { ...describePeriod(period), Currency: currency, Currencies, Days, Summary: summarise(Days, columns) };
}
