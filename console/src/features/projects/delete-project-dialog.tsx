/** Deleting a project, with its name typed. */
import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { DeleteDialog } from '../../ui/delete-dialog.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { PageLink } from '../../ui/page-link.tsx';
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
      <SpaceBetween size="xs">
        <Box>
          The project's audience, segments, campaigns, journeys and analytics are destroyed; this cannot be undone.
          Message templates and everything else that belongs to the account stays. How far the erasure is, and its
          receipt, is under “Deleted projects”.
        </Box>
        <PageLink to={`/projects/${encodeURIComponent(project.id)}/archives`}>Export it first</PageLink>
      </SpaceBetween>
    </DeleteDialog>
  );
}
