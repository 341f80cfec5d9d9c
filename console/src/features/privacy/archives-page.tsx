/** Archives of a project: all of it as one file, to keep or to read back, before it is deleted perhaps. */
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import type { TableProps } from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { ProjectArchive } from '../../../../server/src/contract/repoint-types.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { DownloadButton } from '../../ui/download-button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { FileUrl } from '../../ui/file-url.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { isOver, JobStatus } from '../../ui/long-job.tsx';
import { showBytes, showNumber } from '../../ui/numbers.ts';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';
import { useProjectChange } from './project-change.ts';

const columns: TableProps.ColumnDefinition<ProjectArchive>[] = [
  {
    id: 'begun',
    header: 'Begun',
    minWidth: 120,
    isRowHeader: true,
    cell: ({ CreationDate }) => <Time value={CreationDate} />,
  },
  {
    id: 'state',
    header: 'State',
    minWidth: 140,
    cell: ({ State, Fault }) => (
      <>
        <JobStatus status={State} />
        {Fault === undefined ? null : <div>{Fault}</div>}
      </>
    ),
  },
  { id: 'rows', header: 'Rows', minWidth: 90, cell: ({ Rows }) => showNumber(Rows) },
  { id: 'size', header: 'Size', minWidth: 90, cell: ({ Bytes }) => showBytes(Bytes) },
  { id: 'url', header: 'Written to', minWidth: 200, cell: ({ Url }) => <FileUrl url={Url} /> },
  { id: 'download', header: 'Download', minWidth: 170, cell: (archive) => <Download archive={archive} /> },
];

export function ArchivesPage() {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const [creating, setCreating] = useState(false);
  return (
    <ProjectFrame
      title="Archives"
      description="The whole project as one file: definitions, people, events, counters. Secrets are not in it."
    >
      <PagedTable<ProjectArchive>
        title="Archives"
        queryKey={[...scope, 'archives', projectId]}
        load={(page) => repoint.send('GetProjectArchives', { ApplicationId: projectId, ...page })}
        columns={columns}
        idOf={({ ArchiveId }) => ArchiveId}
        nameOf={({ Url }) => Url}
        selectable={false}
        isChanging={({ State }) => !isOver(State)}
        actions={() => (
          <Button variant="primary" onClick={() => setCreating(true)}>
            Export the project
          </Button>
        )}
        empty={
          <Empty
            title="No archives"
            command={`npm run repoint -- export-project --project ${projectId} --out project.tar.gz`}
          >
            Export the project with the button above, or on the machine of the server. “repoint import-project” reads an
            archive back:
          </Empty>
        }
      />
      {creating ? <CreateArchive onClose={() => setCreating(false)} /> : null}
    </ProjectFrame>
  );
}

function Download({ archive: { ArchiveId, Url, State } }: { readonly archive: ProjectArchive }) {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  if (State !== 'COMPLETED') return <>–</>;
  return (
    <DownloadButton
      label={`Download ${Url}`}
      href={() => repoint.link('DownloadProjectArchive', { ApplicationId: projectId, ArchiveId })}
    />
  );
}

function CreateArchive({ onClose }: { readonly onClose: () => void }) {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  const [Url, setUrl] = useState('s3://repoint-archives/');
  const create = useProjectChange({
    send: () =>
      repoint.send('CreateProjectArchive', { ApplicationId: projectId, CreateProjectArchiveRequest: { Url } }),
    ...{ said: 'The project is being written into its archive', list: 'archives', onClose },
  });
  return (
    <FormDialog
      title="Export the project"
      submitText="Export"
      submitDisabled={Url.trim() === ''}
      pending={create.isPending}
      error={create.error}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <FormField
        label="Where to"
        description="With the local object store, buckets are folders in the data directory, and made when needed."
        constraintText="s3://bucket/folder/. An archive holds everybody: it stays when the project is deleted, until you delete it."
      >
        <Input value={Url} onChange={({ detail }) => setUrl(detail.value)} ariaLabel="Where to" spellcheck={false} />
      </FormField>
    </FormDialog>
  );
}
