/** Deleting a segment, with its name typed. */
import { DeleteSegmentCommand, type SegmentResponse } from '@aws-sdk/client-pinpoint';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { DeleteDialog } from '../../ui/delete-dialog.tsx';
import { useNotices } from '../../ui/notices.tsx';

export interface DeleteSegmentDialogProps {
  readonly segment: SegmentResponse;
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
}

export function DeleteSegmentDialog({ segment, onClose, onDeleted }: DeleteSegmentDialogProps) {
  const { pinpoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  const notices = useNotices();
  const name = segment.Name ?? segment.Id ?? '';
  const remove = useMutation({
    mutationFn: () => pinpoint.send(new DeleteSegmentCommand({ ApplicationId: projectId, SegmentId: segment.Id })),
    onSuccess: async () => {
      notices.done(`Segment ${name} deleted`);
      onClose();
      onDeleted?.();
      await cache.invalidateQueries({ queryKey: [...scope, 'segments', projectId] });
    },
  });
  return (
    <DeleteDialog
      kind="segment"
      name={name}
      pending={remove.isPending}
      error={remove.error}
      onDelete={() => remove.mutate()}
      onClose={onClose}
    >
      Campaigns that write to it stop, and segments that start from it hold nobody. The people themselves stay.
    </DeleteDialog>
  );
}
