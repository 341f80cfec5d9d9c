/** What is held on people, place by place, before anything happens to it. */
import Alert from '@cloudscape-design/components/alert';
import type { ErasurePreview } from '../../../../server/src/contract/repoint-types.ts';
import { Facts } from '../../ui/facts.tsx';
import { showNumber } from '../../ui/numbers.ts';

export function Held({ preview }: { readonly preview: ErasurePreview }) {
  const found = preview.Locations.filter(({ Found }) => Found > 0);
  return (
    <>
      <Facts
        title="What is held"
        columns={4}
        facts={[
          { label: 'Endpoints', value: showNumber(preview.Endpoints) },
          { label: 'Users', value: showNumber(preview.Users) },
          { label: 'Addresses', value: showNumber(preview.Addresses) },
          { label: 'Shared with other people', value: showNumber(preview.SharedWith) },
          ...found.map(({ Name, Found }) => ({ label: Name, value: showNumber(Found) })),
        ]}
      />
      {preview.Held.length === 0 ? null : (
        <Alert type="info" header="Some of it is held">
          {preview.Held.map(({ Reason }) => Reason).join('; ')}
        </Alert>
      )}
    </>
  );
}
