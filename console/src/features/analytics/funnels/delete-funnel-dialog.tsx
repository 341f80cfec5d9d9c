/** Deleting a funnel, with its name typed. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Funnel } from '../../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../../app/project-place.tsx';
import { useApi } from '../../../app/session.tsx';
import { DeleteDialog } from '../../../ui/delete-dialog.tsx';
import { useNotices } from '../../../ui/notices.tsx';
import { useFunnelsKey } from './queries.ts';

export interface DeleteFunnelDialogProps {
  readonly funnel: Funnel;
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
}

export function DeleteFunnelDialog({ funnel, onClose, onDeleted }: DeleteFunnelDialogProps) {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  const notices = useNotices();
  const key = useFunnelsKey();
  const remove = useMutation({
    mutationFn: () => repoint.send('DeleteFunnel', { ApplicationId: projectId, FunnelId: funnel.Id }),
    onSuccess: async () => {
      notices.done(`Funnel ${funnel.Name} deleted`);
      onClose();
      onDeleted?.();
      // The list alone: a page of the funnel that is still open would ask for what is gone.
      await cache.invalidateQueries({ queryKey: [...key, 'list'] });
    },
  });
  return (
    <DeleteDialog
      kind="funnel"
      name={funnel.Name}
      pending={remove.isPending}
      error={remove.error}
      onDelete={() => remove.mutate()}
      onClose={onClose}
    >
      Its definition goes. The events it was computed from stay.
    </DeleteDialog>
  );
}
