/** How many have which value, the most frequent first: bars, and what does not fit as one bar of the rest. */
import BarChart from '@cloudscape-design/components/bar-chart';
import { asCount } from '../figures/figure.ts';

export interface ValueBarsProps {
  /** What is counted: `Endpoints`. */
  readonly title: string;
  readonly label: string;
  /** Descending. */
  readonly values: readonly { readonly value: string; readonly count: number }[];
}

const mostBars = 8;
const longestName = 24;
const heightOfBar = 34;

export function ValueBars({ title, label, values }: ValueBarsProps) {
  const shown = values.length > mostBars ? values.slice(0, mostBars - 1) : values;
  const rest = values.slice(shown.length);
  const bars = shown.map(({ value, count }) => ({ x: nameOf(value), y: count }));
  if (rest.length > 0) {
    bars.push({ x: `${rest.length} more`, y: rest.reduce((sum, { count }) => sum + count, 0) });
  }
  return (
    <BarChart
      series={[{ type: 'bar', title, data: bars, valueFormatter: asCount }]}
      xDomain={bars.map(({ x }) => x)}
      yDomain={[0, Math.max(1, ...bars.map(({ y }) => y))]}
      xScaleType="categorical"
      horizontalBars
      hideFilter
      hideLegend
      height={40 + bars.length * heightOfBar}
      ariaLabel={label}
      yTickFormatter={(value) => (Number.isInteger(value) ? asCount(value) : '')}
      detailPopoverSize="small"
    />
  );
}

/** Bars are told apart by their names: what was cut keeps both ends. */
function nameOf(value: string): string {
  if (value === '') return '(empty)';
  return value.length <= longestName ? value : `${value.slice(0, 14)}…${value.slice(-9)}`;
}
