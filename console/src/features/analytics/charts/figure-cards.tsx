/** A card for each figure of a report: its average, its total where days add up, how it changed, and its chart. */
import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReportSummary } from '../../../../../server/src/contract/repoint-types.ts';
import { type Figure, showChange, showOf } from '../figures/figure.ts';
import { DayChart } from './day-chart.tsx';

interface Dated {
  readonly Date: string;
}

export interface FigureReport<Day extends Dated> {
  readonly Days: readonly Day[];
  readonly Summary: readonly ReportSummary[];
}

export interface FigureCardsProps<Day extends Dated> {
  readonly report: FigureReport<Day>;
  readonly figures: readonly Figure<Day>[];
}

export function FigureCards<Day extends Dated>({ report, figures }: FigureCardsProps<Day>) {
  return (
    <ColumnLayout columns={2}>
      {figures.map((figure) => (
        <FigureCard key={figure.id} report={report} title={figure.title} figures={[figure]} />
      ))}
    </ColumnLayout>
  );
}

export interface FigureCardProps<Day extends Dated> {
  readonly report: FigureReport<Day>;
  readonly title: string;
  /** Several stand in one chart, each with its numbers. */
  readonly figures: readonly [Figure<Day>, ...Figure<Day>[]];
}

export function FigureCard<Day extends Dated>({ report, title, figures }: FigureCardProps<Day>) {
  return (
    <Container fitHeight header={<Header variant="h3">{title}</Header>}>
      <SpaceBetween size="s">
        {figures.length === 1 && figures[0].about !== undefined ? (
          <Box variant="small" color="text-body-secondary">
            {figures[0].about}
          </Box>
        ) : null}
        {figures.map((figure) => (
          <Numbers key={figure.id} report={report} figure={figure} named={figures.length > 1} />
        ))}
        <DayChart title={title} days={report.Days} figures={figures} />
      </SpaceBetween>
    </Container>
  );
}

interface NumbersProps<Day extends Dated> {
  readonly report: FigureReport<Day>;
  readonly figure: Figure<Day>;
  readonly named: boolean;
}

function Numbers<Day extends Dated>({ report: { Days, Summary }, figure, named }: NumbersProps<Day>) {
  const summary = Summary.find(({ Name }) => Name === figure.id);
  const last = Days.at(-1);
  const average = { label: named ? `${figure.title}: average` : 'Average', value: shown(summary?.Average) };
  const change = { label: 'Change', value: showChange(summary?.Change) };
  const middle = figure.adds
    ? { label: 'Total', value: shown(summary?.Total) }
    : { label: 'Last day', value: last === undefined ? '–' : showOf(figure, last) };
  function shown(value: number | undefined): string {
    return value === undefined ? '–' : figure.show(value);
  }
  return <KeyValuePairs columns={3} minColumnWidth={110} items={[average, middle, change]} />;
}
