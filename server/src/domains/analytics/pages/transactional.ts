/** Messages that neither a campaign nor a journey sent (dossier/events-journeys-console §4.8). */
import type {
  TransactionalEmailDay,
  TransactionalEmailReport,
  TransactionalSmsDay,
  TransactionalSmsReport,
} from '../../../contract/repoint-types.ts';
import type { Executor } from '../../../database/index.ts';
import { Distinct } from './distinct.ts';
import { dayOfDate, describePeriod, type Period } from './period.ts';
import { type LabelOfDay, readUniques, sumByDay, sumByDayAndLabel, sumByLabel } from './store.ts';
import { changeBetween, quotient, summarise } from './summary.ts';

export const emailColumns = [
  ...['Date', 'Sends', 'Deliveries', 'Opens', 'Clicks', 'UniqueOpens', 'UniqueClicks', 'SoftBounces', 'HardBounces'],
  ...['Complaints', 'DeliveryRate', 'BounceRate', 'ComplaintRate'],
] as const;

const emailMetrics = ['sent', 'soft bounced', 'hard bounced', 'rejected', 'complained', 'opened', 'clicked'].map(
  (metric) => `direct email ${metric}`,
);

export async function transactionalEmailReport(
  query: Executor,
  projectNumber: number,
  period: Period,
): Promise<TransactionalEmailReport> {
  const days = period.dates.map(dayOfDate);
  const [sums, uniques] = await Promise.all([
    sumByDay(query, { projectNumber, period }, emailMetrics),
    readUniques(query, projectNumber, ['direct opened', 'direct clicked'], days[0] as number, days.at(-1) as number),
  ]);
  const distinct = new Distinct(uniques);
  const Days = period.dates.map((date): TransactionalEmailDay => {
    const of = (metric: string) => sums.of(`direct email ${metric}`, date);
    const people = (metric: string) => distinct.on(`direct ${metric}`, dayOfDate(date));
    const [Sends, SoftBounces, HardBounces, Complaints] = [
      ...[of('sent'), of('soft bounced'), of('hard bounced'), of('complained')],
    ] as [number, number, number, number];
    const Deliveries = Math.max(Sends - SoftBounces - HardBounces - of('rejected'), 0);
    return {
      ...{ Date: date, Sends, Deliveries, Opens: of('opened'), Clicks: of('clicked') },
      ...{ UniqueOpens: people('opened'), UniqueClicks: people('clicked'), SoftBounces, HardBounces, Complaints },
      ...quotient('DeliveryRate', Deliveries, Sends),
      ...quotient('BounceRate', SoftBounces + HardBounces, Sends),
      ...quotient('ComplaintRate', Complaints, Sends),
    };
  });
  const columns = emailColumns.filter((column) => column !== 'Date') as (keyof TransactionalEmailDay)[];
  return { ...describePeriod(period), Days, Summary: summarise(Days, columns) };
}

export const smsColumns = ['Date', 'Sends', 'Parts', 'Deliveries', 'DeliveryRate'] as const;
export const smsCountryColumns = ['Country', 'Sends', 'Parts', 'Deliveries', 'AveragePricePerPart'] as const;
export const smsErrorColumns = ['Error', 'Total', 'AveragePerDay', 'Change'] as const;

const smsMetrics = ['direct sms sent', 'direct sms parts', 'direct sms delivered', 'direct sms price'];

export async function transactionalSmsReport(
  query: Executor,
  projectNumber: number,
  period: Period,
): Promise<TransactionalSmsReport> {
  const asked = { projectNumber, period };
  const [byDay, byCountry, errors] = await Promise.all([
    sumByDay(query, asked, smsMetrics),
    sumByLabel(query, asked, smsMetrics),
    sumByDayAndLabel(query, asked, 'direct sms failed'),
  ]);
  const counts = (sums: typeof byDay, key: string) => ({
    Sends: sums.of('direct sms sent', key),
    Parts: sums.of('direct sms parts', key),
    Deliveries: sums.of('direct sms delivered', key),
  });
  const Days = period.dates.map((date): TransactionalSmsDay => {
    const of = counts(byDay, date);
    return { Date: date, ...of, ...quotient('DeliveryRate', of.Deliveries, of.Sends) };
  });
  const Countries = byCountry
    .keys('direct sms sent')
    .toSorted()
    .map((Country) => {
      const of = counts(byCountry, Country);
      const price = byCountry.of('direct sms price', Country);
      const priced = byCountry.has('direct sms price', Country) ? of.Parts : 0;
      return { Country, ...of, ...quotient('AveragePricePerPart', price, priced) };
    });
  const columns = smsColumns.filter((column) => column !== 'Date') as (keyof TransactionalSmsDay)[];
  return {
    ...describePeriod(period),
    ...{ Days, Countries, Errors: errorsOf(errors, period), Summary: summarise(Days, columns) },
  };
}

function errorsOf(rows: readonly LabelOfDay[], { dates }: Period) {
  const byError = new Map<string, Map<string, number>>();
  for (const { day, label, value } of rows) {
    byError.set(label, (byError.get(label) ?? new Map<string, number>()).set(day, value));
  }
  return [...byError]
    .map(([status, days]) => {
      const Total = [...days.values()].reduce((sum, value) => sum + value, 0);
      const of = (date: string | undefined) => days.get(date as string) ?? 0;
      return {
        Error: status,
        Total,
        AveragePerDay: Total / dates.length,
        ...changeBetween(of(dates[0]), of(dates.at(-1))),
      };
    })
    .toSorted((one, other) => other.Total - one.Total || (one.Error < other.Error ? -1 : 1));
}
