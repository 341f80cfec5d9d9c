/** One erasure in files: what was found, what went, and what the store would not give up. */
import Alert from '@cloudscape-design/components/alert';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useParams } from 'react-router';
import type { FileErasure, FileErasureKept } from '../../../../server/src/contract/repoint-types.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Facts } from '../../ui/facts.tsx';
import { FileUrl } from '../../ui/file-url.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { isOver, JobStatus, useLongJob } from '../../ui/long-job.tsx';
import { showBytes, showNumber } from '../../ui/numbers.ts';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';
import { actionOf, targetOf } from './files-page.tsx';
import { ReceiptSection } from './receipt-section.tsx';

const above = [['People in files', 'files']] as const;

export function FileErasurePage() {
  const { erasureId = '' } = useParams();
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const query = useLongJob({
    queryKey: [...scope, 'file-erasures', projectId, erasureId],
    load: () => repoint.send('GetFileErasure', { ApplicationId: projectId, FileErasureId: erasureId }),
    isOver: ({ Status }) => isOver(Status),
  });
  return (
    <ProjectFrame title="Erasure in files" above={above}>
      <Loaded query={query}>{(erasure) => <Erasure erasure={erasure} />}</Loaded>
    </ProjectFrame>
  );
}

function Erasure({ erasure }: { readonly erasure: FileErasure }) {
  return (
    <SpaceBetween size="l">
      {erasure.Fault === undefined ? null : <Alert type="error">{erasure.Fault}</Alert>}
      {erasure.DryRun ? <Alert type="info">It was only looked: nothing was changed.</Alert> : null}
      <Facts
        title="Erasure"
        facts={[
          { label: 'State', value: <JobStatus status={erasure.Status} /> },
          { label: 'What', value: actionOf(erasure) },
          { label: 'Where', value: <FileUrl url={targetOf(erasure)} /> },
          { label: 'Received', value: <Time value={erasure.CreationDate} /> },
          { label: 'Completed', value: <Time value={erasure.CompletionDate} /> },
        ]}
      >
        <br />
        <FileCounts erasure={erasure} />
      </Facts>
      {erasure.Kept > 0 ? <Kept erasureId={erasure.Id} /> : null}
      {isOver(erasure.Status) && !erasure.DryRun ? <ReceiptSection erasureId={erasure.Id} /> : null}
    </SpaceBetween>
  );
}

export function FileCounts({ erasure }: { readonly erasure: FileErasure }) {
  return (
    <KeyValuePairs
      columns={4}
      items={[
        { label: 'Files', value: showNumber(erasure.Files) },
        { label: 'Rows found', value: showNumber(erasure.RowsFound) },
        { label: 'Rows erased', value: showNumber(erasure.RowsErased) },
        { label: 'Versions found', value: showNumber(erasure.VersionsFound) },
        { label: 'Versions removed', value: showNumber(erasure.VersionsRemoved) },
        { label: 'Uploads abandoned', value: showNumber(erasure.UploadsAbandoned) },
        { label: 'Removed', value: showBytes(erasure.BytesRemoved) },
        { label: 'Not erased', value: showNumber(erasure.Kept) },
      ]}
    />
  );
}

function Kept({ erasureId }: { readonly erasureId: string }) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  return (
    <PagedTable<FileErasureKept>
      title="Not erased, and why"
      queryKey={[...scope, 'file-erasure-kept', projectId, erasureId]}
      load={(page) =>
        repoint.send('GetFileErasureKept', { ApplicationId: projectId, FileErasureId: erasureId, ...page })
      }
      columns={[
        { id: 'url', header: 'File', minWidth: 220, isRowHeader: true, cell: ({ Url }) => <FileUrl url={Url} /> },
        { id: 'version', header: 'Version', minWidth: 120, cell: ({ VersionId }) => VersionId ?? '–' },
        { id: 'why', header: 'Why', minWidth: 240, cell: ({ Reason }) => Reason },
      ]}
      idOf={({ Url, VersionId = '' }) => `${Url} ${VersionId}`}
      nameOf={({ Url }) => Url}
      selectable={false}
      empty={<Empty title="Nothing">Everything was erased.</Empty>}
    />
  );
}
