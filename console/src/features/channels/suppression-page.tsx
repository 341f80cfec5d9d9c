/** The suppression list of the account: addresses to which nothing is sent, and finding one of them. */
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SuppressedAddress, SuppressedAddressName } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';
import { DeleteDialog } from '../../ui/delete-dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';
import { FindSuppressed } from './find-suppressed.tsx';

type Channel = SuppressedAddressName['Channel'];
const suppressionChannels: readonly Channel[] = ['EMAIL', 'SMS', 'VOICE'];

export function SuppressionPage() {
  const { repoint, scope } = useApi();
  const [channel, setChannel] = useState<Channel>('EMAIL');
  const [adding, setAdding] = useState(false);
  const [lifting, setLifting] = useState<SuppressedAddress>();
  return (
    <Page
      title="Suppression list"
      description="Addresses to which the account sends nothing: they bounced, complained, opted out, or were put here."
    >
      <SpaceBetween size="l">
        <FindSuppressed onLift={setLifting} />
        <PagedTable<SuppressedAddress>
          title="Addresses"
          queryKey={[...scope, 'suppressed', channel]}
          load={(page) => repoint.send('GetSuppressedAddresses', { ...page, Channel: channel })}
          filter={
            <SpaceBetween direction="horizontal" size="xs">
              <Select
                selectedOption={{ value: channel, label: channel }}
                options={suppressionChannels.map((value) => ({ value, label: value }))}
                onChange={({ detail }) => setChannel(detail.selectedOption.value as Channel)}
                ariaLabel="Channel"
              />
            </SpaceBetween>
          }
          columns={[
            {
              id: 'address',
              header: 'Address',
              minWidth: 200,
              isRowHeader: true,
              cell: ({ Address }) => <bdi>{Address ?? 'Of an erased person'}</bdi>,
            },
            { id: 'channel', header: 'Channel', minWidth: 90, cell: (item) => item.Channel },
            {
              id: 'reason',
              header: 'Reason',
              minWidth: 110,
              cell: ({ Reason }) => Reason.toLowerCase().replace('_', ' '),
            },
            { id: 'detail', header: 'Detail', minWidth: 180, cell: ({ Detail }) => <bdi>{Detail ?? '–'}</bdi> },
            { id: 'since', header: 'Since', minWidth: 160, cell: ({ CreationDate }) => <Time value={CreationDate} /> },
          ]}
          idOf={({ Channel, Address, CreationDate }) => `${Channel} ${Address ?? CreationDate}`}
          nameOf={({ Address }) => Address ?? 'an erased person'}
          actions={(selected) => (
            <SpaceBetween direction="horizontal" size="xs">
              <Button disabled={selected?.Address === undefined} onClick={() => setLifting(selected)}>
                Take off the list
              </Button>
              <Button variant="primary" onClick={() => setAdding(true)}>
                Add an address
              </Button>
            </SpaceBetween>
          )}
          empty={
            <Empty title="No suppressed addresses">Hard bounces, complaints and opt-outs get here by themselves.</Empty>
          }
        />
      </SpaceBetween>
      {adding ? <AddDialog onClose={() => setAdding(false)} /> : null}
      {lifting ? <LiftDialog suppressed={lifting} onClose={() => setLifting(undefined)} /> : null}
    </Page>
  );
}

function AddDialog({ onClose }: { readonly onClose: () => void }) {
  const { repoint, scope } = useApi();
  const cache = useQueryClient();
  const notices = useNotices();
  const [channel, setChannel] = useState<Channel>('EMAIL');
  const [address, setAddress] = useState('');
  const [detail, setDetail] = useState('');
  const add = useMutation({
    mutationFn: () =>
      repoint.send('CreateSuppressedAddress', {
        SuppressedAddressRequest: {
          Channel: channel,
          Address: address.trim(),
          ...(detail !== '' && { Detail: detail }),
        },
      }),
    onSuccess: () => {
      notices.done('Address added');
      onClose();
      return cache.invalidateQueries({ queryKey: [...scope, 'suppressed'] });
    },
  });
  return (
    <FormDialog
      title="Add an address"
      submitText="Add"
      submitDisabled={address.trim() === ''}
      pending={add.isPending}
      error={add.error}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <FormField label="Channel">
        <Select
          selectedOption={{ value: channel, label: channel }}
          options={suppressionChannels.map((value) => ({ value, label: value }))}
          onChange={(event) => setChannel(event.detail.selectedOption.value as Channel)}
          ariaLabel="Channel"
        />
      </FormField>
      <FormField label="Address">
        <Input
          value={address}
          onChange={(event) => setAddress(event.detail.value)}
          autoComplete={false}
          spellcheck={false}
        />
      </FormField>
      <FormField label="Detail" description="Why it is here.">
        <Input value={detail} onChange={(event) => setDetail(event.detail.value)} />
      </FormField>
    </FormDialog>
  );
}

interface LiftDialogProps {
  readonly suppressed: SuppressedAddress;
  readonly onClose: () => void;
}

function LiftDialog({ suppressed, onClose }: LiftDialogProps) {
  const { repoint, scope } = useApi();
  const cache = useQueryClient();
  const notices = useNotices();
  const address = suppressed.Address ?? '';
  const lift = useMutation({
    mutationFn: () =>
      repoint.send('DeleteSuppressedAddress', {
        SuppressedAddressName: { Channel: suppressed.Channel as Channel, Address: address },
      }),
    onSuccess: () => {
      notices.done('Address taken off the list');
      onClose();
      return cache.invalidateQueries({ queryKey: [...scope, 'suppressed'] });
    },
  });
  return (
    <DeleteDialog
      kind="suppression"
      name={address}
      pending={lift.isPending}
      error={lift.error}
      onDelete={() => lift.mutate()}
      onClose={onClose}
    >
      The account may write to this address again. Whoever complained or opted out should not be written to.
    </DeleteDialog>
  );
}
