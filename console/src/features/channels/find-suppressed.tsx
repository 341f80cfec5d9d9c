/** Whether one address is on the suppression list, and why. */
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import type { SuppressedAddress, SuppressedAddressName } from '../../../../server/src/contract/repoint-types.ts';
import { ApiError } from '../../api/errors.ts';
import { useApi } from '../../app/session.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Time } from '../../ui/time.tsx';

type Channel = SuppressedAddressName['Channel'];
const channels: readonly Channel[] = ['EMAIL', 'SMS', 'VOICE'];

export function FindSuppressed({ onLift }: { readonly onLift: (suppressed: SuppressedAddress) => void }) {
  const { repoint } = useApi();
  const [channel, setChannel] = useState<Channel>('EMAIL');
  const [address, setAddress] = useState('');
  const find = useMutation({
    mutationFn: async (name: SuppressedAddressName): Promise<SuppressedAddress | null> => {
      try {
        return await repoint.send('FindSuppressedAddress', { SuppressedAddressName: name });
      } catch (error) {
        // That it is not on the list is the answer, and no fault.
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    gcTime: 0,
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (address.trim() !== '') find.mutate({ Channel: channel, Address: address.trim() });
  };
  const found = find.data;
  return (
    <Container header={<Header variant="h2">Look an address up</Header>}>
      <form onSubmit={submit} noValidate>
        <SpaceBetween size="s">
          <FormField label="Address">
            <SpaceBetween direction="horizontal" size="xs">
              <Select
                selectedOption={{ value: channel, label: channel }}
                options={channels.map((value) => ({ value, label: value }))}
                onChange={({ detail }) => setChannel(detail.selectedOption.value as Channel)}
                ariaLabel="Channel of the address"
              />
              <Input
                value={address}
                onChange={({ detail }) => setAddress(detail.value)}
                ariaLabel="Address"
                placeholder="ana@example.com"
                autoComplete={false}
                spellcheck={false}
              />
              <Button formAction="submit" loading={find.isPending} disabled={address.trim() === ''}>
                Look up
              </Button>
            </SpaceBetween>
          </FormField>
          {find.error ? <ErrorAlert error={find.error} /> : null}
          {found === null ? <StatusIndicator type="success">It is not on the list</StatusIndicator> : null}
          {found ? (
            <SpaceBetween direction="horizontal" size="s">
              <StatusIndicator type="stopped">
                {found.Reason.toLowerCase().replace('_', ' ')} since <Time value={found.CreationDate} />
              </StatusIndicator>
              <Button
                variant="inline-link"
                onClick={() => onLift({ ...found, Address: found.Address ?? address.trim() })}
              >
                Take off the list
              </Button>
            </SpaceBetween>
          ) : null}
        </SpaceBetween>
      </form>
    </Container>
  );
}
