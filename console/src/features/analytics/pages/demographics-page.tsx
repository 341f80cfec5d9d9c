/** Demographics: what endpoints are, by what they told last (dossier/events-journeys-console §4.6). */
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { DemographicsRow } from '../../../../../server/src/contract/repoint-types.ts';
import { Loaded } from '../../../ui/loaded.tsx';
import { useParameterInAddress } from '../../../ui/parameter-in-address.ts';
import { AnalyticsFrame } from '../analytics-frame.tsx';
import { ValueBars } from '../charts/value-bars.tsx';
import { ReportTable } from '../figures/report-table.tsx';
import { NoEvents } from '../no-events.tsx';
import { useReport } from '../queries.ts';
import { CustomAttributes } from './custom-attributes.tsx';

const dimensions: readonly (readonly [dimension: string, title: string])[] = [
  ['platform', 'Platform'],
  ['app version', 'App version'],
  ['make', 'Make of the device'],
  ['model', 'Model of the device'],
  ['country', 'Country'],
];
const channels = ['EMAIL', 'SMS', 'GCM', 'APNS', 'APNS_SANDBOX', 'ADM', 'BAIDU', 'VOICE', 'CUSTOM', 'IN_APP'];
const everyChannel = { value: '', label: 'All channels' };

export function DemographicsPage() {
  const [channel, choose] = useParameterInAddress('channel');
  const options = [everyChannel, ...channels.map((value) => ({ value, label: value }))];
  const further = channel === '' ? {} : { ChannelType: channel };
  const query = useReport('GetDemographicsReport', { further });
  return (
    <AnalyticsFrame
      title="Demographics"
      description="Endpoints that were ever active, each by what its last event told of it."
      actions={
        <Select
          selectedOption={options.find(({ value }) => value === channel) ?? everyChannel}
          options={options}
          onChange={({ detail }) => choose(detail.selectedOption.value ?? '')}
          ariaLabel="Channel"
        />
      }
    >
      <Loaded query={query}>{({ Rows }) => <Dimensions rows={Rows} channel={channel} />}</Loaded>
      <CustomAttributes />
    </AnalyticsFrame>
  );
}

function Dimensions({ rows, channel }: { readonly rows: readonly DemographicsRow[]; readonly channel: string }) {
  if (rows.length === 0) {
    return (
      <NoEvents>No active endpoint told anything of itself. Events with an endpoint do, from a terminal:</NoEvents>
    );
  }
  return (
    <SpaceBetween size="l">
      <ColumnLayout columns={2}>
        {dimensions.map(([dimension, title]) => (
          <Dimension key={dimension} title={title} rows={rows.filter(({ Dimension: of }) => of === dimension)} />
        ))}
      </ColumnLayout>
      <ReportTable
        title="All values"
        rows={rows}
        columns={[
          { id: 'Dimension', header: 'What', value: ({ Dimension: of }) => titleOf(of) },
          { id: 'Value', header: 'Value', value: ({ Value }) => Value, cell: ({ Value }) => <bdi>{Value}</bdi> },
          { id: 'Endpoints', header: 'Endpoints', value: ({ Endpoints }) => Endpoints },
        ]}
        idOf={({ Dimension: of, Value }) => `${of} ${Value}`}
        fileName={channel === '' ? 'demographics' : `demographics_${channel}`}
        empty="Nothing is known"
      />
    </SpaceBetween>
  );
}

function titleOf(dimension: string): string {
  return dimensions.find(([name]) => name === dimension)?.[1] ?? dimension;
}

function Dimension({ title, rows }: { readonly title: string; readonly rows: readonly DemographicsRow[] }) {
  return (
    <Container fitHeight header={<Header variant="h3">{title}</Header>}>
      {rows.length === 0 ? (
        'Nothing is known.'
      ) : (
        <ValueBars
          title="Endpoints"
          label={title}
          values={rows.map(({ Value, Endpoints }) => ({ value: Value, count: Endpoints }))}
        />
      )}
    </Container>
  );
}
