/** What some endpoints bought: added up from stored events, since counters do not know attributes. */
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { EventsDay } from '../../../../../server/src/contract/repoint-types.ts';
import { Loaded } from '../../../ui/loaded.tsx';
import { FigureCards } from '../charts/figure-cards.tsx';
import { asCount, type Figure, moneyIn } from '../figures/figure.ts';
import { DayTable } from '../figures/report-table.tsx';
import { isNothing, NoEvents } from '../no-events.tsx';
import { useReport } from '../queries.ts';
import type { FilteredProps } from './filtered-usage.tsx';

export function FilteredRevenue({ asked, filter, currency }: FilteredProps & { readonly currency: string }) {
  const Filter = { ...filter, EventType: '_monetization.purchase' };
  const further = { ExploreEventsRequest: { Filter, Currency: currency } };
  const query = useReport('ExploreEvents', { asked, further });
  const figures: readonly Figure<EventsDay>[] = [
    { id: 'Revenue', title: 'Revenue', show: moneyIn(currency), adds: true },
    { id: 'Purchases', title: 'Purchases', show: asCount, adds: true },
    { id: 'UnitsSold', title: 'Units sold', show: asCount, adds: true },
    { id: 'Endpoints', title: 'Buying endpoints', show: asCount, about: 'In any currency' },
  ];
  return (
    <Loaded query={query}>
      {(report) =>
        isNothing(report.Days) ? (
          <NoEvents>No endpoint with these attributes bought anything. Choose others, or send an event:</NoEvents>
        ) : (
          <SpaceBetween size="l">
            <FigureCards report={report} figures={figures} />
            <DayTable days={report.Days} figures={figures} name={`revenue_filtered_${currency}`} />
          </SpaceBetween>
        )
      }
    </Loaded>
  );
}
