/** Numbers that people write to: what is set for each. A number without settings answers HELP, STOP and START as well. */
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SmsNumberResponse } from '../../../../server/src/contract/repoint-types.ts';
import { useNavigateFromHere } from '../../app/navigate-from-here.ts';
import { useApi } from '../../app/session.tsx';
import { DeleteDialog } from '../../ui/delete-dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';

export function SmsNumbersPage() {
  const { repoint, scope } = useApi();
  const [adding, setAdding] = useState(false);
  const [deleting, setDeleting] = useState<SmsNumberResponse>();
  return (
    <Page title="SMS numbers" description="What happens when somebody writes to a number of yours.">
      <PagedTable<SmsNumberResponse>
        title="Numbers"
        queryKey={[...scope, 'sms-numbers']}
        load={(page) => repoint.send('GetSmsNumbers', page)}
        columns={[
          {
            id: 'number',
            header: 'Number',
            minWidth: 160,
            isRowHeader: true,
            cell: (item) => <PageLink to={`/sms-numbers/${encodeURIComponent(item.Number)}`}>{item.Number}</PageLink>,
          },
          {
            id: 'topic',
            header: 'Published to',
            minWidth: 200,
            cell: ({ TopicArn, WebhookUrl }) => WebhookUrl ?? TopicArn ?? '–',
          },
          {
            id: 'opt-outs',
            header: 'Opt-outs',
            minWidth: 130,
            cell: ({ SelfManagedOptOuts }) => (SelfManagedOptOuts ? 'Managed by you' : 'Managed here'),
          },
          {
            id: 'changed',
            header: 'Last changed',
            minWidth: 160,
            cell: ({ LastModifiedDate }) => <Time value={LastModifiedDate} />,
          },
        ]}
        idOf={(item) => item.Number}
        nameOf={(item) => item.Number}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected === undefined} onClick={() => setDeleting(selected)}>
              Delete
            </Button>
            <Button variant="primary" onClick={() => setAdding(true)}>
              Set up a number
            </Button>
          </SpaceBetween>
        )}
        empty={
          <Empty title="No numbers">Set one up to choose its keywords and where its messages are published.</Empty>
        }
      />
      {adding ? <AddDialog onClose={() => setAdding(false)} /> : null}
      {deleting ? <DeleteNumber number={deleting.Number} onClose={() => setDeleting(undefined)} /> : null}
    </Page>
  );
}

function AddDialog({ onClose }: { readonly onClose: () => void }) {
  const { repoint, scope } = useApi();
  const cache = useQueryClient();
  const navigate = useNavigateFromHere();
  const [number, setNumber] = useState('');
  const add = useMutation({
    mutationFn: () => repoint.send('UpdateSmsNumber', { Number: number.trim(), WriteSmsNumberRequest: {} }),
    onSuccess: async (added) => {
      await cache.invalidateQueries({ queryKey: [...scope, 'sms-numbers'] });
      navigate(`/sms-numbers/${encodeURIComponent(added.Number)}`);
    },
  });
  return (
    <FormDialog
      title="Set up a number"
      submitText="Continue"
      submitDisabled={number.trim() === ''}
      pending={add.isPending}
      error={add.error}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <FormField label="Number" constraintText="With its country code, such as +12025550123, or a short code.">
        <Input value={number} onChange={({ detail }) => setNumber(detail.value)} inputMode="tel" autoComplete={false} />
      </FormField>
    </FormDialog>
  );
}

function DeleteNumber({ number, onClose }: { readonly number: string; readonly onClose: () => void }) {
  const { repoint, scope } = useApi();
  const cache = useQueryClient();
  const notices = useNotices();
  const remove = useMutation({
    mutationFn: () => repoint.send('DeleteSmsNumber', { Number: number }),
    onSuccess: () => {
      notices.done(`Settings of ${number} deleted`);
      onClose();
      return cache.invalidateQueries({ queryKey: [...scope, 'sms-numbers'] });
    },
  });
  return (
    <DeleteDialog
      kind="number"
      name={number}
      pending={remove.isPending}
      error={remove.error}
      onDelete={() => remove.mutate()}
      onClose={onClose}
    >
      Its keywords and settings go. HELP, STOP and START are still answered.
    </DeleteDialog>
  );
}
