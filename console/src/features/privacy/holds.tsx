/** Legal holds: fields of people that have to be kept although they are erased, sealed, with a reason and an end. */
import Box from '@cloudscape-design/components/box';
import DatePicker from '@cloudscape-design/components/date-picker';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import type { ErasureHold, ErasureIdentity } from '../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Empty } from '../../ui/empty.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { Time } from '../../ui/time.tsx';
import { EndDialog } from './end-dialog.tsx';
import { FewOfProject } from './few-of-project.tsx';
import { IdentityFields } from './identity-fields.tsx';
import { useProjectChange } from './project-change.ts';

/** As the server takes them. */
const mostHeld = 1_000;

export function Holds() {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  return (
    <FewOfProject<ErasureHold>
      title="Legal holds"
      description="Out of reach of everything that sends or counts, and told in every receipt."
      list="erasure-holds"
      load={() => repoint.send('GetErasureHolds', { ApplicationId: projectId })}
      columns={[
        { id: 'reason', header: 'Reason', minWidth: 180, isRowHeader: true, cell: ({ Reason }) => Reason },
        { id: 'fields', header: 'Fields', minWidth: 120, cell: ({ Fields }) => Fields.join(', ') },
        {
          id: 'whom',
          header: 'Of',
          minWidth: 110,
          cell: ({ Everybody }) => (Everybody ? 'Everybody' : 'Those it named'),
        },
        { id: 'kept', header: 'Rows kept', minWidth: 80, cell: ({ Retained }) => showNumber(Retained) },
        { id: 'ends', header: 'Ends', minWidth: 120, cell: ({ EndDate }) => <Time value={EndDate} /> },
        { id: 'by', header: 'Made by', minWidth: 120, cell: ({ CreatedBy }) => CreatedBy.split('/').at(-1) },
      ]}
      empty={
        <Empty title="Nothing is held">
          Whoever is erased is erased whole. A hold keeps what a law or a dispute needs, until a day that you set.
        </Empty>
      }
      make={{ text: 'Create a hold', dialog: (onClose) => <CreateHold onClose={onClose} /> }}
      end={{
        text: 'End',
        label: ({ Reason }) => `End the hold: ${Reason}`,
        dialog: (hold, onClose) => <EndHold hold={hold} onClose={onClose} />,
      }}
    />
  );
}

function CreateHold({ onClose }: { readonly onClose: () => void }) {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  const [fields, setFields] = useState('');
  const [reason, setReason] = useState('');
  const [end, setEnd] = useState('');
  const [identities, setIdentities] = useState<readonly ErasureIdentity[]>([]);
  const Fields = fields.split(/[\s,;]+/).filter((field) => field !== '');
  const create = useProjectChange({
    send: () =>
      repoint.send('CreateErasureHold', {
        ApplicationId: projectId,
        CreateErasureHoldRequest: {
          ...{ Fields, Reason: reason, EndDate: `${end}T00:00:00.000Z` },
          ...(identities.length > 0 && { Identities: identities }),
        },
      }),
    ...{ said: 'The hold is made', list: 'erasure-holds', onClose },
  });
  return (
    <FormDialog
      title="Create a hold"
      submitText="Create"
      size="large"
      submitDisabled={Fields.length === 0 || reason.trim() === '' || end === '' || identities.length > mostHeld}
      pending={create.isPending}
      error={create.error}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <FormField
        label="Fields to keep"
        description="Columns of the personal-data inventory, or a whole table; several with a comma between them."
        constraintText="Such as sends.detail, or events.*"
      >
        <Input
          value={fields}
          onChange={({ detail }) => setFields(detail.value)}
          placeholder="sends.*"
          ariaLabel="Fields to keep"
          spellcheck={false}
          autoFocus
        />
      </FormField>
      <FormField label="Reason" constraintText="Up to 500 characters. It stands in receipts, so it must name nobody.">
        <Input value={reason} onChange={({ detail }) => setReason(detail.value)} ariaLabel="Reason" />
      </FormField>
      <FormField label="Ends" description="What is kept under the hold is erased on that day.">
        <DatePicker
          value={end}
          onChange={({ detail }) => setEnd(detail.value)}
          isDateEnabled={(date) => date > new Date()}
          placeholder="YYYY/MM/DD"
          openCalendarAriaLabel={() => 'Choose a day'}
          ariaLabel="Ends"
        />
      </FormField>
      <ExpandableSection headerText="Of some people only">
        <Box>Without names, the hold is about everybody who is erased from now on.</Box>
        <IdentityFields identities={identities} most={mostHeld} onChange={setIdentities} />
      </ExpandableSection>
    </FormDialog>
  );
}

function EndHold({ hold, onClose }: { readonly hold: ErasureHold; readonly onClose: () => void }) {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  return (
    <EndDialog
      kind="hold"
      name={hold.Reason}
      send={() => repoint.send('DeleteErasureHold', { ApplicationId: projectId, HoldId: hold.Id })}
      said="The hold is over, and what it kept is erased"
      list="erasure-holds"
      onClose={onClose}
    >
      {showNumber(hold.Retained)} rows of which something was kept under it are erased at once.
    </EndDialog>
  );
}
