/** Figures by day as lines. What they say stands in the table of the page as well, for those who do not see them. */
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

const tick = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
/** Below it, axes of counts would have marks between whole numbers. */
const leastOfCounts = 4;

export function DayChart<Day extends Dated>({ title, days, figures }: DayChartProps<Day>) {
  const series = figures.map((figure) => ({
    ...{ type: 'line' as const, title: figure.title, valueFormatter: figure.show },
    data: days.flatMap((day) => {
      const y = figureOf(figure.id, day);
      return y === undefined ? [] : [{ x: midnight(day.Date), y }];
    }),
  }));
  const most = Math.max(0, ...series.flatMap(({ data }) => data.map(({ y }) => y)));
  const counts = figures.every(({ adds }) => adds === true);
  const top = counts ? Math.max(most, leastOfCounts) : most;
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  return (
    <LineChart
      series={series}
      xDomain={[midnight(first.Date), midnight(last.Date)]}
      yDomain={[0, top === 0 ? 1 : top * 1.05]}
      xScaleType="time"
      height={150}
      hideFilter
      hideLegend={figures.length === 1}
      ariaLabel={`${title} by day`}
      xTickFormatter={(date) => tick.format(date)}
      yTickFormatter={(value) => (counts && !Number.isInteger(value) ? '' : figures[0].show(value))}
      detailPopoverSize="small"
      i18nStrings={{ xTickFormatter: (date) => whole.format(date) }}
    />
  );
}

/** Local, where the axis of the chart has its marks. */
function midnight(date: string): Date {
  return new Date(`${date}T00:00:00`);
}
