/** Calls that change no configuration, such as messages and events: how many a minute, with which key, to what end. */

import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useMemo } from 'react';
import type { AuditCount } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';
import { useDebounced } from '../../ui/debounced.ts';
import { Empty } from '../../ui/empty.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';
import { timesOf, useAuditFilters } from './filters.ts';
import { PeriodFields } from './period-fields.tsx';

const classes = {
  '2xx': <StatusIndicator type="success">Succeeded</StatusIndicator>,
  '4xx': <StatusIndicator type="warning">Refused</StatusIndicator>,
  '5xx': <StatusIndicator type="error">Failed</StatusIndicator>,
};

export function CallCounts() {
  const { repoint, scope } = useApi();
  const [filters, change] = useAuditFilters();
  const operation = useDebounced(filters.operation.trim());
  const period = `${filters.period} ${filters.from} ${filters.to}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another period is another question, another moment is not
  const times = useMemo(() => timesOf(filters, new Date()), [period]);
  return (
    <PagedTable<AuditCount>
      title="Calls"
      description="Oldest minute first. They are counted, and not kept one by one."
      queryKey={[...scope, 'audit-counts', times, operation]}
      load={(page) =>
        repoint.send('GetAuditCounts', { ...page, ...times, ...(operation !== '' && { Operation: operation }) })
      }
      filter={
        <SpaceBetween direction="horizontal" size="xs">
          <PeriodFields filters={filters} onChange={change} />
          <TextFilter
            filteringText={filters.operation}
            filteringPlaceholder="Operation, such as PutEvents"
            filteringAriaLabel="Operation"
            onChange={({ detail }) => change({ operation: detail.filteringText })}
          />
        </SpaceBetween>
      }
      columns={[
        {
          id: 'minute',
          header: 'Minute',
          minWidth: 160,
          isRowHeader: true,
          cell: ({ Minute }) => <Time value={Minute} />,
        },
        { id: 'operation', header: 'Operation', minWidth: 160, cell: ({ Operation }) => Operation },
        { id: 'count', header: 'Calls', minWidth: 90, cell: ({ Count }) => showNumber(Count) },
        {
          id: 'outcome',
          header: 'Outcome',
          minWidth: 130,
          cell: ({ StatusClass = '2xx' }) => classes[StatusClass],
        },
        { id: 'key', header: 'Access key or session', minWidth: 200, cell: ({ AccessKeyId }) => AccessKeyId },
      ]}
      idOf={(count) => [count.Minute, count.AccessKeyId, count.Operation, count.ProjectId, count.StatusClass].join(' ')}
      nameOf={({ Operation }) => Operation}
      selectable={false}
      empty={<Empty title="No calls">Messages, events and changes of endpoints are counted here, by the minute.</Empty>}
    />
  );
}
