/** Who was told of an erasure, and what became of each message. */
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { useQuery } from '@tanstack/react-query';
import type { ErasureNotice } from '../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Empty } from '../../ui/empty.tsx';
import { FileUrl } from '../../ui/file-url.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';

const types: Readonly<Record<ErasureNotice['State'], readonly [StatusIndicatorProps.Type, string]>> = {
  PENDING: ['pending', 'Pending'],
  DELIVERED: ['success', 'Delivered'],
  FAILED: ['error', 'Given up'],
};

/** Of one erasure: nothing where nobody is told. */
export function ErasureNotices({ erasureId }: { readonly erasureId: string }) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const some = useQuery({
    queryKey: [...scope, 'erasure-notices', projectId, erasureId, 'some'],
    queryFn: () => repoint.send('GetErasureNotices', { ApplicationId: projectId, ErasureId: erasureId, PageSize: '1' }),
  });
  return (some.data?.Item.length ?? 0) > 0 ? <NoticesTable erasureId={erasureId} /> : null;
}

export function NoticesTable({ erasureId }: { readonly erasureId?: string }) {
  const { repoint, scope } = useApi();
  const { projectId, path } = useProjectPlace();
  return (
    <PagedTable<ErasureNotice>
      title="Who was told"
      description="Webhooks and OpenDSR callbacks. A message that fails is tried again for about a day and a half."
      queryKey={[...scope, 'erasure-notices', projectId, erasureId]}
      load={(page) =>
        repoint.send('GetErasureNotices', {
          ...{ ApplicationId: projectId, ...page },
          ...(erasureId !== undefined && { ErasureId: erasureId }),
        })
      }
      columns={[
        { id: 'when', header: 'When', minWidth: 120, cell: ({ CreationDate }) => <Time value={CreationDate} /> },
        { id: 'whom', header: 'Whom', minWidth: 200, isRowHeader: true, cell: ({ Url }) => <FileUrl url={Url} /> },
        { id: 'event', header: 'Of what', minWidth: 140, cell: ({ Event }) => Event },
        { id: 'state', header: 'State', minWidth: 130, cell: (notice) => <NoticeState notice={notice} /> },
        { id: 'attempts', header: 'Attempts', minWidth: 90, cell: ({ Attempts }) => Attempts },
        ...(erasureId === undefined
          ? [
              {
                id: 'erasure',
                header: 'Erasure',
                minWidth: 100,
                cell: ({ ErasureId, Kind }: ErasureNotice) =>
                  Kind === 'WEBHOOK' ? (
                    <PageLink to={path(`erasures/${encodeURIComponent(ErasureId)}`)}>Open</PageLink>
                  ) : (
                    ErasureId
                  ),
              },
            ]
          : []),
      ]}
      idOf={({ Id }) => Id}
      nameOf={({ Url }) => Url}
      selectable={false}
      isChanging={({ State }) => State === 'PENDING'}
      empty={<Empty title="Nobody was told yet">Messages show up here when somebody is erased.</Empty>}
    />
  );
}

function NoticeState({ notice: { State, Fault } }: { readonly notice: ErasureNotice }) {
  const [type, text] = types[State];
  return (
    <>
      <StatusIndicator type={type}>{text}</StatusIndicator>
      {Fault === undefined ? null : <div>{Fault}</div>}
    </>
  );
}
