/** Entries of the audit log, newest first, as far as they fit what is looked for. */
import Button from '@cloudscape-design/components/button';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useMemo, useState } from 'react';
import type { AuditLogEntry } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';
import { useDebounced } from '../../ui/debounced.ts';
import { Empty } from '../../ui/empty.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';
import { EntryDialog } from './entry-dialog.tsx';
import { timesOf, useAuditFilters } from './filters.ts';
import { Outcome } from './outcome.tsx';
import { PeriodFields } from './period-fields.tsx';

const every = { value: '', label: 'Every outcome' };
const outcomes = [
  every,
  { value: 'SUCCEEDED', label: 'Succeeded' },
  { value: 'REFUSED', label: 'Refused' },
  { value: 'FAILED', label: 'Failed' },
];

export function Changes() {
  const { repoint, scope, region } = useApi();
  const [filters, change] = useAuditFilters();
  const [shown, show] = useState<AuditLogEntry>();
  const user = useDebounced(filters.user.trim());
  const operation = useDebounced(filters.operation.trim());
  const { outcome } = filters;
  const period = `${filters.period} ${filters.from} ${filters.to}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another period is another question, another moment is not
  const times = useMemo(() => timesOf(filters, new Date()), [period]);
  return (
    <>
      <PagedTable<AuditLogEntry>
        title="Changes"
        queryKey={[...scope, 'audit-log', times, user, operation, outcome]}
        load={(page) =>
          repoint.send('GetAuditLog', {
            ...{ ...page, ...times },
            ...(user !== '' && { UserName: user }),
            ...(operation !== '' && { Operation: operation }),
            ...(outcome !== '' && { Outcome: outcome }),
          })
        }
        filter={
          <SpaceBetween direction="horizontal" size="xs">
            <PeriodFields filters={filters} onChange={change} />
            <TextFilter
              filteringText={filters.user}
              filteringPlaceholder="Whole user name"
              filteringAriaLabel="Whole user name"
              onChange={({ detail }) => change({ user: detail.filteringText })}
            />
            <TextFilter
              filteringText={filters.operation}
              filteringPlaceholder="Operation, such as CreateApp"
              filteringAriaLabel="Operation"
              onChange={({ detail }) => change({ operation: detail.filteringText })}
            />
            <Select
              selectedOption={outcomes.find(({ value }) => value === outcome) ?? every}
              options={outcomes}
              onChange={({ detail }) => change({ outcome: detail.selectedOption.value ?? '' })}
              ariaLabel="Outcome"
            />
          </SpaceBetween>
        }
        columns={columnsOf(show)}
        idOf={({ Id }) => Id}
        nameOf={({ Operation }) => Operation}
        selectable={false}
        empty={
          <Empty title="Nothing fits" command={curlCommand(region)}>
            Choose a longer period or leave a filter empty. Names of users and operations are matched whole.
          </Empty>
        }
      />
      {shown === undefined ? null : <EntryDialog entry={shown} onClose={() => show(undefined)} />}
    </>
  );
}

function curlCommand(region: string): string {
  return [
    `curl --aws-sigv4 aws:amz:${region}:repoint`,
    '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"',
    `${window.location.origin}/repoint/v1/audit-log`,
  ].join(' \\\n  ');
}

function columnsOf(show: (entry: AuditLogEntry) => void): readonly TableProps.ColumnDefinition<AuditLogEntry>[] {
  return [
    {
      id: 'operation',
      header: 'Operation',
      minWidth: 200,
      isRowHeader: true,
      cell: (entry) => (
        <Button
          variant="inline-link"
          ariaLabel={`${entry.Operation}: details of the entry of ${entry.Time}`}
          onClick={() => show(entry)}
        >
          {entry.Operation}
        </Button>
      ),
    },
    { id: 'outcome', header: 'Outcome', minWidth: 200, cell: (entry) => <Outcome entry={entry} /> },
    { id: 'user', header: 'User', minWidth: 130, cell: ({ UserName }) => <bdi>{UserName}</bdi> },
    { id: 'time', header: 'When', minWidth: 170, cell: ({ Time: at }) => <Time value={at} /> },
    { id: 'from', header: 'From', minWidth: 130, cell: ({ SourceAddress }) => SourceAddress },
  ];
}
