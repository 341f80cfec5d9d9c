/** Usage of some endpoints: counted from stored events, since counters do not know attributes. */
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { EventFilter, EventsReport } from '../../../../../server/src/contract/repoint-types.ts';
import { Loaded } from '../../../ui/loaded.tsx';
import { FigureCards, type FigureReport } from '../charts/figure-cards.tsx';
import { asCount, asQuotient, type Figure } from '../figures/figure.ts';
import { DayTable } from '../figures/report-table.tsx';
import { isNothing, NoEvents } from '../no-events.tsx';
import type { AskedDays } from '../period/date-range.ts';
import { useReport } from '../queries.ts';

interface FilteredDay {
  readonly Date: string;
  readonly Endpoints: number;
  readonly Sessions: number;
  readonly SessionsPerEndpoint?: number;
  readonly SignIns: number;
  readonly SignUps: number;
  readonly AuthenticationFailures: number;
}

const figures: readonly Figure<FilteredDay>[] = [
  { id: 'Endpoints', title: 'Endpoints that opened the app', show: asCount },
  { id: 'Sessions', title: 'Sessions', show: asCount, adds: true },
  { id: 'SessionsPerEndpoint', title: 'Sessions per endpoint', show: asQuotient },
  { id: 'SignIns', title: 'Sign-ins', show: asCount, adds: true },
  { id: 'SignUps', title: 'Sign-ups', show: asCount, adds: true },
  { id: 'AuthenticationFailures', title: 'Authentication failures', show: asCount, adds: true },
];

export interface FilteredProps {
  readonly asked: AskedDays;
  readonly filter: EventFilter;
}

export function FilteredUsage({ asked, filter }: FilteredProps) {
  const count = (EventType: string) => ({
    ...{ asked, further: { ExploreEventsRequest: { Filter: { ...filter, EventType } } } },
  });
  const sessions = useReport('ExploreEvents', count('_session.start'));
  const signIns = useReport('ExploreEvents', count('_userauth.sign_in'));
  const signUps = useReport('ExploreEvents', count('_userauth.sign_up'));
  const failures = useReport('ExploreEvents', count('_userauth.auth_fail'));
  // What failed first is what there is to say.
  const first = [sessions, signIns, signUps, failures].find(({ data }) => data === undefined) ?? sessions;
  return (
    <Loaded query={first}>
      {() =>
        sessions.data && signIns.data && signUps.data && failures.data ? (
          <Figures report={join(sessions.data, signIns.data, signUps.data, failures.data)} />
        ) : null
      }
    </Loaded>
  );
}

function Figures({ report }: { readonly report: FigureReport<FilteredDay> }) {
  if (isNothing(report.Days)) {
    return (
      <NoEvents>No endpoint with these attributes was there. Choose others, or send an event from a terminal:</NoEvents>
    );
  }
  return (
    <SpaceBetween size="l">
      <FigureCards report={report} figures={figures} />
      <DayTable days={report.Days} figures={figures} name="usage_filtered" />
    </SpaceBetween>
  );
}

function join(
  sessions: EventsReport,
  signIns: EventsReport,
  signUps: EventsReport,
  failures: EventsReport,
): FigureReport<FilteredDay> {
  const Days = sessions.Days.map(({ Date: date, Events, Endpoints }, index): FilteredDay => {
    const of = ({ Days: days }: EventsReport) => days[index]?.Events ?? 0;
    return {
      ...{ Date: date, Endpoints, Sessions: Events },
      ...(Endpoints > 0 && { SessionsPerEndpoint: Events / Endpoints }),
      ...{ SignIns: of(signIns), SignUps: of(signUps), AuthenticationFailures: of(failures) },
    };
  });
  const summaryOf = ({ Summary }: EventsReport, from: string, to: keyof FilteredDay) =>
    Summary.filter(({ Name }) => Name === from).map((summary) => ({ ...summary, Name: to }));
  const Summary = [
    ...summaryOf(sessions, 'Endpoints', 'Endpoints'),
    ...summaryOf(sessions, 'Events', 'Sessions'),
    ...summaryOf(signIns, 'Events', 'SignIns'),
    ...summaryOf(signUps, 'Events', 'SignUps'),
    ...summaryOf(failures, 'Events', 'AuthenticationFailures'),
  ];
  return { Days, Summary };
}
