/** What apps call things: names of events, of their attributes and metrics, with how often events came lately. */
import type { EventName } from '../../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../../app/project-place.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { PageLink } from '../../../ui/page-link.tsx';
import { asCount } from '../figures/figure.ts';
import { ReportTable } from '../figures/report-table.tsx';
import { filterInAddress } from '../filters/filter-form.ts';
import { useReport } from '../queries.ts';

const kinds: Readonly<Record<EventName['Kind'], string>> = {
  EVENT: 'Event',
  STANDARD_EVENT: 'Standard event',
  ATTRIBUTE: 'Attribute',
  METRIC: 'Metric',
};

export function EventNamesTable() {
  const { path } = useProjectPlace();
  const names = useReport('GetEventNames', { further: {} });
  const types = useReport('GetEventTypes', { further: {} });
  const counts = new Map(types.data?.Item.map(({ EventType, Count }) => [EventType, Count]));
  const isEvent = ({ Kind }: EventName) => Kind === 'EVENT' || Kind === 'STANDARD_EVENT';
  const countOf = (name: EventName) => (isEvent(name) ? (counts.get(name.Name) ?? 0) : undefined);
  const addressOf = (name: EventName) =>
    isEvent(name)
      ? `filter=${encodeURIComponent(filterInAddress({ EventType: name.Name }))}`
      : name.Kind === 'ATTRIBUTE'
        ? `by=${encodeURIComponent(name.Name)}`
        : undefined;
  return (
    <Loaded query={names}>
      {({ Item }) => (
        <ReportTable<EventName>
          title="Names in use"
          description="As apps sent them. Counts are those of the last fourteen days."
          rows={Item}
          columns={[
            {
              id: 'Name',
              header: 'Name',
              value: ({ Name }) => Name,
              cell: (name) => {
                const address = addressOf(name);
                return address === undefined ? (
                  <bdi>{name.Name}</bdi>
                ) : (
                  <PageLink to={path(`analytics/events?${address}`)}>
                    <bdi>{name.Name}</bdi>
                  </PageLink>
                );
              },
            },
            { id: 'Kind', header: 'Kind', value: ({ Kind }) => kinds[Kind] },
            {
              id: 'Count',
              header: 'Events, last 14 days',
              value: countOf,
              cell: (name) => {
                const count = countOf(name);
                return count === undefined ? '–' : asCount(count);
              },
            },
          ]}
          idOf={({ Kind, Name }) => `${Kind} ${Name}`}
          fileName="event_names"
          empty="No app has sent an event yet"
        />
      )}
    </Loaded>
  );
}
