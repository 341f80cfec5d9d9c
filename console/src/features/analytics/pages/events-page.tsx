/** Events: how many, by day and by the values of an attribute, of those that a filter leaves (dossier §4.4). */
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { EventFilter, EventsDay, EventsReport } from '../../../../../server/src/contract/repoint-types.ts';
import { Loaded } from '../../../ui/loaded.tsx';
import { useTabInAddress } from '../../../ui/tab-in-address.ts';
import { AnalyticsFrame } from '../analytics-frame.tsx';
import { FigureCards } from '../charts/figure-cards.tsx';
import { ValueBars } from '../charts/value-bars.tsx';
import { useEventNames } from '../event-queries.ts';
import { asCount, asQuotient, type Figure } from '../figures/figure.ts';
import { DayTable, ReportTable } from '../figures/report-table.tsx';
import { ConditionsEditor } from '../filters/conditions-editor.tsx';
import { EventTypeInput, NameInput } from '../filters/event-type-input.tsx';
import { faultOfFilter, filterInAddress, fromFilter, readFilter, toFilter } from '../filters/filter-form.ts';
import { isNothing, NoEvents } from '../no-events.tsx';
import { type RangeInAddress, useRange } from '../period/use-range.ts';
import { useReport } from '../queries.ts';
import { EventNamesTable } from './event-names-table.tsx';

const figures: readonly Figure<EventsDay>[] = [
  { id: 'Events', title: 'Events', show: asCount, adds: true },
  { id: 'Endpoints', title: 'Endpoints', show: asCount, about: 'Sent at least one of them that day' },
  { id: 'EventsPerSession', title: 'Events per session', show: asQuotient, about: 'By all sessions of the day' },
];

export function EventsPage() {
  const days = useRange();
  const [tab, openTab] = useTabInAddress('explore');
  return (
    <AnalyticsFrame
      title="Events"
      description="Every event that apps and messages sent, counted as it is stored."
      days={days}
    >
      <Tabs
        activeTabId={tab}
        onChange={({ detail }) => openTab(detail.activeTabId)}
        ariaLabel="Events"
        tabs={[
          { id: 'explore', label: 'Explore', content: tab === 'explore' ? <Explorer days={days} /> : null },
          { id: 'names', label: 'Names in use', content: tab === 'names' ? <EventNamesTable /> : null },
        ]}
      />
    </AnalyticsFrame>
  );
}

interface Question {
  readonly filter: EventFilter;
  readonly groupBy: string;
}

function Explorer({ days }: { readonly days: RangeInAddress }) {
  const [search, setSearch] = useSearchParams();
  const question: Question = { filter: readFilter(search.get('filter')), groupBy: search.get('by') ?? '' };
  const ask = ({ filter, groupBy }: Question) => {
    setSearch((current) => {
      const next = new URLSearchParams(current);
      for (const [name, value] of [
        ['filter', filterInAddress(filter)],
        ['by', groupBy],
      ] as const) {
        if (value === '') next.delete(name);
        else next.set(name, value);
      }
      return next;
    });
  };
  return (
    <SpaceBetween size="l">
      <QuestionForm question={question} onAsk={ask} />
      <Answer days={days} question={question} />
    </SpaceBetween>
  );
}

interface QuestionFormProps {
  readonly question: Question;
  readonly onAsk: (question: Question) => void;
}

function QuestionForm({ question, onAsk }: QuestionFormProps) {
  const [form, setForm] = useState(() => fromFilter(question.filter));
  const [groupBy, setGroupBy] = useState(question.groupBy);
  const { attributes } = useEventNames();
  const asked = JSON.stringify(question);
  const [seen, see] = useState(asked);
  // Going back in the browser asks what was asked before.
  if (asked !== seen) {
    see(asked);
    setForm(fromFilter(question.filter));
    setGroupBy(question.groupBy);
  }
  const fault = faultOfFilter(form);
  return (
    <Container header={<Header variant="h2">Which events</Header>}>
      <SpaceBetween size="m">
        <FormField label="Event">
          <EventTypeInput
            value={form.eventType}
            onChange={(eventType) => setForm({ ...form, eventType })}
            placeholder="All event types"
          />
        </FormField>
        <ConditionsEditor
          label="Conditions"
          description="All of them must hold; of several values, one is enough."
          conditions={form.conditions}
          eventType={form.eventType}
          onChange={(conditions) => setForm({ ...form, conditions })}
        />
        <FormField label="Broken down by an attribute">
          <NameInput value={groupBy} names={attributes} onChange={setGroupBy} placeholder="Not broken down" />
        </FormField>
        <Button
          variant="primary"
          disabled={fault !== undefined}
          disabledReason={fault}
          onClick={() => onAsk({ filter: toFilter(form), groupBy })}
        >
          View charts
        </Button>
      </SpaceBetween>
    </Container>
  );
}

function Answer({
  days,
  question: { filter, groupBy },
}: {
  readonly days: RangeInAddress;
  readonly question: Question;
}) {
  const ExploreEventsRequest = { Filter: filter, ...(groupBy !== '' && { GroupBy: groupBy }) };
  const query = useReport('ExploreEvents', { asked: days.asked, further: { ExploreEventsRequest } });
  return (
    <Loaded query={query}>
      {(report) =>
        isNothing(report.Days) ? (
          <NoEvents>
            No event is what was asked for. Choose other days or conditions, or send one from a terminal:
          </NoEvents>
        ) : (
          <SpaceBetween size="l">
            <FigureCards report={report} figures={figures} />
            {groupBy === '' ? null : <Groups report={report} name={groupBy} />}
            <DayTable days={report.Days} figures={figures} name="events" />
          </SpaceBetween>
        )
      }
    </Loaded>
  );
}

function Groups({ report, name }: { readonly report: EventsReport; readonly name: string }) {
  const values = report.Groups.map(({ Value, Events }) => ({ value: Value, count: Events }));
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h3">Events by {name}</Header>}>
        {values.length === 0 ? (
          `None of these events has the attribute ${name}.`
        ) : (
          <ValueBars title="Events" label={`Events by ${name}`} values={values} />
        )}
      </Container>
      <ReportTable
        title={`By ${name}`}
        description="The thousand most frequent values"
        rows={report.Groups}
        columns={[
          { id: 'Value', header: name, value: ({ Value }) => Value, cell: ({ Value }) => <bdi>{Value}</bdi> },
          { id: 'Events', header: 'Events', value: ({ Events }) => Events },
          { id: 'Endpoints', header: 'Endpoints', value: ({ Endpoints }) => Endpoints },
        ]}
        idOf={({ Value }) => Value}
        fileName={`events_by_${name.replaceAll(/[^\w-]+/g, '_')}_${report.StartDate}_${report.EndDate}`}
        empty="No event has it"
      />
    </SpaceBetween>
  );
}
