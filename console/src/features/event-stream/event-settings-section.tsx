/** How long events are kept, and whether one that comes again counts again. */
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Toggle from '@cloudscape-design/components/toggle';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { EventSettings } from '../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Facts } from '../../ui/facts.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { useEventSettings } from './queries.ts';

const longestDays = 36_500;

export function EventSettingsSection() {
  const settings = useEventSettings();
  const [editing, setEditing] = useState(false);
  return (
    <Loaded query={settings}>
      {(found) => (
        <Facts
          title="Stored events"
          description="The explorer, funnels and timelines read stored events. Figures by day are counters, and stay."
          actions={
            <Button ariaLabel="Edit stored events" onClick={() => setEditing(true)}>
              Edit
            </Button>
          }
          columns={2}
          facts={[
            {
              label: 'Kept',
              value: found.RetentionDays === 0 ? 'For ever' : `${showNumber(found.RetentionDays)} days`,
            },
            { label: 'An event that comes again', value: found.DeduplicateEvents ? 'Is taken once' : 'Counts again' },
          ]}
        >
          {editing ? <SettingsDialog settings={found} onClose={() => setEditing(false)} /> : null}
        </Facts>
      )}
    </Loaded>
  );
}

function SettingsDialog({ settings, onClose }: { readonly settings: EventSettings; readonly onClose: () => void }) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  const notices = useNotices();
  const [days, setDays] = useState(String(settings.RetentionDays));
  const [deduplicate, setDeduplicate] = useState(settings.DeduplicateEvents);
  const RetentionDays = Number(days);
  const fits =
    days.trim() !== '' && Number.isInteger(RetentionDays) && RetentionDays >= 0 && RetentionDays <= longestDays;
  const change = useMutation({
    mutationFn: () =>
      repoint.send('UpdateEventSettings', {
        ApplicationId: projectId,
        UpdateEventSettingsRequest: { RetentionDays, DeduplicateEvents: deduplicate },
      }),
    onSuccess: async () => {
      notices.done('Stored events: saved');
      onClose();
      await cache.invalidateQueries({ queryKey: [...scope, 'event-settings', projectId] });
    },
  });
  return (
    <FormDialog
      title="Stored events"
      submitText="Save"
      submitDisabled={!fits}
      pending={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <FormField
        label="Days that events are kept"
        constraintText="0 is for ever. Events that are older are deleted within a day, and cannot be had back."
        errorText={fits ? undefined : `A whole number from 0 to ${longestDays}.`}
      >
        <Input value={days} inputMode="numeric" onChange={({ detail }) => setDays(detail.value)} />
      </FormField>
      <Toggle checked={deduplicate} onChange={({ detail }) => setDeduplicate(detail.checked)}>
        Take an event once that comes again within seven days, alike in endpoint, id and content
      </Toggle>
    </FormDialog>
  );
}
