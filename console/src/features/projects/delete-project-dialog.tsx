/** Deleting a project, with its name typed. */
import { DeleteDialog } from '../../ui/delete-dialog.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { type Project, useDeleteProject } from './queries.ts';

export interface DeleteProjectDialogProps {
  readonly project: Project;
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
}

export function DeleteProjectDialog({ project, onClose, onDeleted }: DeleteProjectDialogProps) {
  const remove = useDeleteProject();
  const notices = useNotices();
  const submit = () =>
    remove.mutate(project.id, {
      onSuccess: () => {
        notices.done(`Project ${project.name} deleted`);
        onClose();
        onDeleted?.();
      },
    });
  return (
    <DeleteDialog
      kind="project"
      name={project.name}
      pending={remove.isPending}
      error={remove.error}
      onDelete={submit}
      onClose={onClose}
    >
      The project's audience, segments, campaigns, journeys and analytics are destroyed; this cannot be undone. Message
      templates and everything else that belongs to the account stays.
    </DeleteDialog>
  );
}
