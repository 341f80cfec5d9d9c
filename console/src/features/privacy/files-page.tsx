/** People in files: what a project read and wrote in buckets, and what was erased in there. */
import Badge from '@cloudscape-design/components/badge';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useState } from 'react';
import type { FileErasure, ProjectFile } from '../../../../server/src/contract/repoint-types.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { useDebounced } from '../../ui/debounced.ts';
import { DownloadButton } from '../../ui/download-button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { FileUrl } from '../../ui/file-url.tsx';
import { isOver, JobStatus } from '../../ui/long-job.tsx';
import { showBytes, showNumber } from '../../ui/numbers.ts';
import { PageButton } from '../../ui/page-button.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { useTabInAddress } from '../../ui/tab-in-address.ts';
import { Time } from '../../ui/time.tsx';

export function FilesPage() {
  const { path } = useProjectPlace();
  const [tab, open] = useTabInAddress('files');
  return (
    <ProjectFrame
      title="People in files"
      description="Files of imports, exports and event streams, in buckets. An erasure of a person goes through them by itself."
      actions={
        <PageButton to={path('files/erase')} variant="primary">
          Erase in files
        </PageButton>
      }
    >
      <Tabs
        activeTabId={tab}
        onChange={({ detail }) => open(detail.activeTabId)}
        ariaLabel="Files and erasures in them"
        tabs={[
          { id: 'files', label: 'Files', content: <Files /> },
          { id: 'erasures', label: 'Erasures in files', content: <FileErasures /> },
        ]}
      />
    </ProjectFrame>
  );
}

const sources: Readonly<Record<ProjectFile['Source'], string>> = {
  IMPORT: 'Import',
  EXPORT: 'Export',
  EVENT_STREAM: 'Event stream',
};

function Files() {
  const { repoint, scope, region } = useApi();
  const { projectId } = useProjectPlace();
  const [typed, setTyped] = useState('');
  const prefix = useDebounced(typed.trim());
  return (
    <PagedTable<ProjectFile>
      title="Files"
      queryKey={[...scope, 'files', projectId, 'all', prefix]}
      load={(page) =>
        repoint.send('GetFiles', { ApplicationId: projectId, ...page, ...(prefix !== '' && { Prefix: prefix }) })
      }
      filter={
        <TextFilter
          filteringText={typed}
          filteringPlaceholder="Begins with s3://bucket/folder/"
          filteringAriaLabel="Begins with"
          onChange={({ detail }) => setTyped(detail.filteringText)}
        />
      }
      columns={[
        { id: 'url', header: 'File', minWidth: 220, isRowHeader: true, cell: ({ Url }) => <FileUrl url={Url} /> },
        { id: 'source', header: 'Of', minWidth: 90, cell: ({ Source }) => <Badge>{sources[Source]}</Badge> },
        { id: 'size', header: 'Size', minWidth: 90, cell: ({ Bytes }) => showBytes(Bytes) },
        { id: 'noted', header: 'Noted', minWidth: 120, cell: ({ RecordedDate }) => <Time value={RecordedDate} /> },
        { id: 'actions', header: 'Actions', minWidth: 220, cell: (file) => <FileActions file={file} /> },
      ]}
      idOf={({ Url, JobId = '' }) => `${Url} ${JobId}`}
      nameOf={({ Url }) => Url}
      selectable={false}
      empty={
        <Empty
          title={prefix === '' ? 'No files' : 'No file begins like that'}
          command={`aws pinpoint get-export-jobs --application-id ${projectId} --region ${region}`}
        >
          Files that imports read, and that exports and event streams write, are noted here.
        </Empty>
      }
    />
  );
}

function FileActions({ file: { Url, DeletionDate } }: { readonly file: ProjectFile }) {
  const { repoint } = useApi();
  const { projectId, path } = useProjectPlace();
  if (DeletionDate !== undefined) {
    return (
      <>
        Deleted <Time value={DeletionDate} />
      </>
    );
  }
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <DownloadButton
        label={`Download ${Url}`}
        href={() => repoint.link('DownloadFile', { ApplicationId: projectId, Url })}
      />
      <PageButton
        wrapText={false}
        to={`${path('files/erase')}?url=${encodeURIComponent(Url)}`}
        ariaLabel={`Erase in ${Url}`}
      >
        Erase
      </PageButton>
    </SpaceBetween>
  );
}

function FileErasures() {
  const { repoint, scope } = useApi();
  const { projectId, path } = useProjectPlace();
  return (
    <PagedTable<FileErasure>
      title="Erasures in files"
      queryKey={[...scope, 'file-erasures', projectId]}
      load={(page) => repoint.send('GetFileErasures', { ApplicationId: projectId, ...page })}
      columns={[
        {
          id: 'received',
          header: 'Received',
          minWidth: 120,
          isRowHeader: true,
          cell: ({ Id, CreationDate }) => (
            <PageLink to={path(`files/erasures/${encodeURIComponent(Id)}`)}>
              <Time value={CreationDate} />
            </PageLink>
          ),
        },
        { id: 'state', header: 'State', minWidth: 145, cell: ({ Status }) => <JobStatus status={Status} /> },
        { id: 'what', header: 'What', minWidth: 120, cell: (erasure) => actionOf(erasure) },
        { id: 'where', header: 'Where', minWidth: 180, cell: (erasure) => <FileUrl url={targetOf(erasure)} /> },
        { id: 'rows', header: 'Rows found', minWidth: 80, cell: ({ RowsFound }) => showNumber(RowsFound) },
        { id: 'erased', header: 'Rows erased', minWidth: 80, cell: ({ RowsErased }) => showNumber(RowsErased) },
        { id: 'kept', header: 'Not erased', minWidth: 80, cell: ({ Kept }) => showNumber(Kept) },
      ]}
      idOf={({ Id }) => Id}
      nameOf={({ CreationDate }) => CreationDate}
      selectable={false}
      isChanging={({ Status }) => !isOver(Status)}
      empty={
        <Empty title="Nothing was erased in files">
          Rows of a person, or whole files with what their store keeps of them, are erased with the button above.
        </Empty>
      }
    />
  );
}

export function actionOf({ Action, DryRun }: FileErasure): string {
  const what = Action === 'DELETE' ? 'Whole files' : 'Rows of people';
  return DryRun ? `${what}, only looked for` : what;
}

export function targetOf({ Url, JobId, Prefix }: FileErasure): string {
  return Url ?? Prefix ?? (JobId === undefined ? 'All files of the project' : `Job ${JobId}`);
}
