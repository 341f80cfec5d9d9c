/** All that an entry of the audit log says. */
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Modal from '@cloudscape-design/components/modal';
import type { AuditLogEntry } from '../../../../server/src/contract/repoint-types.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { Outcome } from './outcome.tsx';

export interface EntryDialogProps {
  readonly entry: AuditLogEntry;
  readonly onClose: () => void;
}

export function EntryDialog({ entry, onClose }: EntryDialogProps) {
  const { Operation, Time: at, UserName, AccessKeyId, ProjectId, Resource, SourceAddress, Status } = entry;
  return (
    <Modal visible size="large" header={Operation} onDismiss={onClose} closeAriaLabel="Close">
      <KeyValuePairs
        columns={2}
        items={[
          { label: 'When', value: at },
          { label: 'Outcome', value: <Outcome entry={entry} /> },
          { label: 'HTTP status', value: Status },
          { label: 'User', value: <bdi>{UserName}</bdi> },
          { label: 'Access key or session', value: <Copyable label="access key ID" text={AccessKeyId} /> },
          { label: 'From', value: SourceAddress },
          {
            label: 'Project',
            value:
              ProjectId === undefined ? (
                '–'
              ) : (
                <PageLink to={`/projects/${encodeURIComponent(ProjectId)}`}>{ProjectId}</PageLink>
              ),
          },
          { label: 'Region', value: entry.Region },
          { label: 'Resource', value: Resource === undefined ? '–' : <Copyable label="resource" text={Resource} /> },
          { label: 'Request ID', value: <Copyable label="request ID" text={entry.RequestId} /> },
        ]}
      />
    </Modal>
  );
}
