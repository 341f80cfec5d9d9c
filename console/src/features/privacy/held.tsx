/** Whom a request stands for, and what is held on them place by place, before anything happens to it. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ErasurePreview } from '../../../../server/src/contract/repoint-types.ts';
import { showNumber } from '../../ui/numbers.ts';

export function Held({ preview }: { readonly preview: ErasurePreview }) {
  const found = preview.Locations.filter(({ Found }) => Found > 0);
  return (
    <SpaceBetween size="m">
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Endpoints', value: showNumber(preview.Endpoints) },
          { label: 'Users', value: showNumber(preview.Users) },
          { label: 'Addresses', value: showNumber(preview.Addresses) },
          { label: 'Shared with other people', value: showNumber(preview.SharedWith) },
        ]}
      />
      <Header variant="h3">What is held</Header>
      {found.length === 0 ? (
        <Box color="text-body-secondary">Nothing, in any of {preview.Locations.length} places that were searched.</Box>
      ) : (
        <KeyValuePairs
          columns={4}
          items={found.map(({ Name, Found }) => ({ label: `In ${Name}`, value: showNumber(Found) }))}
        />
      )}
      {preview.Unfinished.length === 0 ? null : (
        <Alert type="info" header="Not all files were searched">
          There is more than can be read while you wait, or the store does not answer: {preview.Unfinished.join(', ')}.
          The request searches all of them before it erases, and says what it found.
        </Alert>
      )}
      {preview.Held.length === 0 ? null : (
        <Alert type="info" header="Some of it is held">
          {preview.Held.map(({ Reason }) => Reason).join('; ')}
        </Alert>
      )}
    </SpaceBetween>
  );
}
