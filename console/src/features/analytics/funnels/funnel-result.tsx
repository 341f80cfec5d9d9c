/** A funnel that was computed: who got how far, where they dropped off, and how long it took. */
import BarChart from '@cloudscape-design/components/bar-chart';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { FunnelReport, FunnelStepReport } from '../../../../../server/src/contract/repoint-types.ts';
import { showDuration } from '../figures/duration.ts';
import { asCount, asRate } from '../figures/figure.ts';
import { type ReportColumn, ReportTable } from '../figures/report-table.tsx';

export interface FunnelResultProps {
  readonly report: FunnelReport;
  readonly countBy: 'ENDPOINT' | 'USER';
  /** Of its CSV. */
  readonly fileName: string;
}

export function FunnelResult({ report, countBy, fileName }: FunnelResultProps) {
  const { Steps, Breakdowns } = report;
  const [first, last] = [Steps[0], Steps.at(-1)];
  const who = countBy === 'USER' ? 'Users' : 'Endpoints';
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Result</Header>}>
        <SpaceBetween size="m">
          <KeyValuePairs
            columns={3}
            items={[
              { label: `${who} who began`, value: asCount(first?.Count ?? 0) },
              { label: 'Got through', value: `${asCount(last?.Count ?? 0)} (${showShare(last?.Share)})` },
              { label: 'Average time to get through', value: showDuration(last?.AverageSeconds) },
            ]}
          />
          {first?.Count === 0 ? (
            <Box color="text-body-secondary">Nobody began on these days.</Box>
          ) : (
            <StepsChart steps={Steps} who={who} />
          )}
        </SpaceBetween>
      </Container>
      <ReportTable<FunnelStepReport>
        title="Steps"
        description="Share: of those who began. Time: from the first step, when somebody gets here first."
        rows={Steps}
        columns={[
          { id: 'Step', header: 'Step', value: ({ Step }) => Step },
          { id: 'Name', header: 'Name', value: ({ Name }) => Name, cell: ({ Name }) => <bdi>{Name}</bdi> },
          ...stepColumns(who),
          {
            id: 'AverageSeconds',
            header: 'Average time',
            value: ({ AverageSeconds }) => AverageSeconds,
            cell: ({ AverageSeconds }) => showDuration(AverageSeconds),
          },
        ]}
        idOf={({ Step }) => String(Step)}
        fileName={`${fileName}_${report.StartDate}_${report.EndDate}`}
        empty="No steps"
      />
      {Breakdowns === undefined ? null : (
        <ReportTable<FunnelStepReport>
          title="Broken down"
          description="By the value that somebody's first event of the first step has; the fifty most frequent"
          rows={Breakdowns}
          columns={[
            {
              id: 'Breakdown',
              header: 'Value',
              value: ({ Breakdown = '' }) => (Breakdown === '' ? '(none)' : Breakdown),
            },
            { id: 'Step', header: 'Step', value: ({ Step }) => Step },
            { id: 'Name', header: 'Name', value: ({ Name }) => Name, cell: ({ Name }) => <bdi>{Name}</bdi> },
            ...stepColumns(who),
          ]}
          idOf={({ Breakdown, Step }) => `${Step} ${Breakdown}`}
          fileName={`${fileName}_breakdown_${report.StartDate}_${report.EndDate}`}
          empty="Nobody began"
        />
      )}
    </SpaceBetween>
  );
}

function stepColumns(who: string): ReportColumn<FunnelStepReport>[] {
  return [
    { id: 'Count', header: who, value: ({ Count }) => Count, cell: ({ Count }) => asCount(Count) },
    {
      id: 'Share',
      header: 'Share',
      value: ({ Share }) => Share,
      cell: ({ Share }) => showShare(Share),
    },
    { id: 'DropOff', header: 'Dropped off', value: ({ DropOff }) => DropOff },
  ];
}

function showShare(share: number | undefined): string {
  return share === undefined ? '–' : asRate(share);
}

function StepsChart({ steps, who }: { readonly steps: readonly FunnelStepReport[]; readonly who: string }) {
  // Two steps may have one name, and bars are told apart by theirs.
  const nameOf = ({ Step, Name }: FunnelStepReport) => `${Step}. ${Name.length > 20 ? `${Name.slice(0, 19)}…` : Name}`;
  const most = steps[0]?.Count ?? 0;
  return (
    <BarChart
      series={[
        {
          ...{ type: 'bar', title: `${who} who got here`, valueFormatter: asCount },
          data: steps.map((step) => ({ x: nameOf(step), y: step.Count })),
        },
        {
          ...{ type: 'bar', title: 'Dropped off before', valueFormatter: asCount, color: '#8d99a8' },
          data: steps.map((step) => ({ x: nameOf(step), y: step.DropOff })),
        },
      ]}
      stackedBars
      xDomain={steps.map(nameOf)}
      yDomain={[0, Math.max(most, 1)]}
      xScaleType="categorical"
      hideFilter
      height={260}
      ariaLabel="Steps of the funnel"
      yTickFormatter={(value) => (Number.isInteger(value) ? asCount(value) : '')}
    />
  );
}
