/** Usage and revenue of some endpoints only: those with attributes that a filter asks for, which stands in the address. */
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { EventFilter } from '../../../../../server/src/contract/repoint-types.ts';
import { ConditionsEditor } from './conditions-editor.tsx';
import { faultOfFilter, filterInAddress, fromFilter, readFilter, toFilter } from './filter-form.ts';

/** Undefined where all endpoints are meant. */
export function useEndpointFilter(): EventFilter | undefined {
  const [search] = useSearchParams();
  const { EndpointAttributes } = readFilter(search.get('filter'));
  return EndpointAttributes === undefined ? undefined : { EndpointAttributes };
}

export function EndpointFilter() {
  const [, setSearch] = useSearchParams();
  const filter = useEndpointFilter() ?? {};
  const asked = filterInAddress(filter);
  const [form, setForm] = useState(() => fromFilter(filter));
  const [seen, see] = useState(asked);
  // Going back in the browser asks what was asked before.
  if (asked !== seen) {
    see(asked);
    setForm(fromFilter(filter));
  }
  const fault = faultOfFilter(form);
  const ask = () => {
    setSearch((current) => {
      const next = new URLSearchParams(current);
      const text = filterInAddress(toFilter({ ...form, eventType: '' }));
      if (text === '') next.delete('filter');
      else next.set('filter', text);
      return next;
    });
  };
  return (
    <ExpandableSection variant="container" headerText="Endpoints" defaultExpanded={asked !== ''}>
      <SpaceBetween size="m">
        <ConditionsEditor
          label="Only those with these attributes"
          description="As they were when the event came. Counted from stored events, as long as those are kept."
          only="endpointAttribute"
          conditions={form.conditions}
          eventType=""
          onChange={(conditions) => setForm({ ...form, conditions })}
        />
        <Button variant="primary" disabled={fault !== undefined} disabledReason={fault} onClick={ask}>
          View charts
        </Button>
      </SpaceBetween>
    </ExpandableSection>
  );
}
