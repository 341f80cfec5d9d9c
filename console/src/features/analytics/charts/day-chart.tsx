/** Figures by day: bars, or lines where the days are many. The table of the page says the same to those who see neither. */
import BarChart from '@cloudscape-design/components/bar-chart';
import LineChart from '@cloudscape-design/components/line-chart';
import { type Figure, figureOf } from '../figures/figure.ts';

interface Dated {
  readonly Date: string;
}

export interface DayChartProps<Day extends Dated> {
  readonly title: string;
  readonly days: readonly Day[];
  /** All in one unit. */
  readonly figures: readonly [Figure<Day>, ...Figure<Day>[]];
}

const shortDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const wholeDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
/** Beyond, bars are too thin. A line would not show a day between days without a value. */
const mostBars = 62;
/** Below it, axes of counts would have marks between whole numbers. */
const leastOfCounts = 4;

export function DayChart<Day extends Dated>({ title, days, figures }: DayChartProps<Day>) {
  const values = figures.map(({ id }) => days.map((day) => figureOf(id, day)));
  const most = Math.max(0, ...values.flat().map((value) => value ?? 0));
  // The numbers above it say as much of one day, or of nothing at all.
  if (days.length < 2 || most === 0) return null;
  const counts = figures.every(({ adds }) => adds === true);
  const series = figures.map((figure, index) => ({
    ...{ title: figure.title, valueFormatter: figure.show },
    data: days.flatMap(({ Date: date }, at) => {
      const y = values[index]?.[at];
      return y === undefined ? [] : [{ date, y }];
    }),
  }));
  const common = {
    yDomain: [0, (counts ? Math.max(most, leastOfCounts) : most) * 1.05],
    yTickFormatter: (value: number) => (counts && !Number.isInteger(value) ? '' : figures[0].show(value)),
    ...{ height: 150, hideFilter: true, hideLegend: figures.length === 1, detailPopoverSize: 'small' as const },
    ariaLabel: `${title} by day`,
  };
  const dates = days.map(({ Date: date }) => date);
  return days.length <= mostBars ? (
    <BarChart
      {...common}
      series={series.map(({ data, ...each }) => ({
        ...{ ...each, type: 'bar', data: data.map(({ date, y }) => ({ x: date, y })) },
      }))}
      xDomain={dates}
      xScaleType="categorical"
      xTickFormatter={(date) => shortDay.format(midnight(date))}
      i18nStrings={{ xTickFormatter: (date) => wholeDay.format(midnight(date)) }}
    />
  ) : (
    <LineChart
      {...common}
      series={series.map(({ data, ...each }) => ({
        ...{ ...each, type: 'line', data: data.map(({ date, y }) => ({ x: midnight(date), y })) },
      }))}
      xDomain={[dates[0], dates.at(-1)].map((date = '') => midnight(date))}
      xScaleType="time"
      xTickFormatter={(date) => shortDay.format(date)}
      i18nStrings={{ xTickFormatter: (date) => wholeDay.format(date) }}
    />
  );
}

/** Local, where the axis of the chart has its marks. */
function midnight(date: string): Date {
  return new Date(`${date}T00:00:00`);
}
