/** Figures of reports: what a column of days is called, and how its numbers read. Pure. */

export interface Figure<Day> {
  readonly id: keyof Day & string;
  readonly title: string;
  readonly show: (value: number) => string;
  /** What exactly is counted. */
  readonly about?: string;
  /** Whether days can be added up: not where the same ones may be counted on several. */
  readonly adds?: boolean;
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const fine = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const asCount = (value: number) => whole.format(value);
export const asQuotient = (value: number) => fine.format(value);
export const asRate = (value: number) => percent.format(value);
/** Thousandths of a cent, as prices of SMS are kept. */
export const asSpend = (value: number) => moneyIn('USD')(value / 100_000);

/** What is no code of a currency stands behind the amount. */
export function moneyIn(currency: string): (value: number) => string {
  if (!/^[A-Z]{3}$/.test(currency)) return (value) => `${fine.format(value)} ${currency}`.trim();
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return (value) => format.format(value);
}

/** `+12.5 %`; a dash where there was nothing to begin with. */
export function showChange(change: number | undefined): string {
  if (change === undefined) return '–';
  return `${change > 0 ? '+' : ''}${percent.format(change)}`;
}

export function showOf<Day>({ id, show }: Figure<Day>, day: Day): string {
  const value = figureOf(id, day);
  return value === undefined ? '–' : show(value);
}

export function figureOf<Day>(id: keyof Day & string, day: Day): number | undefined {
  const value = day[id];
  return typeof value === 'number' ? value : undefined;
}
